"""A mail server of our own that does on request what mail servers do on bad days."""

from __future__ import annotations

import email
import email.policy
import logging
from collections import Counter
from collections.abc import Callable

from aiosmtpd.controller import Controller

from tests.ports import free_port

logging.getLogger("mail.log").setLevel(logging.ERROR)
GREY = "451 4.7.1 Greylisted, please try again later"


class Server:
    """Takes mail and remembers it; `say(address, count)` answers the count-th RCPT for an address ("" is yes)."""

    def __init__(self, say: Callable[[str, int], str] = lambda _address, _count: "", most: int | None = None) -> None:
        self.say, self.most = say, most
        self.asked: Counter[str] = Counter()
        self.taken: list[email.message.EmailMessage] = []
        self.port = free_port()
        self.controller: Controller | None = None

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        self.asked[address] += 1
        answer = self.say(address, self.asked[address])
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.most is not None and len(self.taken) >= self.most:
            return "421 4.3.2 Closing down"
        self.taken.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    def __enter__(self) -> Server:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self.controller is not None
        self.controller.stop()

    @property
    def to(self) -> list[str]:
        """Who got mail, in order."""
        return [str(mail["To"]) for mail in self.taken]
