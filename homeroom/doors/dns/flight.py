"""Questions under way: who waits for what, and how often it was tried."""

from __future__ import annotations

from collections.abc import Callable

from homeroom.doors.dns.audience import Client
from homeroom.doors.dns.known import Asked
from homeroom.doors.dns.wire import Query
from homeroom.kernel.decision.decision import Decision

MOST_WAITING = 256  # for one question; whoever comes later is not answered and asks again

Send = Callable[[bytes], None]


class Waiting:
    """One client's question, decided but not yet answered. The transport sets `send`."""

    __slots__ = ("client", "decision", "host", "limit", "packet", "query", "send", "stream")

    def __init__(
        self, packet: bytes, query: Query, client: Client, decision: Decision, host: str, *, limit: int, stream: bool
    ) -> None:
        self.packet, self.query, self.client, self.decision, self.host = packet, query, client, decision, host
        self.limit, self.stream = limit, stream
        self.send: Send = _nobody

    def pass_on(self, reply: bytes | Waiting | None) -> None:
        """Send the answer, or let another question of the same client inherit the wait for one."""
        if isinstance(reply, Waiting):
            reply.send = self.send
        elif reply is not None:
            self.send(reply)


class Flight:
    """One question to the upstreams and everybody who waits for it.

    `tried` are the upstreams asked so far, by index, the last one last; `deadline` is when that
    last try is over (monotonic seconds; 0 while nothing runs out). `places` are where answers
    are awaited: the mapping of a socket's ids, and the id.
    """

    __slots__ = ("asked", "deadline", "done", "places", "plain", "question", "sent_at", "tried", "waiting")

    def __init__(self, asked: Asked) -> None:
        self.asked, self.question = asked, asked.question
        self.waiting: list[Waiting] = []
        self.tried: list[int] = []
        self.places: list[tuple[dict[int, Flight], int]] = []
        self.deadline = self.sent_at = 0.0
        self.plain = False  # without EDNS, for an upstream that does not know it
        self.done = False


def _nobody(reply: bytes) -> None:
    """Where an answer goes whose client has gone."""
