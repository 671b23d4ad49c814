"""What a student, a parent or an employee was told, in their own words, and the button that says: I have read this."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.base import listing
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.notices import wording
from homeroom.notices.actions import letters as actions
from homeroom.notices.actions import proving
from homeroom.notices.queries import progress
from homeroom.notices.views.shared import did
from homeroom.people import queries as people


@needs()
@require_safe
def mine(request: Any) -> HttpResponse:
    """XI.A, XII.B.0a: every notice to whoever is signed in, and to their children."""
    on = people.today(timezone.now())
    part = listing.page(request, progress.mine(request.actor.id, on).exclude(kind="reminder"), per=25)
    rows = [
        (each, wording.fill(each.content.subject, wording.of_letter(each.fields)), progress.children_of(each))
        for each in part
    ]
    children = progress.of_children(request.actor.id, on)[:100]
    theirs = [(each, wording.fill(each.content.subject, wording.of_letter(each.fields))) for each in children]
    return render(request, "notices/mine.html", {"page": part, "rows": rows, "theirs": theirs})


@needs()
@FORM
def letter(request: Any, pk: int) -> HttpResponse:
    """XI.A: one notice in full; its reader says that it was read, which is better proof than any pixel."""
    on = people.today(timezone.now())
    own = progress.mine(request.actor.id, on).filter(pk=pk).first()
    row = own or progress.of_children(request.actor.id, on).filter(pk=pk).first()
    if row is None:
        raise Http404
    if request.method == "POST" and own is not None:
        did(
            request, lambda: actions.confirm_read(actor=request.actor, letter=own, at=timezone.now()),
            _("Thank you. It is written down that you have read this."),
        )  # fmt: skip
        return redirect("notices:my-letter", pk)
    proving.look_at(actor=request.actor, letter=row, at=timezone.now())
    said = [
        (content.language, "rtl" if wording.right_to_left(content.language) else "ltr", subject, paragraphs)
        for content, subject, paragraphs in wording.parts(row.content, row.fields)
    ]
    page = {"row": row, "parts": said, "own": own is not None, "children": progress.children_of(row)}
    return render(request, "notices/my_letter.html", page)
