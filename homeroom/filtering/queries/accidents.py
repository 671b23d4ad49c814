"""V.C: to whose desk a told accident comes."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q, QuerySet

from homeroom.base.actor import Actor
from homeroom.board import queries as board
from homeroom.filtering.models import InadvertentAccess, ToldAccident
from homeroom.people.models import Role, RoleName, Supervision

KEPT = "told_accidents"  # the class of their retention
EVERYTHING = Q(pk__isnull=False)  # an empty Q would vanish beside another one
Accident = ToldAccident | InadvertentAccess


def named(actor: Actor, on: date) -> QuerySet[ToldAccident]:
    """V.C.2: those told by name that come to an official: of their schools, and of the people they supervise.

    All of them to the technology director. Never their own.
    """
    rows = ToldAccident.objects.select_related("told_by", "to_supervisor").exclude(told_by=actor.id)
    return rows.filter(_there(actor, on) | Q(to_supervisor=actor.id))


def on_block_pages(actor: Actor, on: date) -> QuerySet[InadvertentAccess]:
    """V.C.1: those told on a block page of an official's schools."""
    return InadvertentAccess.objects.filter(_there(actor, on))


def waiting(actor: Actor, on: date) -> int:
    """How many wait on somebody's desk."""
    return named(actor, on).filter(closed_at=None).count() + on_block_pages(actor, on).filter(closed_at=None).count()


def supervises(actor: Actor, on: date) -> bool:
    """V.C.2: whether accidents of employees come to somebody: the roster names them over one, or one waits for them."""
    named_over = Supervision.objects.on(on).filter(supervisor=actor.id)
    return named_over.exists() or ToldAccident.objects.filter(to_supervisor=actor.id, closed_at=None).exists()


def closed_long_ago(at: datetime) -> tuple[QuerySet[ToldAccident], QuerySet[InadvertentAccess]]:
    """XIV.B.3: those whose time is over, told by name and on block pages."""
    over = at - board.kept(KEPT, at)
    return ToldAccident.objects.filter(closed_at__lt=over), InadvertentAccess.objects.filter(closed_at__lt=over)


def reaches_an_official(row: ToldAccident, on: date) -> bool:
    """V.C.2: whether there is a supervisor, or a building administrator of that school, other than who told it."""
    if row.to_supervisor_id:
        return True
    there = Role.objects.on(on).filter(role=RoleName.BUILDING_ADMINISTRATOR).exclude(person_id=row.told_by_id)
    return there.filter(Q(school=row.school) | Q(school=None)).exists() if row.school else there.exists()


def _there(actor: Actor, on: date) -> Q:
    """Of an official's schools; what came from no known place is for every building administrator."""
    if actor.holds(RoleName.TECHNOLOGY_DIRECTOR):
        return EVERYTHING
    if not actor.holds(RoleName.BUILDING_ADMINISTRATOR):
        return Q(pk__in=())
    held = Role.objects.on(on).filter(person_id=actor.id, role=RoleName.BUILDING_ADMINISTRATOR)
    schools = set(held.values_list("school_id", flat=True))
    return EVERYTHING if None in schools else Q(school__in=schools) | Q(school="")
