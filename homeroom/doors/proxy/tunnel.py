"""The gate at the mouth of a CONNECT tunnel: nothing passes before the TLS greeting was read and compared.

A client that asks the proxy for one host and greets another inside the tunnel goes around
the decision that was made for the first (V.A.4d), so the two names must be the same.
"""

from __future__ import annotations

from ipaddress import ip_address

from homeroom.doors.proxy.reach import is_public
from homeroom.doors.tls_hello import NotTls, read_hello
from homeroom.kernel.decision.decision import Block, Decision, Kind
from homeroom.kernel.lists.names import BadName, canonical, is_address

# RFC 8446 section 6: a fatal alert, access_denied (49). A browser that gets it gives up at once.
ACCESS_DENIED = b"\x15\x03\x01\x00\x02\x02\x31"


class Refused(Exception):
    """A tunnel that may not be opened; `last_words` are the bytes to send before closing it."""

    def __init__(self, sentence: str, last_words: bytes = b"") -> None:
        super().__init__(sentence)
        self.sentence, self.last_words = sentence, last_words


class HelloGate:
    """Holds back what a client sends into a tunnel to `host` until its TLS greeting is whole."""

    def __init__(self, host: str, *, named: bool = False) -> None:
        """`named`: the greeting must name its server."""
        self._host, self._named = host, named
        self._held = bytearray()

    def feed(self, data: bytes) -> bytes | None:
        """Everything held, once the greeting is whole and names `host`, or nobody where it may; None before that.

        Raises Refused for bytes that are not TLS, for another server's name and for a missing one.
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
        elif self._named:
            raise Refused(
                f"The tunnel leads to the bare address {self._host}, and its TLS greeting names no server. No list can "
                "speak of what nobody names; a local rule can allow the address.", ACCESS_DENIED
            )  # fmt: skip
        return bytes(self._held)

    def _compare(self, said: str) -> None:
        try:
            name = canonical(said)
        except BadName as wrong:
            raise Refused(f"The TLS greeting names a server that is none: {wrong}", ACCESS_DENIED) from wrong
        if name != self._host:
            raise Refused(f"The tunnel was asked for {self._host}, but its TLS greeting names {name}.", ACCESS_DENIED)


def needs_name(host: str, audience: str, decision: Decision) -> bool:
    """V.A.4d: whether a tunnel must name its server: one to a bare address on the Internet, for all but adults.

    A name that is blocked has an address that nobody lists, and VPN clients are made to use that. Addresses that
    somebody of the district allowed by a rule, or opened as its own inside, are known.
    """
    if audience == "adult" or not is_address(host) or decision.category == "local-rule":
        return False
    return is_public(ip_address(host))


def bypass(judged: Decision, sentence: str) -> Block:
    """V.A.4d: the record of a tunnel that was opened for one thing and used for another."""
    return Block(
        kind=Kind.SAFETY, clause="V.A.4d", category="tunnel", reason=sentence, person=judged.person,
        profile=judged.profile, bundle=judged.bundle, at=judged.at, step="greeting",
    )  # fmt: skip
