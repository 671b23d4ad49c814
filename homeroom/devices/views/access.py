"""XIV.C: the register of accesses, a request, an emergency."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.base import kept, listing
from homeroom.base.needs import needs
from homeroom.base.onething import FORM, page_of, work
from homeroom.devices import titles
from homeroom.devices.actions import gate as actions
from homeroom.devices.actions import telling
from homeroom.devices.forms.access import EmergencyForm, RequestForm
from homeroom.devices.models import Access
from homeroom.devices.queries import gate, matching, register, resources
from homeroom.devices.views.shared import ACT, ADMINISTRATOR, CLERK, DIRECTOR, SUPERINTENDENT, TEACHER, Desk, desk
from homeroom.journal import actions as journal
from homeroom.kernel.devices.gate import Warrant

COLUMNS = ("id", "student", "resource", "features", "ground", "purpose", "why", "starts", "ends", "who looks",
           "state", "asked by", "clock", "due", "told")  # fmt: skip
EMERGENCY_LASTS = timedelta(hours=24)  # Homeroom's choice; a threat that lasts longer is looked at anew


@dataclass(frozen=True, slots=True)
class Line:
    """One access as a list shows it."""

    access: Access
    features: str
    ground: str
    standing: tuple[str, str]
    clock: tuple[str, str]
    uses: tuple[tuple[datetime, str], ...] = ()


def lines(rows: Iterable[Access], at: datetime) -> list[Line]:
    """Accesses with all that is said of them in words."""
    features, grounds = titles.features(), titles.grounds()
    standings, clocks = titles.standings(), titles.clocks()
    return [
        Line(
            access, ", ".join(features.get(each, each) for each in access.features), grounds[access.ground],
            standings[gate.standing(access, at)],
            clocks[access.duty.status(at)] if hasattr(access, "duty") else ("", ""),
        )
        for access in rows
    ]  # fmt: skip


@needs(DIRECTOR, ADMINISTRATOR, TEACHER, CLERK, SUPERINTENDENT)
@require_safe
def access(request: Any) -> HttpResponse | StreamingHttpResponse:
    """XIV.C.0: every access within one's reach, with its clock; teachers and the office see what they asked for."""
    at_desk = desk(request)
    mine = opened_to(at_desk)
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "ground", "state", "clock")}
    found = register.filtered(
        mine, words=asked["q"], ground=asked["ground"], state=asked["state"], clock=asked["clock"], at=at_desk.now
    )
    if listing.wants_csv(request):
        journal.list_taken(actor=request.actor, what="device-accesses", asked=request.GET, at=at_desk.now)
        return listing.csv("device-accesses", COLUMNS, _csv(found, at_desk.now))
    part = listing.page(request, found)
    duties = register.waiting().filter(access__in=mine.values("pk"))
    page = {
        "page": part,
        "lines": lines(part, at_desk.now),
        "waiting": mine.filter(state=Access.State.ASKED).count(),
        "duties": duties[:20],
        "to_tell": duties.count(),
        "late": duties.filter(register.late(at_desk.now, "")).count(),
        "findings": matching.findings().count() if at_desk.actor.holds(DIRECTOR) else 0,
        "director": at_desk.actor.holds(DIRECTOR),
        "official": at_desk.actor.holds(DIRECTOR, ADMINISTRATOR),
        "above": at_desk.actor.holds(SUPERINTENDENT) and not at_desk.actor.holds(DIRECTOR),
        "acts": at_desk.actor.holds(*ACT),
        "asks": at_desk.actor.holds(DIRECTOR, ADMINISTRATOR, TEACHER),
        "grounds": titles.grounds().items(),
        "states": [(name, title) for name, (title, _tone) in titles.standings().items() if name != "planned"],
        "filtered": any(asked.values()),
    }
    return render(request, "devices/access.html", page)


def opened_to(at_desk: Desk) -> QuerySet[Access]:
    """The accesses within one's reach; a teacher or a clerk opens only those they asked for themselves.

    XIV.D: the superintendent those of which a family must be told.
    """
    if at_desk.actor.holds(SUPERINTENDENT) and not at_desk.actor.holds(DIRECTOR):
        return gate.accesses().filter(duty__isnull=False)
    rows = register.within(gate.accesses(), at_desk.reach, at_desk.on)
    return rows if at_desk.actor.holds(DIRECTOR, ADMINISTRATOR) else rows.filter(asked_by=at_desk.actor.id)


def _csv(rows: Iterable[Access], at: datetime) -> Iterable[list[object]]:
    for line in lines(rows, at):
        row, duty = line.access, getattr(line.access, "duty", None)
        yield [
            row.pk, row.student.name, row.resource.label if row.resource else "", line.features, line.ground,
            row.purpose, row.why, row.starts, row.ends, row.looker, line.standing[0], row.asked_by_name,
            line.clock[0], duty.due_at if duty else "", duty.told_at if duty else "",
        ]  # fmt: skip


@needs(DIRECTOR, ADMINISTRATOR, TEACHER)
@FORM
def ask(request: Any) -> HttpResponse:
    """XIV.C.0: ask for an access; what it lacks is said in sentences."""
    at_desk = desk(request)
    form = RequestForm(
        request.POST or None, request.FILES or None, among=at_desk.students, resources=_resources(at_desk),
        suspicions=_suspicions(at_desk), initial={name: request.GET[name] for name in request.GET},
    )  # fmt: skip
    page = page_of(
        _("Ask for an access"), "devices:access", _("Access to devices"), _("Ask"),
        lede=_("Nobody looks into a student’s device without one of six grounds and what proves it."),
    )  # fmt: skip
    page["official"] = at_desk.actor.holds(DIRECTOR, ADMINISTRATOR)
    return work(
        request, form,
        lambda said: actions.ask(actor=request.actor, wanted=_wanted(said), key=said["key"], at=at_desk.now),
        done=_("It is on record."), to=lambda row: ("devices:case", row.pk), page=page, template="devices/ask.html",
    )  # fmt: skip


def _wanted(said: dict[str, Any]) -> actions.Wanted:
    file = said["warrant_file"]
    warrant = Warrant(
        said["warrant_number"], kept.keep(file.read()) if file else "", said["warrant_scope"], said["warrant_expires"]
    )
    plain = ("student", "ground", "purpose", "why", "scope", "starts", "ends", "actor_class", "looker", "commercial",
             "looks_from", "looks_until", "threat", "citation")  # fmt: skip
    return actions.Wanted(
        features=tuple(said["features"]), warrant=warrant, resource=int(said["resource"]) if said["resource"] else None,
        suspicion=int(said["suspicion"]) if said["suspicion"] else None, **{name: said[name] for name in plain},
    )  # fmt: skip


def _resources(at_desk: Desk) -> list[tuple[str, str]]:
    """What may be chosen: things in the hands of students one reaches; none where they are too many to choose from."""
    rows = resources.within(resources.resources(), at_desk.reach, at_desk.on).filter(loans__returned_at__isnull=True)
    found = list(rows.filter(loans__person__in=at_desk.students.values("pk")).distinct()[:501])
    return [(str(row.pk), f"{row.label} · {row.held[0].person.name}") for row in found if row.held]  # type: ignore[attr-defined]


def _suspicions(at_desk: Desk) -> list[tuple[str, str]]:
    rows = register.suspicions(at_desk.reach, at_desk.on).filter(refused_at__isnull=True)[:100]
    return [(str(row.pk), f"{row.pk}: {row.person.name}, {row.rule}") for row in rows]


@needs(DIRECTOR, ADMINISTRATOR, TEACHER, CLERK)
@FORM
def emergency(request: Any) -> HttpResponse:
    """XIV.C.4: a threat to life or safety, written down in the same minute; the 72 hours run from the first look."""
    at_desk = desk(request)
    form = EmergencyForm(
        request.POST or None, among=at_desk.students, initial={name: request.GET[name] for name in request.GET}
    )

    def do(said: dict[str, Any]) -> Access:
        first = said["first_access"] or at_desk.now
        wanted = actions.Wanted(
            student=said["student"], features=tuple(said["features"]), ground="threat", purpose="safety",
            why=said["why"], scope="Only what helps to avert this threat", starts=first,
            ends=max(first, at_desk.now) + EMERGENCY_LASTS, actor_class=said["actor_class"], looker=said["looker"],
            threat=said["threat"],
        )  # fmt: skip
        return telling.record_emergency(
            actor=request.actor, wanted=wanted, key=said["key"], first_access=first, at=at_desk.now
        )[0]

    page = page_of(
        _("Emergency access"), "devices:access", _("Access to devices"), _("Record, and look now"),
        lede=_("Only for an imminent threat to life or safety. The family must be told within 72 hours from now."),
    )  # fmt: skip
    return work(
        request, form, do, done=_("Recorded. The clock runs. A notice is drafted: say who is told, then send it."),
        to=lambda row: ("devices:case", row.pk), page={**page, "danger": True}, template="devices/emergency.html",
    )  # fmt: skip
