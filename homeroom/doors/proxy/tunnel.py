"""The gate at the mouth of a CONNECT tunnel: nothing passes before the TLS greeting was read and compared.

A client that asks the proxy for one host and greets another inside the tunnel goes around
the decision that was made for the first (V.A.4d), so the two names must be the same.
"""

from __future__ import annotations

from homeroom.doors.tls_hello import NotTls, read_hello
from homeroom.kernel.decision.decision import Block, Decision, Kind
from homeroom.kernel.lists.names import BadName, canonical

# RFC 8446 section 6: a fatal alert, access_denied (49). A browser that gets it gives up at once.
ACCESS_DENIED = b"\x15\x03\x01\x00\x02\x02\x31"


class Refused(Exception):
    """A tunnel that may not be opened; `last_words` are the bytes to send before closing it."""

    def __init__(self, sentence: str, last_words: bytes = b"") -> None:
        super().__init__(sentence)
        self.sentence, self.last_words = sentence, last_words


class HelloGate:
    """Holds back what a client sends into a tunnel to `host` until its TLS greeting is whole."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._held = bytearray()

    def feed(self, data: bytes) -> bytes | None:
        """Everything held, once the greeting is whole and names `host` or nobody; None while more is needed.

        Raises Refused for bytes that are not TLS and for another server's name.
        """
        self._held += data
        try:
            hello = read_hello(self._held)
        except NotTls as wrong:
            raise Refused(f"{wrong} Only TLS may pass through this tunnel.") from wrong
        if hello is None:
            return None
        if hello.server_name is not None:
            self._compare(hello.server_name)
        return bytes(self._held)

    def _compare(self, said: str) -> None:
        try:
            name = canonical(said)
        except BadName as wrong:
            raise Refused(f"The TLS greeting names a server that is none: {wrong}", ACCESS_DENIED) from wrong
        if name != self._host:
            raise Refused(f"The tunnel was asked for {self._host}, but its TLS greeting names {name}.", ACCESS_DENIED)


def bypass(judged: Decision, sentence: str) -> Block:
    """V.A.4d: the record of a tunnel that was opened for one thing and used for another."""
    return Block(
        kind=Kind.SAFETY, clause="V.A.4d", category="tunnel", reason=sentence, person=judged.person,
        profile=judged.profile, bundle=judged.bundle, at=judged.at, step="greeting",
    )  # fmt: skip
