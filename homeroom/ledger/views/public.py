"""The ledger as everybody may read it: no sign-in, no script, small numbers hidden."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom import __version__
from homeroom.base import listing
from homeroom.base.needs import public
from homeroom.board import queries as board
from homeroom.kernel.clauses import TITLES, written
from homeroom.kernel.policytext.claims import Claim, name
from homeroom.ledger import catalogue, figures, manifest, oscal, papers, queries, search, sources, whole, words
from homeroom.ledger.queries import Entry, Ledger, State
from homeroom.ledger.views.shared import OFFICIALS
from homeroom.people import queries as people

ANSWERS = 3
COLUMNS = (
    "clause", "title", "who", "what", "when", "clock", "proof", "law", "state", "how", "sentence", "missing",
    "looked_at", "broken", "observed", "good_until",
)  # fmt: skip


@public("The policy and how it is kept are open to everybody's review (XVII.C).")
@require_safe
def ledger(request: HttpRequest) -> HttpResponseBase:
    """XVII.C: every clause with its state; ?q= searches in plain words, ?state= keeps one state, ?format= exports."""
    found = queries.ledger(timezone.now())
    asked, state = request.GET.get("q", "").strip()[:200], request.GET.get("state", "")
    entries = search.find(asked, found.entries) if asked else list(found.entries)
    if state in list(State):
        entries = [each for each in entries if each.state == state]
    if listing.wants_csv(request):
        return listing.csv("ledger", COLUMNS, _lines(entries))
    if request.GET.get("format") == "json":
        return JsonResponse(_as_json(found, entries), json_dumps_params={"ensure_ascii": False, "indent": 1})
    if request.GET.get("format") == "pdf":
        return _pdf(entries)
    counts = Counter(each.state for each in found.entries)
    now = timezone.now()
    page = {
        # The first answers to a question bring this year's figures with them.
        "figures": {each.id: figures.of(each.id, now) for each in entries[:ANSWERS]} if asked else {},
        "since": figures.since(now),
        "groups": [("", entries)] if asked and entries else words.by_article(entries),
        "asked": asked,
        "state": state,
        "states": [(each, words.states()[each], counts[each]) for each in State],
        "text": found.text,
        "all": len(found.entries),
        "none": not entries,
        "oscal": tuple(oscal.PARTS),
    }
    return render(request, "ledger/ledger.html", page)


@public("The policy itself is open to everybody's review, as adopted and as it was on any day (XVII.C).")
@require_safe
def whole_text(request: HttpRequest) -> HttpResponse:
    """XVII.C: the whole text as people read it, each clause with its state; ?on= shows the text of another day."""
    now = timezone.now()
    try:
        on = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        on = people.today(now)
    page = {"whole": whole.read(on, now), "on": on, "texts": whole.texts(now)}
    return render(request, "ledger/whole.html", page)


@public("Each clause of the policy has an address that everybody may open (XVII.C).")
@require_safe
def clause(request: HttpRequest, id: str) -> HttpResponse:
    """XVII.C: one clause: the district's own words, who answers for it, and what was seen."""
    if id not in TITLES:
        if written(id) in TITLES:
            return redirect("ledger:clause", written(id))
        if any(known.startswith(f"{id}.") for known in TITLES):
            return redirect(f"{reverse('ledger:ledger')}?{urlencode({'q': id})}")
        raise Http404(_("There is no such clause. Look for it in the ledger."))
    found = queries.ledger(timezone.now())
    entry = next(each for each in found.entries if each.id == id)
    if request.GET.get("format") == "json":
        return JsonResponse(queries.as_json(entry, public=True), json_dumps_params={"ensure_ascii": False, "indent": 1})
    page: dict[str, Any] = {
        "entry": entry,
        "text": found.text,
        "article": words.article(entry.article),
        "how": words.hows()[entry.how],
        "looks": [_look(each) for each in queries.history(entry)],
        "functions": [(name(each), sources.find(name(each))) for each in (*entry.claim.actions, *entry.claim.probes)],
        "tests": [(each, sources.link(each.partition("::")[0])) for each in entry.tests],
        "tests_here": sources.tests_came_along(),
        "commit": manifest.commit(),
        "figures": _figures(entry),
        "year": figures.of(entry.id, timezone.now()),
        "since": figures.since(timezone.now()),
        "clock": _clock(entry),
        "may_look": bool(entry.claim.probes) and request.actor.holds(*OFFICIALS),  # type: ignore[attr-defined]
    }
    return render(request, "ledger/clause.html", page)


@public("Programs of auditors read the ledger in the form that NIST made for it (XVII.C).")
@require_safe
def as_oscal(request: HttpRequest, part: str) -> HttpResponse:
    """XVII.C: catalog, profile, component-definition or assessment-results as OSCAL."""
    write = oscal.PARTS.get(part.removesuffix(".json"))
    if write is None:
        raise Http404(_("There are: %(parts)s.") % {"parts": ", ".join(oscal.PARTS)})
    now = timezone.now()
    return JsonResponse(write(queries.ledger(now), now), json_dumps_params={"ensure_ascii": False, "indent": 1})


@public("The program that keeps the policy is open to everybody's review, as the policy is (XVII.C).")
@require_safe
def code(request: HttpRequest, named: str) -> HttpResponse:
    """XVII.C: a function or a test that the ledger names, as it runs here."""
    source = sources.find(named)
    if source is None:
        raise Http404(_("The ledger names nothing of that name, or its source did not come along."))
    test = "::" in named
    page = {
        "source": source,
        "short": named.rpartition("::")[2] if test else named,
        "test": test,
        "commit": manifest.commit(),
        "clauses": [id for id, claim in catalogue.claims().items() if _names(id, claim, named)],
    }
    return render(request, "ledger/code.html", page)


def _names(id: str, claim: Claim, named: str) -> bool:
    return named in manifest.shipped().get(id, ()) or named in map(name, (*claim.actions, *claim.probes))


def _pdf(entries: list[Entry]) -> HttpResponse:
    answer = HttpResponse(papers.ledger(entries, timezone.now()), content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="ledger.pdf"'
    return answer


def _lines(entries: list[Entry]) -> list[tuple[object, ...]]:
    told = [queries.as_json(each, public=True) for each in entries]
    return [tuple(each[column] for column in COLUMNS) for each in told]


def _as_json(found: Ledger, entries: list[Entry]) -> dict[str, Any]:
    text = found.text and {"title": found.text.title, "sha256": found.text.sha256, "from": str(found.text.from_day)}
    release = {"version": __version__, "commit": manifest.commit()}
    return {"release": release, "text": text, "clauses": [queries.as_json(each, public=True) for each in entries]}


def _figures(entry: Entry) -> tuple[str, str]:
    return queries.seen_in_public(entry)


def _clock(entry: Entry) -> Any:
    """The number that runs for a clause, as it stands today."""
    return board.held(entry.duty.clock, people.today(timezone.now())) if entry.duty.clock else None


def _look(seen: Any) -> dict[str, Any]:
    """One look as everybody may see it: what a probe says in words stays inside, since it may name numbers."""
    broken, looked_at = queries.of(seen.broken, seen.looked_at)
    return {
        "at": seen.at,
        "what": catalogue.looked_for(seen.probe),
        "failed": bool(seen.failed),
        "broken": broken,
        "looked_at": looked_at,
    }
