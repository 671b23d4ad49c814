"""The roll: who is behind which address, token, device or login, and whether they have standing."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any, TypeVar

from homeroom.kernel.decision.ask import Source, Who, scopes_of

Leased = Mapping[bytes, tuple[Source, Mapping[str, Any]]]  # by address, as packed: how it is known, who is there
Key = TypeVar("Key")
Value = TypeVar("Value")
MAPPED = b"\0" * 10 + b"\xff\xff"


class Roll:
    """People and places of one bundle, looked up by what a door can see.

    Everything unknown is `stranger`: nobody's name, the strictest profile. Lookups never
    raise for what a client sent; people are made from their rows when first asked for, so
    that a large district's roll opens at once.
    """

    def __init__(self, data: Mapping[str, Any], *, strictest: str, version: str = "") -> None:
        """Read the roll part of a bundle; raises KeyError, TypeError or ValueError on a damaged one."""
        self.version = version
        self.strictest = strictest
        self.stranger = Who(person=None, profile=strictest)
        self._people: Mapping[str, Mapping[str, Any]] = data.get("persons", {})
        self._tokens: Mapping[str, str] = data.get("tokens", {})
        self._chromeos: Mapping[str, str] = data.get("chromeos", {})
        self.chromeos_salts: tuple[str, ...] = tuple(data.get("chromeos_salts", ()))
        self._logins: Mapping[str, tuple[str, str]] = data.get("logins", {})
        self._single: dict[bytes, Mapping[str, Any]] = {}
        self._ranges: dict[tuple[int, int], dict[int, Mapping[str, Any]]] = {}
        for text, row in data.get("addresses", ()):
            self._place(text, row)
        self._leased: Leased = {}
        self._narrowest_first = sorted(self._ranges, reverse=True)

    def __len__(self) -> int:
        return len(self._people)

    def with_changes(
        self, rows: Mapping[str, Mapping[str, Any]], version: str, ways: Mapping[str, Mapping[str, Any]] | None = None
    ) -> Roll:
        """The same roll in which some people read otherwise: their rows, by id. Costs nothing for all others.

        `ways` are those by which people are known that are new, other or gone (None), by kind: addresses by their
        text, tokens, chromeos identifiers and logins by theirs.
        """
        other = copy(self)
        other.version = version
        other._people = ChainMap(dict(rows), self._people)  # type: ignore[arg-type]
        if ways:
            other._tokens = _over(self._tokens, ways.get("tokens", {}))
            other._chromeos = _over(self._chromeos, ways.get("chromeos", {}))
            other._logins = _over(self._logins, ways.get("logins", {}))
            other._single, other._ranges = dict(self._single), {key: dict(each) for key, each in self._ranges.items()}
            for text, row in ways.get("addresses", {}).items():
                other._place(text, row)
            other._narrowest_first = sorted(other._ranges, reverse=True)
        return other

    def with_leased(self, leased: Leased) -> Roll:
        """The same people with other leases, each as `lease` reads it."""
        other = copy(self)
        other._leased = leased
        return other

    def person(self, key: str, source: Source = Source.NONE) -> Who:
        """A person by id, as known through that source; a stranger where nobody has that id."""
        row = self._people.get(key)
        return self.stranger if row is None else self._who(key, row, source)

    def by_address(self, packed: bytes) -> Who:
        """Who is behind an address: 4 or 16 bytes in network order. IPv4-mapped IPv6 counts as IPv4."""
        if len(packed) == 16 and packed.startswith(MAPPED):
            packed = packed[12:]
        lease = self._leased.get(packed)
        if lease is not None:
            return self._leaseholder(*lease)
        row = self._single.get(packed)
        if row is not None:
            return self._behind(row, Source.ADDRESS)
        number, bits = int.from_bytes(packed, "big"), len(packed) * 8
        for key in self._narrowest_first:
            if key[0] == bits and (row := self._ranges[key].get(number >> (bits - key[1]))) is not None:
                return self._behind(row, Source.RANGE)
        return self.stranger

    def singles(self) -> Iterator[tuple[bytes, int, Who]]:
        """Every single address with its length in bits and who is behind it, for exports."""
        for packed, row in self._single.items():
            yield packed, len(packed) * 8, self._behind(row, Source.ADDRESS)

    def leased(self) -> Iterator[tuple[bytes, int, Who]]:
        """Every address that is somebody's for a while, as `singles` says it; it counts before theirs."""
        for packed, (source, row) in self._leased.items():
            yield packed, len(packed) * 8, self._leaseholder(source, row)

    def ranges(self) -> Iterator[tuple[bytes, int, Who]]:
        """Every range with its prefix in bits and who is behind it, the narrowest first."""
        for bits, prefix in self._narrowest_first:
            for number, row in self._ranges[bits, prefix].items():
                packed = (number << (bits - prefix)).to_bytes(bits // 8, "big")
                yield packed, prefix, self._behind(row, Source.RANGE)

    def claims(self) -> Iterator[tuple[str, str]]:
        """(digest, person's id) of every DoH token and ChromeOS identifier."""
        yield from self._tokens.items()
        yield from self._chromeos.items()

    def by_token(self, digest: str) -> Who:
        """Who holds the DoH token with this lower-case SHA-256 hex digest."""
        return self.person(self._tokens.get(digest, ""), Source.TOKEN)

    def by_chromeos(self, identifier: str) -> Who:
        """Whose salted ChromeOS identifier this is (upper-case hex of SHA-256, any live salt)."""
        return self.person(self._chromeos.get(identifier.upper(), ""), Source.CHROMEOS)

    def login(self, name: str) -> tuple[str, str] | None:
        """The (person id, password hash) that a proxy login must be checked against."""
        found = self._logins.get(name.casefold())
        return (found[0], found[1]) if found else None

    def _place(self, text: str, row: Mapping[str, Any] | None) -> None:
        network = ip_network(text)
        bits = network.max_prefixlen
        if network.prefixlen == bits:
            _put(self._single, network.network_address.packed, row)
        else:
            lengths = self._ranges.setdefault((bits, network.prefixlen), {})
            _put(lengths, int(network.network_address) >> (bits - network.prefixlen), row)

    def _behind(self, row: Mapping[str, Any], source: Source) -> Who:
        if "person" in row:
            return self.person(row["person"], source)
        return self._who(None, row, source)

    def _leaseholder(self, source: Source, row: Mapping[str, Any]) -> Who:
        if "person" in row:
            return self.person(row["person"], source)
        closed = self.person(row.get("claimed", "")).closed  # closing is never a privilege
        return replace(self.stranger, source=source, closed=closed)

    def _who(self, key: str | None, row: Mapping[str, Any], source: Source) -> Who:
        role, school, classes = row.get("role", ""), row.get("school", ""), tuple(row.get("classes", ()))
        return Who(
            person=key,
            profile=row.get("profile") or self.strictest,
            role=role,
            school=school,
            grade=row.get("grade", ""),
            alias=row.get("alias", ""),
            source=source,
            closed=tuple((clause, code) for clause, code in row.get("closed", ())),
            scopes=scopes_of(person=key, role=role, school=school, classes=classes),
        )


def _put(places: dict[Key, Mapping[str, Any]], key: Key, row: Mapping[str, Any] | None) -> None:
    if row is None:
        places.pop(key, None)
    else:
        places[key] = row


def _over(old: Mapping[str, Value], new: Mapping[str, Value | None]) -> Mapping[str, Value]:
    """What counts of both: the new, and of the old what is not gone."""
    return {key: value for key, value in {**old, **new}.items() if value is not None} if new else old


def lease(row: Sequence[Any]) -> tuple[bytes, tuple[Source, Mapping[str, Any]]]:
    """One lease as `Roll.with_leased` takes it; raises ValueError, TypeError or AttributeError on a damaged one.

    A row (address, source, who) names the person there, or somebody `claimed` who is not believed: a stranger,
    closed as they are.

    >>> lease(["10.0.0.1", "signin", {"person": "ben"}])
    (b'\\n\\x00\\x00\\x01', (<Source.SIGNIN: 'signin'>, {'person': 'ben'}))
    """
    address, source, said = row
    if not isinstance(said, Mapping):
        raise ValueError(f"{address}: what is said of who is there is no object")
    return packed(address), (Source(source), said)


@lru_cache(maxsize=100_000)  # leases come and go, and most stay: their addresses are read once
def packed(address: str) -> bytes:
    """An address as the bytes that `Roll.by_address` takes; raises ValueError with a reason."""
    return ip_address(address.partition("%")[0]).packed
