"""The year's figures beside a clause: what was counted under it since 1 July, as everybody may see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _

from homeroom.access.models import Restriction
from homeroom.activity.models import HourCount
from homeroom.agreements.models import Signature
from homeroom.base.router import ACTIVITY
from homeroom.board.models import Addendum
from homeroom.devices.models import Access, Loan, TellDuty
from homeroom.filtering.models import ReviewRequest
from homeroom.ledger.queries import of as of_whole
from homeroom.ledger.queries import shown
from homeroom.notices.models import Letter
from homeroom.people import queries as people
from homeroom.providers.models import Inspection
from homeroom.providers.queries import contracts as providers

FIRST_MONTH = 7  # the school's year begins in July, as its funding year does


@dataclass(frozen=True, slots=True)
class Figure:
    """What was counted, in words, and how often; a number that might speak of one child is hidden."""

    what: str
    number: str


# What, how often, and of how many where that number is told as well.
Counted = Iterator[tuple[str, int] | tuple[str, int, int]]


def since(at: datetime) -> datetime:
    """The first instant of the year that an instant lies in."""
    on = people.today(at)
    first = date(on.year if on.month >= FIRST_MONTH else on.year - 1, FIRST_MONTH, 1)
    return datetime.combine(first, time(), people.zone())


def of(clause: str, at: datetime) -> list[Figure]:
    """XVII.C: the figures of the year that belong to a clause; none where nothing of it is counted."""
    for beginnings, count in _GROUPS:
        if clause.startswith(beginnings):
            return [Figure(what, _told(*numbers)) for what, *numbers in count(since(at), at)]
    return []


def _told(n: int, whole: int | None = None) -> str:
    return shown(n) if whole is None else of_whole(n, whole)[0]


def _devices(first: datetime, at: datetime) -> Counted:
    looked = Access.objects.filter(state="authorised", starts__gte=first, starts__lte=at)
    yield _("devices and accounts in students’ hands today"), Loan.objects.filter(returned_at=None).count()
    yield _("times somebody was allowed to look into one of them"), looked.count()
    grounds = {row["ground"]: row["n"] for row in looked.order_by().values("ground").annotate(n=Count("pk"))}
    threats = grounds.get("threat", 0)
    yield _("of these because of a threat to somebody’s life or safety"), threats, sum(grounds.values())
    told = TellDuty.objects.filter(first_access_at__gte=first)
    on_time = told.filter(told_at__lte=F("due_at")).count()
    yield _("families told in writing within the time, after such a threat"), on_time


def _filter(first: datetime, at: datetime) -> Counted:
    begun = int(first.timestamp())
    counts = HourCount.objects.using(ACTIVITY).filter(hour__gte=begun, verdict="block")
    sums = counts.aggregate(law=Sum("n", filter=Q(kind="statutory")), own=Sum("n", filter=Q(kind="district")))
    yield _("requests refused because the law says so"), sums["law"] or 0
    yield _("requests refused by the district’s own choice"), sums["own"] or 0
    asked = ReviewRequest.objects.filter(asked_at__gte=first)
    yield _("requests to look at a blocked page again"), asked.count()
    yield _("of these answered"), asked.filter(state="answered").count(), asked.count()


def _agreements(first: datetime, at: datetime) -> Counted:
    yield _("signatures on agreements"), Signature.objects.filter(signed_at__gte=first, signed_at__lte=at).count()


def _letters(*kinds: str) -> Callable[[datetime, datetime], Counted]:
    def count(first: datetime, at: datetime) -> Counted:
        sent = Letter.objects.filter(kind__in=kinds, made_at__gte=first)
        yield _("notices written"), sent.count()
        yield _("of these delivered"), sent.filter(state="delivered").count(), sent.count()

    return count


def _providers(first: datetime, at: datetime) -> Counted:
    yield _("contracts with technology providers in force today"), providers.active(people.today(at)).count()
    yield _("times somebody asked to read a contract"), Inspection.objects.filter(asked_at__gte=first).count()
    yield from _letters("providers")(first, at)


def _consequences(first: datetime, at: datetime) -> Counted:
    yield _("suspensions and cancellations of access"), Restriction.objects.filter(decided_at__gte=first).count()


def _addenda(first: datetime, at: datetime) -> Counted:
    approved = Addendum.objects.filter(approved_on__gte=first.date(), approved_on__lte=at.date())
    yield _("forms, notices and guidelines that the board approved"), approved.count()


_GROUPS: tuple[tuple[tuple[str, ...], Callable[[datetime, datetime], Counted]], ...] = (
    (("XIV.",), _devices),
    (("XIII.",), _providers),
    (("VI.", "V.A.1.a", "V.A.4d"), _filter),
    (("IX.",), _agreements),
    (("XI.",), _letters("users")),
    (("XII.",), _letters("parents")),
    (("IV.2a",), _consequences),
    (("XVII.A", "XVII.B"), _addenda),
)
