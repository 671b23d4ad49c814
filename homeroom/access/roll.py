"""The roll part of a bundle: who is behind which address, token, device or login, with their standing.

The shape is what kernel.decision.roll.Roll reads. A fixed number of queries, whatever the
number of people.
"""

from __future__ import annotations

import hmac
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from homeroom.access.facts import Gathered
from homeroom.access.models import AddressRange, Audience, ChromeosSalt, DohToken, ProxyLogin
from homeroom.doors import environment
from homeroom.kernel.decision.identity import chromeos_hashes
from homeroom.kernel.decision.standing import standing
from homeroom.people import queries
from homeroom.people.models import STAFF, Enrolment, Person, Role, RoleName

# Of several roles held the first here is the one that counts: a student first (T6), then the widest duty.
PRECEDENCE = (RoleName.STUDENT, *STAFF, RoleName.GUARDIAN)
# The acts after which the roll may read differently, as beginnings of verbs; a sign-in is none of them.
VERBS = (
    "people.",
    "agreements.",
    "notices.",
    "board.addendum.",
    "access.addresses.",
    "access.token",
    "access.salt.",
    "access.login.",
    "access.restriction.",
)
ADDRESS = ("cidr", "person_id", "audience", "school_id")
RoleRow = tuple[str, str | None, str, date, date | None]  # role, school, grade, first and last day


def build(at: datetime) -> dict[str, Any]:
    """The roll of an instant, by the district's own day."""
    return roll_part(queries.today(at))


def roll_part(on: date) -> dict[str, Any]:
    """Everybody and everything that identifies them, as of a day of the district."""
    people = persons(on)
    for row in people.values():
        del row["roles"]  # doors judge by the one role that counts
    return {"persons": people, **ways()}


def everybody() -> list[str]:
    """The ids of all people, in the order of the roll."""
    return list(Person.objects.order_by("id").values_list("id", flat=True))


def ways() -> dict[str, Any]:
    """Everything in a roll that tells who is asking: addresses, tokens, ChromeOS identifiers, logins."""
    salts = list(
        ChromeosSalt.objects.filter(ended__isnull=True).order_by("created", "id").values_list("salt", flat=True)
    )
    ranges = AddressRange.objects.filter(ended__isnull=True).order_by("cidr")
    tokens = DohToken.objects.filter(ended__isnull=True).order_by("digest")
    logins = ProxyLogin.objects.filter(ended__isnull=True).order_by("name")
    return {
        "addresses": [address(*row) for row in ranges.values_list(*ADDRESS)],
        "tokens": dict(tokens.values_list("digest", "person_id")),
        "chromeos": _chromeos(salts),
        "chromeos_salts": salts,
        "logins": {name: [person, hash] for name, person, hash in logins.values_list("name", "person_id", "hash")},
    }


def changed(on: date, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The rows of some people as a roll holds them, to count before those of the roll."""
    rows = persons(on, Person.objects.filter(pk__in=ids).values_list("pk", flat=True))
    for row in rows.values():
        del row["roles"]
    return rows


def persons(on: date, only: Iterable[str] | None = None) -> dict[str, dict[str, Any]]:
    """The `persons` of a roll by id, for everybody or for some; `roles` are all roles held that day."""
    key = environment.key(settings.HOME, "pseudonym")
    ids = None if only is None else list(only)
    roles, classes = _roles(ids), _classes(on, ids)
    gathered = Gathered(on, ids)
    if ids is None:
        ids = everybody()
    return {id: _person(id, roles.get(id, ()), classes.get(id, ()), key, on, gathered) for id in ids}


def profile_of(roles: Iterable[str]) -> str:
    """VI, T6: the audience somebody belongs to by the roles held; whoever is a student is never an adult here.

    >>> profile_of(["clerk", "student"]), profile_of(["clerk"]), profile_of(["guardian"]), profile_of([])
    ('student', 'adult', 'unknown', 'unknown')
    """
    held = set(roles)
    if RoleName.STUDENT in held:
        return Audience.STUDENT.value
    return (Audience.ADULT if held.intersection(STAFF) else Audience.UNKNOWN).value


def alias(key: bytes, person: str, on: date) -> str:
    """XIV.B.3, T5: a person's pseudonym for one month: 16 hex digits that lead nowhere without the key."""
    return hmac.digest(key, f"{person} {on:%Y-%m}".encode(), "sha256").hex()[:16]


def aliases(person: str, days: Iterable[date]) -> frozenset[str]:
    """XIV.C.0, T5: a person's pseudonyms in the months of these days, for reading under a recorded ground only.

    Only activity/actions/opening.py asks this; a test holds it.
    """
    key = environment.key(settings.HOME, "pseudonym")
    return frozenset(alias(key, person, day) for day in days)


def _person(
    id: str, roles: Iterable[RoleRow], classes: Iterable[str], key: bytes, on: date, gathered: Gathered
) -> dict[str, Any]:
    facts = gathered.of(id, ((role, first, last) for role, _, _, first, last in roles))
    held = [row for row in roles if row[3] <= on and (row[4] is None or on <= row[4])]
    names = sorted({each[0] for each in held})
    row: dict[str, Any] = {"profile": profile_of(names), "alias": alias(key, id, on), "roles": names}
    if held:
        role, school, grade, _, _ = min(held, key=lambda each: PRECEDENCE.index(each[0]))
        row |= {"role": role, "school": school or "", "grade": grade}
    if classes:
        row["classes"] = sorted(classes)
    missing = standing(facts, on).missing
    if missing:
        row["closed"] = [[each.clause, each.code] for each in missing]
    return row


def _roles(ids: Sequence[str] | None) -> dict[str, list[RoleRow]]:
    roles: dict[str, list[RoleRow]] = defaultdict(list)
    fields = ("person_id", "role", "school_id", "grade", "first_day", "last_day")
    for rows in _of(Role.objects.order_by("id"), ids):
        for person, *row in rows.values_list(*fields).iterator(5000):
            roles[person].append(tuple(row))  # type: ignore[arg-type]
    return roles


def _classes(on: date, ids: Sequence[str] | None) -> dict[str, set[str]]:
    classes: dict[str, set[str]] = defaultdict(set)
    places = Enrolment.objects.on(on).filter(group__first_day__lte=on).exclude(group__last_day__lt=on)
    for rows in _of(places, ids):
        for person, group in rows.values_list("person_id", "group_id").iterator(5000):
            classes[person].add(group)
    return classes


def _of(rows: QuerySet[Any], ids: Sequence[str] | None) -> Iterator[QuerySet[Any]]:
    """All rows, or those of some people in portions that a database takes."""
    if ids is None:
        yield rows
        return
    for start in range(0, len(ids), 5000):
        yield rows.filter(person_id__in=ids[start : start + 5000])


def address(cidr: str, person: str | None, audience: str, school: str | None) -> list[Any]:
    """One address or range with who is behind it, from the fields ADDRESS."""
    if person:
        return [cidr, {"person": person}]
    # In a place for students whoever asks is taken for a student, so that rules for students reach it.
    role = RoleName.STUDENT.value if audience == Audience.STUDENT else ""
    return [cidr, {"profile": audience, "school": school or "", "role": role}]


def _chromeos(salts: Sequence[str]) -> dict[str, str]:
    if not salts:
        return {}
    people = Person.objects.exclude(email="").order_by("id").values_list("id", "email")
    return {hash: id for id, email in people.iterator(5000) for hash in chromeos_hashes(salts, email)}
