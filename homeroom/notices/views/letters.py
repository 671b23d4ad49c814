"""One letter with every try and its proof; print files; what a mail service reports."""

from __future__ import annotations

import hmac
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from homeroom.base import listing, posted
from homeroom.base.needs import needs, public
from homeroom.base.onething import FORM
from homeroom.doors import environment
from homeroom.notices import titles, webhooks, wording
from homeroom.notices.actions import correcting, printing, proving, returns
from homeroom.notices.actions import letters as actions
from homeroom.notices.forms.notices import LetterForm
from homeroom.notices.models import Attempt, Channel, Letter, Notice, PrintRun
from homeroom.notices.queries import progress
from homeroom.notices.views.shared import OFFICE, did, may_print
from homeroom.people import queries as people

MANIFEST = ("place", "letter", "reader", "address", "mailed_on", "state")


@needs(*OFFICE)
@FORM
def letter(request: Any, pk: int) -> HttpResponse:
    """What one person was told, and each try; hand it over, say it came back, decide about a held one."""
    now = timezone.now()
    row = _seen(request, pk)
    form = LetterForm(request.POST or None, initial={"on": people.today(now)})
    act = request.POST.get("act", "")
    if act and form.is_valid() and _act(request, row, act, form):
        return redirect("notices:letter", pk)
    proving.look_at(actor=request.actor, letter=row, at=now)
    return render(request, "notices/letter.html", _page(row) | {"form": form})


def _page(row: Letter) -> dict[str, Any]:
    tries = [
        (each, titles.attempt(each.channel, each.state), titles.channels()[each.channel])
        for each in progress.attempts(row)
    ]
    said = [
        (content.language, "rtl" if wording.right_to_left(content.language) else "ltr", subject, paragraphs)
        for content, subject, paragraphs in wording.parts(row.content, row.fields)
    ]
    return {
        "row": row, "tries": tries, "parts": said, "state": titles.states()[row.state],
        "tone": titles.tones().get(row.state, ""), "how": titles.how(row.delivered_how),
        "corrections": [(each, titles.how(each.said)) for each in progress.corrections(row)],
        "handed": any(each.channel == Channel.HAND and each.state == Attempt.State.DELIVERED for each, *_ in tries),
        "children": progress.children_of(row), "way": titles.channels().get(_way(row), ""),
    }  # fmt: skip


def _way(row: Letter) -> str:
    """How it reached somebody, which may be another way than the one that was planned."""
    return Channel.HAND if row.delivered_how == "hand" else row.channel


def _act(request: Any, row: Letter, act: str, form: LetterForm) -> bool:
    now, actor, said = timezone.now(), request.actor, form.cleaned_data
    reason = said["reason"]
    acts = {
        "hand": lambda: actions.hand_over(actor=actor, letter=row, on=said["on"] or people.today(now), at=now),
        "back": lambda: actions.came_back(
            actor=actor, letter=row, reason=reason or "The post brought it back.", at=now
        ),
        "not-handed": lambda: correcting.unsay_hand(actor=actor, letter=row, reason=reason, at=now),
        "again": lambda: actions.try_again(actor=actor, letter=row, at=now),
        "send": lambda: actions.decide_held(actor=actor, letter=row, send=True, reason=reason, at=now),
        "keep": lambda: actions.decide_held(actor=actor, letter=row, send=False, reason=reason, at=now),
    }
    return act in acts and did(request, acts[act], _("Written down."), form)


@needs(*OFFICE)
@require_safe
def proof(request: Any, pk: int) -> HttpResponse:
    """The sealed proof of one letter."""
    row = _seen(request, pk)
    return _pdf(proving.proof(actor=request.actor, letter=row, at=timezone.now()), f"proof-{row.pk}")


@needs(*OFFICE)
@require_POST
def make_run(request: Any, pk: int) -> HttpResponse:
    """A print file of the letters that wait for paper."""
    _check_print(request)
    notice = Notice.objects.filter(pk=pk).first()
    if notice is None:
        raise Http404
    did(
        request, lambda: printing.make_run(actor=request.actor, notice=notice, at=timezone.now()),
        _("The print file is ready below. Print it, mail it, then say when."),
    )  # fmt: skip
    return redirect("notices:notice", pk)


@needs(*OFFICE)
@require_POST
def run_file(request: Any, pk: int) -> HttpResponse:
    """The print file; each time it is taken is written down."""
    return _pdf(printing.file_of(actor=request.actor, run=_run(request, pk), at=timezone.now()), f"letters-{pk}")


@needs(*OFFICE)
@require_safe
def manifest(request: Any, pk: int) -> StreamingHttpResponse:
    """Which letter lies where in a print file, as CSV."""
    run = _run(request, pk)
    printing.look_at_manifest(actor=request.actor, run=run, at=timezone.now())
    tries = run.attempts.select_related("letter").order_by("id")
    rows = (
        (place, each.letter_id, each.letter.fields.get("reader", ""), ", ".join(each.address.splitlines()),
         run.mailed_on, each.letter.state)
        for place, each in enumerate(tries, 1)
    )  # fmt: skip
    return listing.csv(f"manifest-{pk}", MANIFEST, rows)


@needs(*OFFICE)
@require_POST
def mailed(request: Any, pk: int) -> HttpResponse:
    """XIII.C.0m: a named person says on which day a print file was mailed; that stops the clocks of its letters."""
    run, now = _run(request, pk), timezone.now()
    did(
        request,
        lambda: printing.confirm_mailed(
            actor=request.actor, run=run, on=posted.day(request, "on") or people.today(now), at=now
        ),
        _("Written down: mailed by you."),
    )
    return redirect("notices:notice", run.notice_id)


@needs(*OFFICE)
@require_POST
def unmailed(request: Any, pk: int) -> HttpResponse:
    """XIII.C.0m: it was not mailed, or on another day; what was said first stays on file."""
    run, now = _run(request, pk), timezone.now()
    did(
        request,
        lambda: correcting.unsay_mailed(actor=request.actor, run=run, reason=posted.words(request, "reason"), at=now),
        _("Taken back. Its letters count as printed, and their clocks run on."),
    )
    return redirect("notices:notice", run.notice_id)


@needs(*OFFICE)
@require_POST
def throw_away(request: Any, pk: int) -> HttpResponse:
    """A print file that was not mailed."""
    run, now = _run(request, pk), timezone.now()
    did(
        request,
        lambda: printing.throw_away(actor=request.actor, run=run, reason=posted.words(request, "reason"), at=now),
        _("Thrown away. Its letters wait for the next print file."),
    )
    return redirect("notices:notice", run.notice_id)


@csrf_exempt
@public("A mail service cannot sign in; the address it calls holds a secret.")
@require_POST
def reported(request: Any, service: str, secret: str) -> HttpResponse:
    """XIII.C.0m: what a mail service says about letters of ours."""
    if service not in webhooks.VIEWS or not hmac.compare_digest(secret.encode(), service_secret(service).encode()):
        raise Http404
    at = timezone.now()
    try:
        found = list(webhooks.reports(service, request))
    except (SuspiciousOperation, ValueError, KeyError, TypeError, AttributeError):
        return HttpResponse("This is not understood.\n", content_type="text/plain", status=400)
    for each in found:
        returns.take_in(report=each, source=service, at=at)
    return HttpResponse("Thank you.\n", content_type="text/plain")


def service_secret(service: str) -> str:
    """The secret part of the address that a mail service calls."""
    key = environment.key(settings.HOME, "mail-service")
    return hmac.digest(key, service.encode(), "sha256").hex()[:40]


def _pdf(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return answer


def _seen(request: Any, pk: int) -> Letter:
    rows = progress.letters(request.actor, people.today(timezone.now()))
    row = rows.select_related("content__beneath__enclosed", "content__enclosed").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _run(request: Any, pk: int) -> PrintRun:
    _check_print(request)
    row = PrintRun.objects.filter(pk=pk).select_related("notice").first()
    if row is None:
        raise Http404
    return row


def _check_print(request: Any) -> None:
    if not may_print(request.actor, people.today(timezone.now())):
        raise PermissionDenied(_("A print file holds everybody’s address. Ask the technology director for it."))
