"""All clocks by owner, one clock with what may be done to it, the feed for a calendar, the days that do not count."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from homeroom.base import listing
from homeroom.base.needs import needs, public
from homeroom.base.onething import FORM
from homeroom.journal.models import Entry
from homeroom.notices import calendar_feed, titles
from homeroom.notices.actions import by_hand
from homeroom.notices.actions import clocks as actions
from homeroom.notices.actions import days as day_actions
from homeroom.notices.forms.clocks import ActForm, ClosingForm, HandForm
from homeroom.notices.models import Clock
from homeroom.notices.queries import clocks as queries
from homeroom.notices.queries import days
from homeroom.notices.views.shared import DIRECTOR, OFFICE, SUPERINTENDENT, did, place
from homeroom.people import queries as people
from homeroom.people.models import STAFF, Person

NOBODY = "-"
COLUMNS = (
    "id",
    "rule",
    "title",
    "clause",
    "about",
    "owner",
    "escalate_to",
    "since",
    "due_at",
    "met_at",
    "withdrawn_at",
)


@needs(*STAFF)
@require_safe
def clocks(request: Any) -> HttpResponse | StreamingHttpResponse:
    """XIV.D.1, XIII.C.0: what is owed, the most urgent first; or what was done."""
    now = timezone.now()
    running = queries.seen_by(request.actor, queries.running())
    late = queries.seen_by(request.actor, queries.late(now))
    shown = request.GET.get("state", "")
    found = {"late": late, "ended": queries.seen_by(request.actor, queries.ended())}.get(shown, running)
    if owner := request.GET.get("owner", "").strip():
        found = found.filter(owner__isnull=True) if owner == NOBODY else found.filter(owner=owner)
    if words := request.GET.get("q", "").strip():
        found = found.filter(title__icontains=words) | found.filter(about__icontains=words)
    if listing.wants_csv(request):
        return listing.csv("clocks", (*COLUMNS, "state"), ((*_line(each), each.state(now)) for each in found))
    part = listing.page(request, found)
    owners = Person.objects.filter(pk__in=running.order_by().values("owner").distinct())[:200]
    page = {
        "page": part, "rows": [(each, *titles.clock_states()[each.state(now)]) for each in part], "shown": shown,
        "running": running.count(), "late": late.count(), "owners": owners, "now": now,
        "everybody": request.actor.holds(*queries.ALL_CLOCKS), "closings": request.actor.holds(*OFFICE),
    }  # fmt: skip
    return render(request, "notices/clocks.html", page)


@needs(*STAFF)
@FORM
def clock(request: Any, pk: int) -> HttpResponse:
    """XIV.D.3, XIV.D.4: one clock: meet it, pause it with a reason, let it run on, withdraw it, hand it to somebody."""
    row = _seen(request, pk)
    act = request.POST.get("act", "")
    form = ActForm(request.POST if act in by_hand.ACTS else None)
    hand = HandForm(
        request.POST if act == "hand" else None, initial={"owner": row.owner_id, "escalate_to": row.escalate_to_id}
    )
    if act in by_hand.ACTS and form.is_valid() and _act(request, row, act, form):
        return redirect("notices:clock", pk)
    if act == "take" and did(
        request, lambda: actions.take_clock(actor=request.actor, at=timezone.now(), clock=row),
        _("You answer for it from now on."),
    ):  # fmt: skip
        return redirect("notices:clock", pk)
    if act == "hand" and hand.is_valid():
        said, now = hand.cleaned_data, timezone.now()
        actions.hand_clock(actor=request.actor, at=now, clock=row, owner=said["owner"], escalate_to=said["escalate_to"])
        return redirect("notices:clock", pk)
    state, tone = titles.clock_states()[row.state(timezone.now())]
    history = Entry.objects.filter(subject=f"clock:{row.pk}").order_by("id")
    page = {
        "row": row, "state": state, "tone": tone, "form": form, "hand": hand, "history": history,
        "acts": queries.offered(request.actor, row), "deed": queries.stops_by_a_deed(row),
        "place": place(row.about, request.actor), "mine": row.owner_id == request.actor.id,
    }  # fmt: skip
    return render(request, "notices/clock.html", page)


def _act(request: Any, row: Clock, act: str, form: ActForm) -> bool:
    said = {"clock": row, "what": act, "words": form.cleaned_data["reason"]}
    return did(
        request, lambda: by_hand.act(actor=request.actor, at=timezone.now(), **said), _("Written down."), form
    )  # fmt: skip


@needs(*STAFF)
@require_POST
def make_feed(request: Any) -> HttpResponse:
    """A new address of one's own calendar feed; it is shown this once."""
    person = Person.objects.filter(pk=request.actor.id).first()
    if person is None:
        raise Http404
    secret = actions.make_feed(actor=request.actor, person=person, at=timezone.now())
    return render(request, "notices/feed.html", {"address": f"{settings.PUBLIC_URL}/clocks/feed/{secret}.ics"})


@public("A calendar program cannot sign in; the address holds a secret of its own for each person.")
@require_safe
def feed(request: Any, secret: str) -> HttpResponse:
    """The running clocks of one person as a calendar."""
    now = timezone.now()
    found = queries.feed_of(actions.digest(secret), people.today(now))
    if found is None:
        raise Http404
    rows = queries.running().filter(owner=found.person_id) | queries.running().filter(escalate_to=found.person_id)
    said = calendar_feed.calendar(
        rows.order_by("due_at")[:1000],
        name=f"Homeroom: {found.person.name}",
        url=settings.PUBLIC_URL,
        at=now,
    )
    return HttpResponse(said, content_type="text/calendar; charset=utf-8")


@needs(*OFFICE)
@FORM
def closings(request: Any) -> HttpResponse | StreamingHttpResponse:
    """The days that count otherwise here than the calendar says."""
    may = request.actor.holds(DIRECTOR, SUPERINTENDENT)
    form = ClosingForm(request.POST or None) if may else None
    if form and form.is_valid():
        said = form.cleaned_data

        def add() -> None:
            day_actions.add_closings(
                actor=request.actor, first=said["first"], last=said["last"], kind=said["kind"], title=said["title"],
                school=said["school"] or None, at=timezone.now(),
            )  # fmt: skip

        if did(request, add, _("Entered. Clocks that start from now on count by it."), form):
            return redirect("notices:closings")
    rows = days.closings()
    if listing.wants_csv(request):
        told = ((row.day, row.kind, row.title, row.school_id or "") for row in rows)
        return listing.csv("closings", ("day", "kind", "title", "school"), told)
    page = {"page": listing.page(request, rows), "form": form, "kinds": titles.closings()}
    return render(request, "notices/closings.html", page)


@needs(DIRECTOR, SUPERINTENDENT)
@require_POST
def closing_withdraw(request: Any, pk: int) -> HttpResponse:
    """A day counts as usual again."""
    day_actions.withdraw_closing(actor=request.actor, closing=pk, at=timezone.now())
    return redirect("notices:closings")


def _seen(request: Any, pk: int) -> Clock:
    rows = queries.seen_by(request.actor, Clock.objects.select_related("owner", "escalate_to"))
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _line(each: Clock) -> tuple[object, ...]:
    owner = each.owner.name if each.owner else ""
    brought = each.escalate_to.name if each.escalate_to else ""
    return (each.pk, each.rule, each.title, each.clause, each.about, owner, brought, each.since, each.due_at,
            each.met_at, each.withdrawn_at)  # fmt: skip
