"""The days on which no school is held, or which count as holidays here, are entered and withdrawn."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.notices.models import Closing

LONGEST = 120  # days in a row


def add_closings(
    *,
    actor: Actor,
    first: date,
    kind: str,
    title: str,
    at: datetime,
    last: date | None = None,
    school: str | None = None,
) -> list[Closing]:
    """Enter one day or several in a row; days that are entered already stay as they are. Raises Refused."""
    last = last or first
    if kind not in Closing.Kind.values:
        raise Refused(
            _("“%(kind)s” is no kind of day; choose one of %(known)s.")
            % {"kind": kind, "known": ", ".join(Closing.Kind.values)}
        )
    if not title.strip():
        raise Refused(_("Give the day a name, for example Winter break."))
    if not first <= last <= first + timedelta(days=LONGEST):
        raise Refused(
            _("The last day comes after the first, and at most %(LONGEST)s days are entered at once.")
            % {"LONGEST": LONGEST}
        )
    if school and kind != Closing.Kind.NO_SCHOOL:
        raise Refused(_("Only “no school” can hold for one school; holidays hold for the whole district."))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    with journal.atomic():
        held = Closing.objects.filter(withdrawn_at__isnull=True, kind=kind, school=school, day__in=days)
        have = set(held.values_list("day", flat=True))
        rows = [
            Closing(day=day, kind=kind, title=title.strip(), school_id=school, entered_at=at, entered_by=actor.id)
            for day in days
            if day not in have
        ]
        made = Closing.objects.bulk_create(rows)
        data = {"first": first.isoformat(), "last": last.isoformat(), "kind": kind, "school": school or ""}
        journal.record(
            actor=actor, verb="notices.closings.entered", subject="calendar", at=at, reason=title.strip(), data=data
        )
    return made


def withdraw_closing(*, actor: Actor, closing: int, at: datetime) -> None:
    """A day counts as usual again. Clocks that started before keep the end they were given."""
    with journal.atomic():
        changed = Closing.objects.filter(pk=closing, withdrawn_at__isnull=True).update(
            withdrawn_at=at, withdrawn_by=actor.id
        )
        if changed:
            journal.record(actor=actor, verb="notices.closings.withdrawn", subject=f"closing:{closing}", at=at)
