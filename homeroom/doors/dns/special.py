"""Names that no upstream is asked about: where this door's own DoH is, and names that are never public."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address

from homeroom.doors.dns import answers, wire
from homeroom.doors.dns.answers import Built
from homeroom.doors.dns.wire import Query

DOH_PATH = "/dns-query{?dns}"

_RESOLVER_ARPA = wire.text_name("resolver.arpa")
_DDR = wire.text_name("_dns.resolver.arpa")
_LOCALHOST = wire.text_name("localhost")
_NEVER_PUBLIC = (wire.text_name("invalid"), wire.text_name("onion"))  # RFC 6761, 6.4; RFC 7686
_OUR_HOSTS = ("resolver.arpa", "localhost", "invalid", "onion")
_OURS = (_RESOLVER_ARPA, _LOCALHOST, *_NEVER_PUBLIC)


@dataclass(frozen=True, slots=True)
class Designated:
    """The door's own DoH, told to devices that ask for it (RFC 9462); `name` "" tells them nothing."""

    name: str = ""
    port: int = 443
    addresses: tuple[str, ...] = ()

    def record(self) -> bytes:
        """The data of the SVCB record: HTTP/2 at this name, port and path."""
        packed = [ip_address(each).packed for each in self.addresses]
        params = {
            1: b"\x02h2",
            3: wire.U16.pack(self.port),
            4: b"".join(each for each in packed if len(each) == 4),
            6: b"".join(each for each in packed if len(each) == 16),
            7: DOH_PATH.encode(),
        }
        return b"\0\1" + wire.text_name(self.name) + b"".join(
            wire.U16.pack(key) + wire.U16.pack(len(value)) + value for key, value in params.items() if value
        )  # fmt: skip


def answer(query: Query, designated: Designated, limit: int) -> Built | None:
    """The door's own answer; None for every other name."""
    name = query.name
    if not name.endswith(_OURS):
        return None
    if _under(name, _RESOLVER_ARPA):
        if name == _DDR and query.qtype == wire.SVCB and designated.name:
            return answers.addresses(query, designated.record(), limit, 300)
        return answers.negative(query, wire.NOERROR, limit)
    if _under(name, _LOCALHOST):
        loopback = {wire.A: b"\x7f\0\0\1", wire.AAAA: b"\0" * 15 + b"\1"}
        return answers.addresses(query, loopback.get(query.qtype), limit, 3600)
    if under_any(name, _NEVER_PUBLIC):
        return answers.negative(query, wire.NXDOMAIN, limit)
    return None


def is_ours(host: str) -> bool:
    """Whether `answer` may have something to say of a canonical host."""
    return host.endswith(_OUR_HOSTS)


def _under(name: bytes, parent: bytes) -> bool:
    """Whether a wire name is another or lies under it; label edges are length bytes, so walk them."""
    if not name.endswith(parent):
        return False
    at, edge = 0, len(name) - len(parent)
    while at < edge:
        at += name[at] + 1
    return at == edge


def under_any(name: bytes, parents: tuple[bytes, ...]) -> bool:
    """Whether a wire name is one of these or lies under one."""
    return name.endswith(parents) and any(_under(name, each) for each in parents)
