"""What activity owes the policy, and the probes that look whether it is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from homeroom.activity import retention
from homeroom.activity.actions import open_activity, opening, purge, take_in
from homeroom.activity.models import BlockedRequest, HourCount, SpoolFile, ToolCount
from homeroom.activity.queries import gaps
from homeroom.base.router import ACTIVITY
from homeroom.devices.models import AccessUse
from homeroom.journal.models import Entry
from homeroom.kernel.policytext.claims import Claim, How, Looked
from homeroom.people import queries as people

GRACE = 2 * 60 * 60  # seconds; what passed its limit goes with the next hourly round
MONTH = timedelta(days=30)


def blocked_requests_kept_too_long(at: datetime) -> Looked:
    """XIV.B.3: pseudonymous records of blocked requests that are older than they may be."""
    rows = BlockedRequest.objects.using(ACTIVITY)
    late = rows.filter(at__lt=_limit("blocked_requests", at)).exclude(opening.held()[0])
    return Looked(rows.count(), late.count())


def counts_kept_too_long(at: datetime) -> Looked:
    """XIV.B.3: hourly counts and daily counts of watched tools that are older than they may be."""
    hours, days = HourCount.objects.using(ACTIVITY), ToolCount.objects.using(ACTIVITY)
    late = (
        hours.filter(hour__lt=_limit("hour_counts", at)).count()
        + days.filter(day__lt=_limit("tool_counts", at)).count()
    )
    return Looked(hours.count() + days.count(), late)


def _limit(name: str, at: datetime) -> int:
    return retention.keep(name, people.today(at)).before(at) - GRACE


def files_with_gaps(at: datetime) -> Looked:
    """VI.Alt3.A.1: files of the last month in which something was lost, torn or damaged."""
    files = SpoolFile.objects.using(ACTIVITY).filter(seen__gte=int((at - MONTH).timestamp()))
    whole = files.filter(lost_blocks=0, lost_answers=0, torn=0, damaged=0).count()
    looked = files.count()
    lost = gaps(at - MONTH, at)
    return Looked(looked, looked - whole, "" if lost.none else f"{lost.lost_answers + lost.lost_blocks} lines lost.")


def hours_without_counts(at: datetime) -> Looked:
    """VI.Alt3.A.1: whether the last week has any counts, once there were some."""
    hours = HourCount.objects.using(ACTIVITY)
    if not hours.exists():
        return Looked(0, summary="The doors have answered nothing yet.")
    week = hours.filter(hour__gte=int((at - timedelta(days=7)).timestamp())).exists()
    return Looked(1, int(not week))


def openings_without_access(at: datetime) -> Looked:
    """XIV.B.3: readings of one person's filter records behind which no use of an access stands."""
    read = Entry.objects.filter(verb="activity.opened").count()
    uses = AccessUse.objects.filter(source="filter").count()
    return Looked(max(read, uses), max(read, uses) - min(read, uses))


CLAIMS = (
    Claim(
        ("XIV.B.3",), How.CLOCK,
        "Of pages that open only hourly counts are kept, and by the day how often known tools were asked for; of "
        "blocked ones a code that changes each month, for days and not longer; one person's records open only under a "
        "recorded ground, and each reading is written down.",
        (take_in, purge, open_activity),
        (blocked_requests_kept_too_long, counts_kept_too_long, openings_without_access),
        missing="Tools outside Homeroom are seen only as far as their own logs are brought in.",
    ),
)  # fmt: skip
