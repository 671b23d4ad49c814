"""Reading an upstream's answer with care: every record judged, what must not be told taken out.

Encrypted client hello is taken out of HTTPS and SVCB records (RFC 9460; key 5), because a hidden
host name cannot be judged; private addresses of public names are taken out (DNS rebinding); the
additional section stays behind.
"""

from __future__ import annotations

from struct import error as broken

from homeroom.doors.dns import wire
from homeroom.doors.dns.addresses import address_text, host_of, is_private
from homeroom.doors.dns.known import LONGEST, LONGEST_NEGATIVE, WITHOUT_SOA, Asked, Known
from homeroom.doors.dns.wire import Malformed, Record

_COMPRESSIBLE = {wire.NS: 0, wire.CNAME: 0, wire.PTR: 0, wire.DNAME: 0, wire.MX: 2, 33: 6}
_ECH, _IPV4HINT, _IPV6HINT, _MANDATORY = 5, 4, 6, 0


def read_with_care(message: bytes, asked: Asked, second: int, *, private_ok: bool) -> Known:
    """Read an answer to `asked`, whose header and question were compared already; raises Malformed."""
    try:
        return _read(message, asked, second, private_ok=private_ok)
    except (IndexError, broken):
        raise Malformed("A record is cut off.") from None


def _read(message: bytes, asked: Asked, second: int, *, private_ok: bool) -> Known:
    _, flags, _, answers, authorities, additionals = wire.HEADER.unpack_from(message)
    at = 12 + len(asked.question)
    found = list(wire.records(message, at, (answers, authorities, additionals)))
    kept = [each for each in found if each.section == 0 or (each.section == 1 and (asked.do or not answers))]
    reading = _Reading(message, asked.name, private_ok)
    pieces = [reading.judge(each) for each in kept]
    body, ttl_at, counts = reading.rebuild(kept, pieces) if reading.edited else _copy(message, at, kept)
    least, body = _dated(message, kept, body, ttl_at, counts[0])
    known = Known(
        flags & 15 | _extended(message, found), body, counts, ttl_at, " ".join(reading.via),
        ad=bool(flags & wire.AD) and not reading.edited,
    )  # fmt: skip
    known.cleaned = reading.cleaned
    known.live(second, least)
    return known


Body = tuple[bytes, tuple[int, ...], tuple[int, int]]  # the records, where their times are, how many in each section


def _copy(message: bytes, at: int, kept: list[Record]) -> Body:
    """Take the records as they lie: their compressed names point into the question or each other."""
    end = kept[-1].end if kept else at
    answers = sum(1 for each in kept if each.section == 0)
    return message[at:end], tuple(each.ttl_at - at for each in kept), (answers, len(kept) - answers)


def _dated(message: bytes, kept: list[Record], body: bytes, ttl_at: tuple[int, ...], answers: int) -> tuple[int, bytes]:
    """How long it serves, and the records with their times bounded; a negative one as its SOA says (RFC 2308)."""
    ttls = [wire.U32.unpack_from(body, at)[0] for at in ttl_at]
    # RFC 2181, 8: a time with its top bit set counts as zero.
    ttls = [0 if ttl > 0x7FFFFFFF else min(ttl, LONGEST) for ttl in ttls]
    if answers:
        least = min(ttls[:answers])
    else:
        minima = [wire.U32.unpack_from(message, each.end - 4)[0] for each in kept if each.type == wire.SOA]
        least = min([LONGEST_NEGATIVE, *ttls, *minima]) if minima else WITHOUT_SOA
        ttls = [min(ttl, least) for ttl in ttls]
    dated = bytearray(body)
    for at, ttl in zip(ttl_at, ttls, strict=True):
        wire.U32.pack_into(dated, at, ttl)
    return least, bytes(dated)


class _Reading:
    """Walks the kept records once; what must be changed comes back as new data, None takes a record out."""

    def __init__(self, message: bytes, name: bytes, private_ok: bool) -> None:
        self.message, self.name, self.private_ok = message, name, private_ok
        self.via: list[str] = []
        self.edited = False
        self.cleaned = ""

    def judge(self, record: Record) -> bytes | None:
        """The record's data as it may be told; None where it must not be."""
        data = self.message[record.data_at : record.end]
        if record.section:
            return data
        if record.type in (wire.A, wire.AAAA):
            return self._address(record, data)
        if record.type in (wire.CNAME, wire.DNAME):
            if wire.skip_name(self.message, record.data_at) != record.end:
                raise Malformed("An alias holds more or less than a name.")
            self._lead(wire.name_at(self.message, record.data_at))
        elif record.type in (wire.HTTPS, wire.SVCB):
            return self._service(record, data)
        return data

    def _address(self, record: Record, data: bytes) -> bytes | None:
        if len(data) != (4 if record.type == wire.A else 16):
            raise Malformed("An address has the wrong length.")
        if not self.private_ok and is_private(data):
            self._edit("a private address under a public name was taken out")
            return None
        self.via.append(address_text(data))
        return data

    def _service(self, record: Record, data: bytes) -> bytes:
        target_end = wire.skip_name(self.message, record.data_at + 2)
        if target_end > record.end:
            raise Malformed("A service record is cut off.")
        target = wire.name_at(self.message, record.data_at + 2)
        if target != b"\0":
            self._lead(target)
        params = _params(self.message[target_end : record.end])
        kept = {key: value for key, value in params.items() if key != _ECH and self._hint(key, value)}
        if kept.keys() == params.keys():
            return data
        self._edit("encrypted client hello was taken out")
        mandatory = kept.pop(_MANDATORY, b"")
        named = [mandatory[at : at + 2] for at in range(0, len(mandatory), 2)]
        left = b"".join(each for each in named if int.from_bytes(each) in kept)
        if left:
            kept[_MANDATORY] = left
        return (
            data[:2]
            + target
            + b"".join(wire.U16.pack(key) + wire.U16.pack(len(kept[key])) + kept[key] for key in sorted(kept))
        )

    def _hint(self, key: int, value: bytes) -> bool:
        """Whether a parameter may stay: hints are judged like addresses, private ones of public names go."""
        if key not in (_IPV4HINT, _IPV6HINT):
            return True
        size = 4 if key == _IPV4HINT else 16
        if len(value) % size:
            raise Malformed("An address hint has the wrong length.")
        hints = [value[at : at + size] for at in range(0, len(value), size)]
        if not self.private_ok and any(is_private(each) for each in hints):
            return False
        self.via.extend(address_text(each) for each in hints)
        return True

    def _lead(self, name: bytes) -> None:
        self.via.append(host_of(name))

    def _edit(self, what: str) -> None:
        self.edited, self.cleaned = True, what

    def rebuild(self, kept: list[Record], pieces: list[bytes | None]) -> Body:
        """Write the records anew, names in full, since old pointers no longer fit. Signatures of what changed go."""
        changed = {
            each.type
            for each, data in zip(kept, pieces, strict=True)
            if data is None or data != self.message[each.data_at : each.end]
        }
        body, ttl_at, counts = bytearray(), [], [0, 0]
        for each, data in zip(kept, pieces, strict=True):
            signs = int.from_bytes(self.message[each.data_at : each.data_at + 2]) if each.type == wire.RRSIG else 0
            if data is None or signs in changed:
                continue
            owner = wire.name_at(self.message, each.owner)
            body += b"\xc0\x0c" if owner == self.name else owner
            ttl_at.append(len(body) + 4)
            if each.type in _COMPRESSIBLE or each.type == wire.SOA:
                data = _spelled_out(self.message, each)
            ttl = wire.U32.unpack_from(self.message, each.ttl_at)[0]
            body += wire.FIXED.pack(each.type, each.rclass, ttl, len(data)) + data
            counts[each.section] += 1
        return bytes(body), tuple(ttl_at), (counts[0], counts[1])


def _spelled_out(message: bytes, record: Record) -> bytes:
    """A record's data with the names in it uncompressed."""
    at = record.data_at + _COMPRESSIBLE.get(record.type, 0)
    first = wire.name_at(message, at)
    if record.type != wire.SOA:
        return message[record.data_at : at] + first
    second_at = wire.skip_name(message, at)
    rest = wire.skip_name(message, second_at)
    return first + wire.name_at(message, second_at) + message[rest : record.end]


def _params(data: bytes) -> dict[int, bytes]:
    """The parameters of an HTTPS or SVCB record by key; raises Malformed."""
    params: dict[int, bytes] = {}
    at = 0
    while at < len(data):
        if at + 4 > len(data):
            raise Malformed("A service parameter is cut off.")
        key, length = int.from_bytes(data[at : at + 2]), int.from_bytes(data[at + 2 : at + 4])
        value = data[at + 4 : at + 4 + length]
        if len(value) != length or key in params:
            raise Malformed("A service parameter is cut off or there twice.")
        params[key] = value
        at += 4 + length
    return params


def _extended(message: bytes, found: list[Record]) -> int:
    """The upper bits of the RCODE, which travel in the OPT record."""
    for each in found:
        if each.type == wire.OPT:
            return message[each.ttl_at] << 4
    return 0
