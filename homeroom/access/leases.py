"""The leases that doors go by: who is behind which address at this moment, and how far that is believed.

They are a small file of their own beside the bundle (doors.bundle_file), since they change by the minute while
the roll changes by the day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from django.db.models import Count, Max

from homeroom.access import roll
from homeroom.access.models import AddressRange, Lease
from homeroom.doors import lease_file
from homeroom.kernel.decision import identity
from homeroom.kernel.decision.ask import Source
from homeroom.people.models import Role

SHARED = timedelta(minutes=50)  # a lesson
OWN = timedelta(hours=12)
CONTESTED = "contested"  # the tie of a lease that says: several people are behind this address
TOLD = timedelta(hours=12)  # since a switch last told of a session

Row = list[Any]  # [address, source, what the roll says of whoever is there]


@dataclass(frozen=True, slots=True)
class Place:
    """What the district says of an address: the audience of the narrowest range, or the person it belongs to."""

    audience: str = ""
    person: str = ""
    name: str = ""
    nat: bool = False  # many machines share one address there


class Places:
    """The ranges of an instant, read once."""

    def __init__(self) -> None:
        live = AddressRange.objects.filter(ended=None).values_list("cidr", "audience", "person_id", "place", "nat")
        self._of: dict[IPv4Network | IPv6Network, Place] = {
            ip_network(cidr): Place(audience, person or "", name, nat) for cidr, audience, person, name, nat in live
        }
        self._lengths = sorted({(each.version, each.prefixlen) for each in self._of}, reverse=True)

    def of(self, address: str) -> Place | None:
        """The narrowest range that holds an address; None where it is not of the district."""
        packed = ip_address(address)
        for version, length in self._lengths:
            if version == packed.version and (found := self._of.get(_network(packed, length))):
                return found
        return None


def _network(address: IPv4Address | IPv6Address, length: int) -> IPv4Network | IPv6Network:
    return ip_network((address, length), strict=False)


def mark() -> tuple[int, int]:
    """What differs as soon as a lease began or ended; cheap enough to ask several times a second."""
    found = Lease.objects.filter(ended=None).aggregate(Max("pk"), Count("pk"))
    return found["pk__max"] or 0, found["pk__count"]


class Live:
    """All live leases from one look to the next, so that each is worked out and written once."""

    def __init__(self) -> None:
        self._kept: dict[int, Row] = {}
        self._lines: dict[int, str] = {}

    def lines(self, on: date, *, anew: bool = False) -> list[str]:
        """The lines of the file for doors now, in the order in which the leases began.

        `anew` works all of them out again, for roles and ranges may have changed.
        """
        self._look(on, anew)
        self._lines = {pk: self._lines.get(pk) or lease_file.line(row) for pk, row in self._kept.items()}
        return list(self._lines.values())

    def _look(self, on: date, anew: bool) -> None:
        pks = sorted(Lease.objects.filter(ended=None).order_by().values_list("pk", flat=True))
        kept: dict[int, Row] = {} if anew else self._kept
        new = [pk for pk in pks if pk not in kept]
        made = self._work_out(new, on) if new else {}
        if anew:
            self._lines = {}
        # A lease that ended between the two questions is in neither.
        self._kept = {pk: row for pk in pks if (row := kept.get(pk) or made.get(pk))}

    def _work_out(self, new: list[int], on: date) -> dict[int, Row]:
        found: list[tuple[int, str, str | None, str]] = []
        for start in range(0, len(new), 5000):
            some = Lease.objects.filter(pk__in=new[start : start + 5000], ended=None)
            found += some.values_list("pk", "address", "person_id", "by")
        audiences = _audiences({person for _, _, person, _ in found if person}, on)
        places = Places()
        return {pk: _row(where, person, Source(by), audiences, places.of(where)) for pk, where, person, by in found}


def of_staff(person: str, place: Place, on: date) -> bool:
    """VI, V.A.7.4: whether signing in at a place would open what is not a student's."""
    audience = _audiences([person], on).get(person, "unknown")
    own = place.person == person
    return audience == "adult" and identity.lease_counts(Source.SIGNIN, audience, place=place.audience, own=own)


def _audiences(ids: Iterable[str], on: date) -> dict[str, str]:
    wanted, roles = sorted(ids), dict[str, list[str]]()
    for start in range(0, len(wanted), 1000):
        held = Role.objects.on(on).filter(person_id__in=wanted[start : start + 1000])
        for person, role in held.values_list("person_id", "role"):
            roles.setdefault(person, []).append(role)
    return {person: roll.profile_of(held) for person, held in roles.items()}


def _row(address: str, person: str | None, by: Source, audiences: Mapping[str, str], place: Place | None) -> Row:
    if person is None:
        return [address, by.value, {}]
    sure = identity.lease_counts(
        by, audiences.get(person, "unknown"),
        place=place.audience if place else "", own=bool(place and place.person == person),
    )  # fmt: skip
    return [address, by.value, {"person": person} if sure else {"claimed": person}]
