"""XIV.C.0, T5: the one place where a person leads to a pseudonym: one person, one window, one recorded ground.

Only in this direction: nothing here, and nothing anywhere, leads from a pseudonym to a person. Each read is a use of
the access, stands in the journal, and on ground 4 starts the 72 hours until the family is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import inf
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from homeroom.access.roll import aliases
from homeroom.activity.models import BlockedRequest
from homeroom.activity.retention import keep
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.base.router import ACTIVITY
from homeroom.devices.actions import gate
from homeroom.devices.models import Access
from homeroom.journal import actions as journal
from homeroom.kernel.devices.terms import Feature
from homeroom.people import queries as people
from homeroom.requests.queries import data

MOST = 5000  # rows one read shows; a narrower window shows the rest


@dataclass(frozen=True, slots=True)
class Opened:
    """What the filter refused to one person in one window. `since` is cut to what is still kept."""

    access: Access
    since: datetime
    until: datetime
    rows: tuple[dict[str, Any], ...]
    more: bool

    def as_json(self) -> dict[str, Any]:
        """As plain values; the pseudonym is not among them."""
        rows = [{**row, "at": row["at"].isoformat()} for row in self.rows]
        return {"access": self.access.pk, "student": self.access.student_id, "ground": self.access.ground,
                "since": self.since.isoformat(), "until": self.until.isoformat(), "rows": rows,
                "more": self.more}  # fmt: skip


def open_activity(*, actor: Actor, access: int, at: datetime) -> Opened:
    """XIV.C.0: what the filter refused to the student of an access, in the time that the access names.

    Raises Refused without a ground that covers it now, or where nothing of that time is kept any more.
    """
    row = Access.objects.select_related("student").filter(pk=access).first()
    if row is None:
        raise Refused(
            _("There is no access %(access)s. Ask for one first, on one of the six grounds.") % {"access": access}
        )
    begin, end = _window(row, at)
    with journal.atomic():
        gate.use(
            actor=actor, access=access, features=[Feature.BROWSING], at=at, looker=actor.name or actor.id,
            seen=f"Filter records from {begin:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC", source="filter",
        )  # fmt: skip
        rows, more = _read(row.student_id, begin, end)
        journal.record(
            actor=actor, verb="activity.opened", subject=f"device-access:{access}", at=at, clause="XIV.C.0",
            reason=row.why, data={"student": row.student_id, "rows": len(rows), "since": begin.isoformat(),
                                  "until": end.isoformat()},
        )  # fmt: skip
    return Opened(row, begin, end, rows, more)


def held() -> tuple[Q, float]:
    """VIII.D.1: the records that open requests ask to see, and the second since when; none, and no such second.

    They are kept until the request is answered: whoever asks must not find the answer deleted meanwhile.
    """
    rows, first = Q(pk__in=()), inf
    for student, asked_at in data.waiting_for_filter_records():
        since = _oldest(asked_at)
        names = aliases(student, _months(people.local(since).date(), people.local(asked_at).date()))
        rows |= Q(alias__in=names, at__gte=int(since.timestamp()))
        first = min(first, int(since.timestamp()))
    return rows, first


def _oldest(at: datetime) -> datetime:
    return datetime.fromtimestamp(keep("blocked_requests", people.today(at)).before(at), UTC)


def _window(row: Access, at: datetime) -> tuple[datetime, datetime]:
    if row.looks_from is None or row.looks_until is None:
        raise Refused(_("This access does not name the time it looks at. Ask for one that does."))
    asked = [asked_at for student, asked_at in data.waiting_for_filter_records() if student == row.student_id]
    oldest = _oldest(min([at, *asked]))
    begin, end = max(row.looks_from, oldest).astimezone(UTC), min(row.looks_until, at).astimezone(UTC)
    if begin >= end:
        raise Refused(_("Nothing of that time is kept any more; blocked requests go after a few weeks."))
    return begin, end


def _read(student: str, begin: datetime, end: datetime) -> tuple[tuple[dict[str, Any], ...], bool]:
    names = aliases(student, _months(people.local(begin).date(), people.local(end).date()))
    found = BlockedRequest.objects.using(ACTIVITY).filter(
        alias__in=names, at__gte=int(begin.timestamp()), at__lt=int(end.timestamp()) + 1
    )
    fields = ("at", "host", "kind", "clause", "category", "n", "door")
    rows = list(found.order_by("-at", "-id").values(*fields)[: MOST + 1])
    shown = tuple({**each, "at": datetime.fromtimestamp(each["at"], UTC)} for each in rows[:MOST])
    return shown, len(rows) > MOST


def _months(first: date, last: date) -> list[date]:
    """A day in each month that the window touches, and in the one before: a door may be late with a new month."""
    days, day = [first.replace(day=1) - timedelta(days=1)], first.replace(day=1)
    while day <= last:
        days.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return days
