"""VIII.E.1, VIII.F: reviews of employees' files, and requests of authorities."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from homeroom.base.actor import Actor
from homeroom.people.models import STAFF, Person, Role, RoleName
from homeroom.requests.models import AuthorityRequest, StaffReview
from homeroom.requests.queries.data import EVERYBODY, known


def reviews(actor: Actor, on: date) -> QuerySet[StaffReview]:
    """The reviews an official may see: never one of their own files, from which they would learn of it."""
    rows = StaffReview.objects.select_related("person").exclude(person=actor.id)
    return rows if actor.holds(*EVERYBODY) else rows.filter(person__in=known(actor, on).values("pk"))


def staff(actor: Actor, on: date) -> QuerySet[Person]:
    """The employees whose files somebody may review: those whom the role reaches, not oneself, and no student."""
    held = Role.objects.on(on)
    there = known(actor, on).filter(pk__in=held.filter(role__in=STAFF).values("person_id"))
    students = held.filter(role=RoleName.STUDENT).values("person_id")
    return there.exclude(pk=actor.id).exclude(pk__in=students)


def authorities() -> QuerySet[AuthorityRequest]:
    """What authorities asked for."""
    return AuthorityRequest.objects.select_related("person")


def disclosed(people: list[str]) -> QuerySet[AuthorityRequest]:
    """VIII.F: what was given to an authority about some people, unless an order bars telling them."""
    rows = authorities().filter(person__in=people, outcome__in=AuthorityRequest.GIVEN)
    return rows.exclude(family=AuthorityRequest.Family.BARRED)
