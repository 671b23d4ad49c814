"""The roll: who is behind which address, token, device or login, and whether they have standing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from ipaddress import ip_address, ip_network
from typing import Any

from homeroom.kernel.decision.ask import Source, Who, scopes_of

Address = tuple[int, int]  # (IP version, the address as a number)


class Roll:
    """People and places of one bundle, looked up by what a door can see.

    Everything unknown is `stranger`: nobody's name, the strictest profile. `keep` and
    `find` never raise for what a client sent.
    """

    def __init__(self, data: Mapping[str, Any], *, strictest: str, version: str = "") -> None:
        """Read the roll part of a bundle; raises KeyError, TypeError or ValueError on a damaged one."""
        self.version = version
        self.stranger = Who(person=None, profile=strictest)
        self._people = {key: _who(key, row, strictest) for key, row in data.get("persons", {}).items()}
        self._tokens: dict[str, str] = dict(data.get("tokens", {}))
        self._chromeos: dict[str, str] = dict(data.get("chromeos", {}))
        self._logins: dict[str, tuple[str, str]] = {k: (v[0], v[1]) for k, v in data.get("logins", {}).items()}
        self._single: dict[Address, Who] = {}
        self._ranges: dict[tuple[int, int], dict[int, Who]] = {}
        for text, row in data.get("addresses", ()):
            self._place(text, row, strictest)
        self._lengths = sorted(self._ranges, reverse=True)

    def __len__(self) -> int:
        return len(self._people)

    def person(self, key: str, source: Source = Source.NONE) -> Who:
        """A person by id, as known through that source; a stranger where nobody has that id."""
        who = self._people.get(key)
        return replace(who, source=source) if who else self.stranger

    def by_address(self, packed: bytes) -> Who:
        """Who is behind an address: 4 or 16 bytes in network order. IPv4-mapped IPv6 counts as IPv4."""
        if len(packed) == 16 and packed.startswith(b"\0" * 10 + b"\xff\xff"):
            packed = packed[12:]
        version, number = (4 if len(packed) == 4 else 6), int.from_bytes(packed)
        single = self._single.get((version, number))
        if single:
            return single
        bits = len(packed) * 8
        for key in self._lengths:
            if key[0] == version:
                found = self._ranges[key].get(number >> (bits - key[1]))
                if found:
                    return found
        return self.stranger

    def by_token(self, digest: str) -> Who:
        """Who holds the DoH token with this lower-case SHA-256 hex digest."""
        return self.person(self._tokens.get(digest, ""), Source.TOKEN)

    def by_chromeos(self, identifier: str) -> Who:
        """Whose salted ChromeOS identifier this is (upper-case hex of SHA-256, any live salt)."""
        return self.person(self._chromeos.get(identifier.upper(), ""), Source.CHROMEOS)

    def login(self, name: str) -> tuple[str, str] | None:
        """The (person id, password hash) that a proxy login must be checked against."""
        return self._logins.get(name.casefold())

    def _place(self, text: str, row: Mapping[str, Any], strictest: str) -> None:
        network = ip_network(text)
        whole = network.prefixlen == network.max_prefixlen
        if "person" in row:
            who = self.person(row["person"], Source.ADDRESS if whole else Source.RANGE)
        else:
            who = replace(_who(None, row, strictest), source=Source.RANGE)
        if whole:
            self._single[network.version, int(network.network_address)] = who
        else:
            shift = network.max_prefixlen - network.prefixlen
            lengths = self._ranges.setdefault((network.version, network.prefixlen), {})
            lengths[int(network.network_address) >> shift] = who


def _who(key: str | None, row: Mapping[str, Any], strictest: str) -> Who:
    role, school, classes = row.get("role", ""), row.get("school", ""), tuple(row.get("classes", ()))
    return Who(
        person=key,
        profile=row.get("profile") or strictest,
        role=role,
        school=school,
        grade=row.get("grade", ""),
        alias=row.get("alias", ""),
        closed=tuple((clause, sentence) for clause, sentence in row.get("closed", ())),
        scopes=scopes_of(person=key, role=role, school=school, classes=classes),
    )


def packed(address: str) -> bytes:
    """An address as the bytes that `Roll.by_address` takes; raises ValueError with a reason."""
    return ip_address(address.partition("%")[0]).packed
