"""Whom a code may sign in: parents and students of the day, by the address or the number on the roster."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.db.models.functions import Lower

from homeroom.access.models import CodeAsk
from homeroom.base import texting
from homeroom.base.words import masked
from homeroom.people.models import Guardianship, Person, Role, RoleName

MOST = 20  # people behind one address; beyond that it is no household's


def channel(typed: str) -> str:
    """By which way an answer goes to what somebody typed; "" where it is neither an address nor a number."""
    if "@" in typed:
        return CodeAsk.By.EMAIL
    return CodeAsk.By.SMS if texting.number(typed) else ""


def spelt(typed: str) -> str:
    """The one spelling of an address or a number."""
    return typed.strip().lower() if "@" in typed else texting.number(typed)


def sent_to(typed: str) -> dict[str, str]:
    """325L.09: by which way a code goes, and where to, as much of it as its owner knows again.

    >>> sent_to("Rosa@lake.test"), sent_to("(651) 555-0123")
    ({'by': 'email', 'to': 'r…@lake.test'}, {'by': 'sms', 'to': '…0123'})
    """
    where = spelt(typed)
    return {"by": str(channel(typed)), "to": masked(where) if "@" in where else f"…{where[-4:]}"}


def behind(typed: str, on: date) -> list[Person]:
    """Who gets a code at an address or a number on a day, by name; nobody where it is not one household's."""
    found = [each.pk for each in _with_email(typed) if each] if "@" in typed else _with_number(typed)
    return those_who_may(found, on) if len(found) <= MOST else []


def those_who_may(ids: list[str], on: date) -> list[Person]:
    """Of some people, those who are a parent or a student on a day, and not kept out by an order or the office."""
    held = Role.objects.on(on).filter(person_id__in=ids, role__in=(RoleName.GUARDIAN, RoleName.STUDENT))
    roles: dict[str, set[str]] = {}
    for person, role in held.values_list("person_id", "role"):
        roles.setdefault(person, set()).add(role)
    tied = Guardianship.objects.on(on).filter(guardian_id__in=ids)
    closed = set(tied.filter(Guardianship.KEPT_OUT).values_list("guardian_id", flat=True))
    # Kept out of one child's matters, they may well be the parent of another one.
    kept_out = closed - set(tied.exclude(Guardianship.KEPT_OUT).values_list("guardian_id", flat=True))
    may = [person for person, names in roles.items() if RoleName.STUDENT in names or person not in kept_out]
    return list(Person.objects.filter(pk__in=may))


def _with_email(typed: str) -> QuerySet[Person]:
    return Person.objects.annotate(small=Lower("email")).filter(small=spelt(typed)).order_by("pk")[: MOST + 1]


def _with_number(typed: str) -> list[str]:
    wanted = spelt(typed)
    # However a roster writes numbers, they end with the same four digits.
    alike = Person.objects.filter(phone__endswith=wanted[-4:]).values_list("pk", "phone") if wanted else ()
    return [pk for pk, phone in alike if texting.number(phone) == wanted]
