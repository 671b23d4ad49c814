"""Response policy zones (draft-vixie-dnsop-dns-rpz): triggers on names and on answered addresses.

A name speaks for itself alone and `*.name` for what is below it, which is why most zones hold two
records for one site. What makes a resolver answer with data of the zone's own is not carried out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from homeroom.kernel.lists.entry import LONGEST_TEXT, Entry, How, Unsupported
from homeroom.kernel.lists.hosts import SINKS
from homeroom.kernel.lists.names import BadName, canonical, is_address, is_plain
from homeroom.kernel.lists.patterns import net, unsupported
from homeroom.kernel.lists.zone import Record, absolute, records

_IGNORED = frozenset({"SOA", "NS", "RRSIG", "NSEC", "NSEC3", "NSEC3PARAM", "DNSKEY", "CDS", "CDNSKEY", "ZONEMD"})
_OTHER = {
    "rpz-client-ip": "It speaks of clients by their address; who may reach what is decided by person, not by list.",
    "rpz-nsdname": "It judges a name by the name of its server, which only a recursive resolver sees.",
    "rpz-nsip": "It judges a name by the address of its server, which only a recursive resolver sees.",
}
_BLOCKS = frozenset({".", "*.", "rpz-drop."})


class _NotCarriedOut(ValueError):
    pass


def read(lines: Iterable[tuple[int, str]], how: How) -> Iterator[Entry | Unsupported]:
    """What each record of the zone says; its SOA and NS records only name the zone."""
    apex: str | None = None
    for record in records(lines):
        if isinstance(record, Unsupported):
            yield record
            continue
        if record.type == "SOA" or apex is None:
            apex = record.owner if record.type == "SOA" else record.origin
        if record.type not in _IGNORED:
            yield _one(record, apex, how)


def _one(record: Record, apex: str, how: How) -> Entry | Unsupported:
    try:
        trigger = _trigger(record, apex)
        allow = _allows(record, trigger)
        pattern, how = _pattern(trigger, how)
    except (BadName, _NotCarriedOut) as trouble:
        return unsupported(record.line, record.text, str(trouble))
    return Entry(pattern, how, record.line, record.text[:LONGEST_TEXT], allow)


def _trigger(record: Record, apex: str) -> str:
    """The owner without the name of the zone."""
    if not apex:
        return record.owner
    trigger = record.owner.removesuffix("." + apex)
    if trigger == record.owner:
        raise _NotCarriedOut(
            f"{record.owner[:80]!r} does not stand below the zone {apex[:80]!r}. Check the dots and $ORIGIN."
        )
    return trigger


def _allows(record: Record, trigger: str) -> bool:
    """Whether the record lets a name through (True) or blocks it (False); raises _NotCarriedOut for all else."""
    data = record.data[0].lower() if record.data else ""
    if record.type in ("A", "AAAA") and data in SINKS:
        return False
    if record.type != "CNAME":
        raise _NotCarriedOut(
            f"It answers with data of its own ({record.type[:20]}); only blocks and exceptions are carried out."
        )
    if data in _BLOCKS:
        return False
    if data == "rpz-passthru." or absolute(data, record.origin) == trigger:
        return True
    if data == "rpz-tcp-only.":
        raise _NotCarriedOut("It asks the client to come again over TCP, which neither blocks nor allows.")
    raise _NotCarriedOut(f"It leads the name to {data[:80]!r}; only the district's own policy changes answers.")


def _pattern(trigger: str, how: How) -> tuple[str, How]:
    kind = trigger.rpartition(".")[2]
    if kind in _OTHER:
        raise _NotCarriedOut(_OTHER[kind])
    if kind == "rpz-ip":
        return net(_cidr(trigger.removesuffix(".rpz-ip"))), How.NET
    name = canonical(trigger.removeprefix("*."))
    if not is_plain(name) and is_address(name):
        raise _NotCarriedOut("An address stands where a name should; addresses are written below rpz-ip.")
    return name, How.SUB if trigger.startswith("*.") else how


def _cidr(text: str) -> str:
    """An address trigger: the length of the prefix, then the address backwards, "zz" for IPv6's "::".

    >>> _cidr("24.0.2.0.192"), _cidr("48.zz.2.2001")
    ('192.0.2.0/24', '2001:2::/48')
    """
    length, *parts = text.split(".")
    parts.reverse()
    if len(parts) == 4 and all(part.isdigit() for part in parts):
        return f"{'.'.join(parts)}/{length}"
    address = ":".join("" if part == "zz" else part for part in parts)
    if "zz" in parts:
        address = (":" if parts[0] == "zz" else "") + address + (":" if parts[-1] == "zz" else "")
    return f"{address}/{length}"
