"""The words of notices: their versions, each language beside the English, what is missing, and the way to the board."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.board import queries as board
from homeroom.notices import elements, titles, wording
from homeroom.notices.actions import templates as actions
from homeroom.notices.forms.notices import NewTextForm, TextForm
from homeroom.notices.kinds import CLOSING, KINDS, OPENING, Kind
from homeroom.notices.kinds import places as places_of
from homeroom.notices.models import Template, Text
from homeroom.notices.queries import told
from homeroom.notices.views.shared import ADMINISTRATOR, DECIDE, did
from homeroom.people import queries as people


@needs(*DECIDE, ADMINISTRATOR)
@require_safe
def templates(request: Any) -> HttpResponse:
    """XVII.A.1: every kind of notice with its versions, and which of them is part of the policy today."""
    on = people.today(timezone.now())
    rows = list(Template.objects.prefetch_related("texts"))
    effective = {kind: told.current_template(kind, on) for kind in KINDS if KINDS[kind].addendum}
    standing = {each.subject: board.standing(each, on) for each in reversed(board.addenda()) if _ours(each.subject)}
    kinds = [
        (kind, effective[kind.id], [(row, standing.get(row.subject, "")) for row in rows if row.kind == kind.id])
        for kind in KINDS.values()
        if kind.addendum
    ]
    page = {"kinds": kinds, "may": request.actor.holds(*DECIDE)}
    return render(request, "notices/templates.html", page)


@needs(*DECIDE)
@require_POST
def add(request: Any, kind: str) -> HttpResponse:
    """The next version: a copy of the last one, or the drafts that come with Homeroom."""
    if kind not in KINDS or not KINDS[kind].addendum:
        raise Http404
    last = Template.objects.filter(kind=kind).order_by("-number").first()
    row = actions.new_template(actor=request.actor, at=timezone.now(), kind=kind, copy=last)
    return redirect("notices:template", row.pk)


@needs(*DECIDE, ADMINISTRATOR)
@require_safe
def template(request: Any, pk: int) -> HttpResponse:
    """XI.B, XII.B, XIII.C, XIV.D.2: one version: its languages, and what each of them lacks."""
    row, kind = _get(pk)
    on = people.today(timezone.now())
    found = {each.language: each for each in row.texts.all()}
    texts = [(found[code], titles.languages().get(code, code), _faults(kind, found[code])) for code in _order(found)]
    addendum = board.addenda().filter(subject=row.subject).first()
    page = {
        "row": row, "kind": kind, "texts": texts, "new": NewTextForm(have=set(found)),
        "standing": board.standing(addendum, on) if addendum else "", "addendum": addendum,
        "ready": not row.sealed_at and not _faults(kind, found.get("en")), "may": request.actor.holds(*DECIDE),
    }  # fmt: skip
    return render(request, "notices/template.html", page)


@needs(*DECIDE, ADMINISTRATOR)
@FORM
def text(request: Any, pk: int, language: str) -> HttpResponse:
    """XVII.A.1: the words of one language, block by block, with the English beside them."""
    row, kind = _get(pk)
    found = {each.language: each for each in row.texts.all()}
    if language not in titles.languages() and language not in found:
        raise Http404
    mine, english = found.get(language), found.get("en")
    may = request.actor.holds(*DECIDE) and not row.sealed_at
    blocks = {name: (title, hint, mine.blocks.get(name, "") if mine else "") for name, title, hint in _fields(kind)}
    form = TextForm(request.POST or None, blocks=blocks, initial={"subject": mine.subject if mine else ""})
    if may and form.is_valid() and _write(request, row, language, form):
        return redirect("notices:template-text", pk, language)
    wrong: dict[str, list[str]] = {}
    for fault in _faults(kind, mine):
        wrong.setdefault(fault.element, []).append(fault.sentence)
    page = {
        "row": row, "kind": kind, "language": language, "title": titles.languages().get(language, language),
        "form": form, "text": mine, "may": may, "english": english if language != "en" else None,
        "direction": "rtl" if wording.right_to_left(language) else "ltr",
        "fields": [
            (name, form.bound(name), english.blocks.get(name, "") if english else "", wrong.get(name, ()))
            for name in blocks
        ],
        "faults": sum(len(each) for each in wrong.values()), "places": sorted(places_of(kind)),
    }  # fmt: skip
    return render(request, "notices/text.html", page)


@needs(*DECIDE)
@require_POST
def check(request: Any, pk: int, language: str) -> HttpResponse:
    """Somebody who reads the language vouches for the words."""
    row, _kind = _get(pk)
    mine = row.texts.filter(language=language).first()
    if mine is None:
        raise Http404
    did(
        request, lambda: actions.check_text(actor=request.actor, at=timezone.now(), text=mine),
        _("Written down: you vouch for these words."),
    )  # fmt: skip
    return redirect("notices:template", pk)


@needs(*DECIDE)
@require_POST
def new_text(request: Any, pk: int) -> HttpResponse:
    """Lead to the empty fields of a further language."""
    row, _kind = _get(pk)
    code = request.POST.get("language", "")
    if code not in titles.languages():
        return redirect("notices:template", row.pk)
    return redirect("notices:template-text", row.pk, code)


@needs(*DECIDE)
@require_POST
def submit(request: Any, pk: int) -> HttpResponse:
    """XVII.A.1: hand the words to the board."""
    row, _kind = _get(pk)
    did(
        request, lambda: actions.submit_template(actor=request.actor, at=timezone.now(), template=row),
        _("Handed to the board. Its approval is entered on the page of addenda."),
    )  # fmt: skip
    return redirect("notices:template", pk)


def _write(request: Any, row: Template, language: str, form: TextForm) -> bool:
    subject, words = form.cleaned_data["subject"], form.words()

    def write() -> None:
        actions.write_text(
            actor=request.actor, at=timezone.now(), template=row, language=language, subject=subject, blocks=words
        )

    return did(request, write, _("Saved."), form)


def _fields(kind: Kind) -> list[tuple[str, Any, str]]:
    """The blocks of a kind: name, title, and which places they must hold."""
    must = [
        (each.id, f"{each.id} · {each.title}", " ".join(f"{{{place}}}" for place in each.places))
        for each in kind.elements
    ]
    return [(OPENING, _("Opening"), ""), *must, (CLOSING, _("Closing"), "")]


def _faults(kind: Kind, text: Text | None) -> list[elements.Fault]:
    return elements.faults(kind, text.blocks if text else {})


def _order(found: dict[str, Text]) -> list[str]:
    return sorted(found, key=lambda code: (code != "en", code))


def _ours(subject: str) -> bool:
    return subject.startswith("notices.template:")


def _get(pk: int) -> tuple[Template, Kind]:
    row = Template.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row, KINDS[row.kind]
