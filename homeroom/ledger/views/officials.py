"""What officials see: the desk, the binders, the packet of the yearly review."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from homeroom.base.errors import Refused
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.board import actions as board_actions
from homeroom.board import queries as board
from homeroom.kernel.policytext.claims import name
from homeroom.ledger import actions, binder, catalogue, packet, queries, words
from homeroom.ledger import desk as on_the_desk
from homeroom.ledger.actions.binding import file_of
from homeroom.ledger.views.shared import BINDING, OFFICIALS
from homeroom.people import queries as people

PATIENCE: float | None = 20.0  # seconds that somebody waits for a look


@needs(*OFFICIALS, "teacher")
@require_safe
def desk(request: Any) -> HttpResponse:
    """XVII.C: what is broken, stale or due for whoever asks, with the next step."""
    return render(request, "ledger/desk.html", {"items": on_the_desk.items(timezone.now(), request.actor)})


@needs(*OFFICIALS)
@require_safe
def the_packet(request: Any) -> HttpResponse:
    """XVII.D: the packet of the yearly review, built now; its hash stays with the review under way."""
    now = timezone.now()
    data = packet.build(now)
    board_actions.take_packet(actor=request.actor, at=now, sha256=hashlib.sha256(data).hexdigest())
    answer = HttpResponse(data, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{packet.file_name(people.today(now))}"'
    return answer


@needs(*OFFICIALS)
@require_http_methods(["POST"])
def look_again(request: Any, id: str) -> HttpResponse:
    """XVII.C: run the probes of a clause now, on demand; one that does not answer soon counts as not looked at."""
    claim = catalogue.claims().get(id)
    if claim is None or not claim.probes:
        raise Http404
    rows = actions.look_all(
        actor=request.actor, probes=[name(each) for each in claim.probes], at=timezone.now(), within=PATIENCE
    )
    if any(row.failed for row in rows):
        messages.error(request, _("A look failed, so nobody can say whether it is kept."))
    elif any(row.broken for row in rows):
        messages.warning(request, _("Looked just now, and something is not as it should be."))
    else:
        messages.success(request, _("Looked just now, and nothing is amiss."))
    return redirect("ledger:clause", id)


class YearForm(forms.Form):
    """Which funding year."""

    year = forms.IntegerField(
        label=gettext_lazy("Funding year"), help_text=gettext_lazy("2026 is July 2026 to June 2027."),
        min_value=binder.EARLIEST, max_value=9999,
    )  # fmt: skip
    names = forms.BooleanField(
        label=gettext_lazy("With lists of the students taught"), required=False,
        help_text=gettext_lazy("Only for an auditor who may see them. A copy without names is in it as well."),
    )  # fmt: skip
    why = forms.CharField(
        label=gettext_lazy("For whom, and why with names"), required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


@needs(*BINDING)
@FORM
def binders(request: Any) -> HttpResponse:
    """VI.Alt3.note.a: ask for a binder, see how far it is, fetch it; and the check of the ten elements."""
    now = timezone.now()
    form = YearForm(request.POST or None, initial={"year": binder.year_of(people.today(now))})
    if form.is_bound and form.is_valid():
        try:
            actions.ask_binder(actor=request.actor, at=now, **form.cleaned_data)
        except Refused as error:
            form.add_error("why" if form.cleaned_data["names"] else "year", str(error))
        else:
            messages.success(request, _("The binder is being built. You may stay here or come back."))
            return redirect("ledger:binders")
    rows = list(queries.binders()[:50])
    text = board.in_force(people.today(now))
    entries = {each.id: each for each in queries.ledger(now).entries} if text else {}
    page = {
        "form": form,
        "words": words.states(),
        "rows": rows,
        "building": any(not each.done_at and not each.failed for each in rows) and not form.is_bound,
        "elements": [(each, [entries[id] for id in each.duties]) for each in (board.elements(text) if text else ())],
    }
    return render(request, "ledger/binders.html", page)


@needs(*BINDING)
@require_safe
def binder_file(request: Any, pk: int) -> FileResponse:
    """VI.Alt3.note.a: a binder as a file."""
    row = queries.binders().filter(pk=pk, purged_at=None).exclude(done_at=None).first()
    if row is None or not file_of(row).exists():
        raise Http404(_("This binder is not there any more. Build it again."))
    actions.take_binder(actor=request.actor, at=timezone.now(), binder=row)
    return FileResponse(file_of(row).open("rb"), as_attachment=True, filename=f"e-rate-{row.year}.zip")
