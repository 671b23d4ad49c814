"""Texts of the policy: read in, look at, correct, compare, and which was in force when."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.board import actions, queries
from homeroom.board.forms.fields import ReasonForm
from homeroom.board.forms.texts import ClauseForm, ImportForm, NewClauseForm
from homeroom.board.models import AdoptedText, PlacedClause
from homeroom.board.views.shared import BOARD, READERS, change, one_form, today
from homeroom.board.words import finding
from homeroom.journal import queries as journal
from homeroom.kernel.clauses import TITLES
from homeroom.kernel.policytext.compare import Change
from homeroom.kernel.policytext.marked import Parts, marked


@needs(*READERS)
@require_safe
def texts(request: Any) -> HttpResponse:
    """524.title-note: all texts, and which was in force on any day (?on=)."""
    now = today()
    on = _day(request.GET.get("on", "")) or now
    profile = queries.funding(now)
    page = {
        "rows": [(each, queries.state(each, now)) for each in queries.texts()],
        "on": on,
        "asked": "on" in request.GET,
        "then": queries.in_force(on),
        "profile": profile,
        "recommended": queries.recommended(profile) if profile else "",
        "board": request.actor.holds(*BOARD),
    }
    return render(request, "board/texts.html", page)


@needs(*BOARD)
@FORM
def add(request: Any) -> HttpResponse:
    """524.title-note: read in a file; what found no place is shown on the draft's page."""
    form = ImportForm(request.POST or None, request.FILES or None)

    def do(said: dict[str, Any]) -> str:
        file = said["file"]
        row, _new = actions.import_text(actor=request.actor, file=file.name, data=file.read(), at=timezone.now())
        return reverse("board:text", args=[row.pk])

    return one_form(
        request, form, do, title=_("Read in a text"), back=reverse("board:texts"), button=_("Read it"), beside="file",
        hint=_("You see what was read, line by line, before anything counts."),
    )  # fmt: skip


@needs(*READERS)
@require_safe
def text(request: Any, pk: int) -> HttpResponse:
    """524.title-note: one text: what was read, what the board did with it, its clauses."""
    row = the_text(pk)
    page = {
        "text": row,
        "state": queries.state(row, today()),
        "clauses": PlacedClause.objects.filter(text=row),
        "alternatives": queries.to_choose(row),
        "options": queries.offered_options(row),
        "points": queries.points(row, today()),
        "number": queries.number(row),
        "odd": [(each["line"], *finding(each)) for each in queries.odd(row)],
        "lost": [each for each in row.unplaced if not each.get("why")],
        "history": journal.about(f"text:{pk}")[:50],
        "others": AdoptedText.objects.exclude(pk=pk),
        "now": queries.in_force(today()),
        "board": request.actor.holds(*BOARD),
        "frozen": row.from_day is None and row.told_on is not None,
    }
    return render(request, "board/text.html", page)


@needs(*READERS)
@require_safe
def compare(request: Any) -> HttpResponse:
    """XVII.B: two texts side by side, clause by clause, and what must be read again because of it."""
    before, after = (the_text(_number(request.GET.get(each, ""))) for each in ("a", "b"))
    found = queries.comparison(before, after)
    touched = queries.touched(found.reread, after.from_day or today())
    page = {
        "before": before,
        "after": after,
        "changes": [(each, *_wordings(each)) for each in found.changes],
        "same": found.same,
        "claims": [(id, TITLES[id]) for id in touched.claims],
        "addenda": touched.addenda,
        "parameters": touched.parameters,
    }
    return render(request, "board/compare.html", page)


def _wordings(change: Change) -> tuple[Parts, Parts]:
    """Before and after; marked where the words of one clause changed, and not where it came, went or only moved."""
    before, after = (
        " ".join(part for part in (row.title, row.words, row.closing) if part) if row else ""
        for row in (change.before, change.after)
    )
    if change.kind == "words":
        return marked(before, after)
    return tuple(((words, False),) if words else () for words in (before, after))  # type: ignore[return-value]


@needs(*BOARD)
@FORM
def discard(request: Any, pk: int) -> HttpResponse:
    """524.title-note: let go of a draft."""
    row = the_text(pk)
    form = ReasonForm(request.POST or None)
    return change(
        request, form, _("Discard this draft?"), actions.discard_text, reverse("board:texts"),
        said=_("The draft is gone."), hint=str(row), button=_("Discard"), act_on={"text": pk},
    )  # fmt: skip


@needs(*BOARD)
@FORM
def correct(request: Any, pk: int, place: int) -> HttpResponse:
    """524.title-note: correct one clause of a draft by hand."""
    clause = PlacedClause.objects.filter(text=the_text(pk), place=place).first()
    if clause is None:
        raise Http404
    now = {
        "id": clause.clause, "title": clause.title, "words": clause.words, "closing": clause.closing,
        "optional": clause.optional,
    }  # fmt: skip
    form = ClauseForm(request.POST or None, initial=now)
    return change(
        request, form, _("Correct %(clause)s") % {"clause": clause.clause}, actions.correct_clause, _at(pk, place),
        said=_("The clause is corrected."), act_on={"text": pk, "place": place},
        hint=_("Lines %(first)s to %(last)s of the file.") % {"first": clause.first_line, "last": clause.last_line},
    )  # fmt: skip


@needs(*BOARD)
@FORM
def insert(request: Any, pk: int, place: int) -> HttpResponse:
    """524.title-note: add a clause after another one."""
    the_text(pk)
    return change(
        request, NewClauseForm(request.POST or None), _("Add a clause here"), actions.add_clause, _at(pk, place),
        said=_("The clause is added."), act_on={"text": pk, "after": place},
    )  # fmt: skip


@needs(*BOARD)
@FORM
def remove(request: Any, pk: int, place: int) -> HttpResponse:
    """524.title-note: take out what is no clause."""
    the_text(pk)
    return change(
        request, ReasonForm(request.POST or None), _("Take this clause out of the draft?"), actions.remove_clause,
        reverse("board:text", args=[pk]), said=_("It is taken out."), button=_("Take it out"),
        act_on={"text": pk, "place": place},
    )  # fmt: skip


@needs(*BOARD)
@FORM
def aside(request: Any, pk: int, line: int) -> HttpResponse:
    """524.title-note: a line that found no place was looked at."""
    row = the_text(pk)
    words = next((each["text"] for each in row.unplaced if each["line"] == line), None)
    if words is None:
        raise Http404
    return change(
        request, ReasonForm(request.POST or None), _("Set line %(line)s aside") % {"line": line},
        actions.set_line_aside, reverse("board:text", args=[pk]), said=_("The line is set aside."), hint=words,
        act_on={"text": pk, "line": line},
    )  # fmt: skip


def the_text(pk: int) -> AdoptedText:
    """A text, or the page that says there is none."""
    row = queries.text(pk)
    if row is None:
        raise Http404
    return row


def _at(pk: int, place: int) -> str:
    return f"{reverse('board:text', args=[pk])}#c{place}"


def _number(said: str) -> int:
    if not said.isdigit() or len(said) > 9:
        raise Http404
    return int(said)


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None
