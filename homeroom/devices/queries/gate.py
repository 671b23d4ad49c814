"""XIV.C: what is on record for an access, and whether it may be used now."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from homeroom.devices import titles
from homeroom.devices.models import Access, Loan, LossReport, SuspicionRecord
from homeroom.devices.queries import told
from homeroom.kernel.deadlines.calendar import Calendar
from homeroom.kernel.devices import gate, using
from homeroom.kernel.devices.terms import Ground
from homeroom.people import queries as people


def days() -> Calendar:
    """The district's calendar for elapsed hours."""
    return Calendar(zone=people.zone())


def open_loss(resource: int | None) -> LossReport | None:
    """The report that says this resource is missing, if there is one."""
    return LossReport.objects.filter(resource_id=resource, found_at__isnull=True).first() if resource else None


def holder(resource: int | None) -> str | None:
    """Who has this resource, or had it last, by id ("" for nobody ever); None where no single one is meant."""
    if resource is None:
        return None
    return Loan.objects.filter(resource_id=resource).values_list("person_id", flat=True).first() or ""


def suspicion(pk: int | None) -> gate.Suspicion | None:
    """A suspicion as the gate judges it."""
    row = SuspicionRecord.objects.filter(pk=pk, refused_at__isnull=True).first() if pk else None
    return gate.Suspicion(row.person_id, row.made_at, row.approved_at) if row else None


def advance_notice(student: str, ground: str, at: datetime) -> datetime | None:
    """When the student was told in advance, where the ground asks for it."""
    return told.told_at(student, people.today(at)) if ground == Ground.EDUCATION else None


def grant(access: Access) -> using.Grant:
    """An access as the kernel judges its use."""
    return using.Grant(
        ground=access.ground, features=frozenset(access.features), starts=access.starts, ends=access.ends,
        authorised=access.state == Access.State.AUTHORISED, ended_at=access.ended_at,
        found=access.loss is not None and access.loss.found_at is not None,
    )  # fmt: skip


def why_not_use(access: Access, features: list[str], at: datetime) -> str:
    """Why this access may not be used for these features now; "" where it may."""
    held = grant(access)
    said = using.why_not(held, features, at)
    return _(said) % {"features": titles.named(using.not_covered(held, features))} if said else ""


def accesses() -> QuerySet[Access]:
    """All accesses, newest first, with what a list shows of them."""
    return Access.objects.select_related("student", "resource", "loss", "duty")


def in_use(at: datetime) -> Q:
    """Those that are open at an instant."""
    over = Q(ended_at__lte=at) | Q(loss__found_at__isnull=False)
    return Q(state=Access.State.AUTHORISED, starts__lte=at, ends__gt=at) & ~over


def standing(access: Access, at: datetime) -> str:
    """Where an access stands: asked, refused, planned, open or over."""
    if access.state != Access.State.AUTHORISED:
        return str(access.state)
    if at < access.starts:
        return "planned"
    return "open" if not why_not_use(access, access.features, at) else "over"
