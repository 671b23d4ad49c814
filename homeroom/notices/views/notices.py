"""Notices: all of them with their progress, a new one, one with its letters, and the list of those nobody reaches."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from homeroom.base import listing, posted
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.journal import actions as journal
from homeroom.notices import jobs, titles
from homeroom.notices.actions import notices as actions
from homeroom.notices.actions import returns
from homeroom.notices.forms.notices import MailedForm, NoticeForm, StopForm
from homeroom.notices.kinds import KINDS
from homeroom.notices.models import Letter, Notice
from homeroom.notices.queries import bounced, progress, told
from homeroom.notices.views.shared import DECIDE, OFFICE, did, may_print
from homeroom.people import queries as people

COLUMNS = ("letter", "reader", "reader_id", "about", "language", "way", "state", "why", "sent", "delivered", "how",
           "read", "due", "sha256")  # fmt: skip


@needs(*OFFICE)
@require_safe
def notices(request: Any) -> HttpResponse | StreamingHttpResponse:
    """XI.A, XII.B.0a, XIII.C.0: every notice with how far it is."""
    now = timezone.now()
    rows = progress.notices(request.actor, people.today(now)).exclude(kind="reminder")
    kind = request.GET.get("kind", "")
    if kind in KINDS:
        rows = rows.filter(kind=kind)
    if words := request.GET.get("q", "").strip():
        rows = rows.filter(title__icontains=words)
    if listing.wants_csv(request):
        return listing.csv("notices", ("id", "kind", "title", "state", "due", "letters", "delivered", "open"),
                           (_line(each) for each in progress.progress(list(rows[:5000]))))  # fmt: skip
    part = listing.page(request, rows, per=25)
    seen = progress.progress(list(part))
    page = {
        "page": part, "rows": [(each, KINDS[each.notice.kind].title, each.late(now)) for each in seen],
        "kinds": [(each.id, each.title) for each in KINDS.values() if each.id != "reminder"], "kind": kind,
        "may": request.actor.holds(*DECIDE), "can_mail": jobs.can_mail(),
        "reports": bounced.to_look_at().count() if request.actor.holds(*DECIDE) else 0,
        "open": progress.unreached(request.actor, people.today(now)).exclude(kind="reminder").count(),
    }  # fmt: skip
    return render(request, "notices/notices.html", page)


@needs(*DECIDE)
@FORM
def add(request: Any) -> HttpResponse:
    """XI.A, XII.B.0a: plan a notice; nothing goes out yet."""
    now = timezone.now()
    form = NoticeForm(request.POST or None, on=people.today(now), initial=_usual())
    if form.is_valid():
        said, made = form.cleaned_data, []

        def draft() -> None:
            made.append(actions.draft_notice(
                actor=request.actor, at=now, kind=said["kind"], title=said["title"], who=form.who(),
                facts=form.facts(),
                channel=said["channel"], follow_until=said["follow_until"],
            ))  # fmt: skip

        if did(request, draft, _("Planned. Look at whom it reaches, then let it go out."), form):
            return redirect("notices:notice", made[0].pk)
    return render(request, "notices/notice_add.html", {"form": form})


@needs(*OFFICE)
@require_safe
def notice(request: Any, pk: int) -> HttpResponse | StreamingHttpResponse:
    """One notice: before it goes out whom it would reach, afterwards each letter and where it is."""
    now = timezone.now()
    on = people.today(now)
    row = _get(pk, progress.notices(request.actor, on))
    if row.state == "draft":
        return render(request, "notices/notice_draft.html", _draft(request, row, on))
    letters = _filtered(progress.letters(request.actor, on).filter(notice=row), request.GET)
    if listing.wants_csv(request):
        journal.list_taken(actor=request.actor, what=f"letters-of-notice-{pk}", asked=request.GET, at=now)
        return listing.csv(f"notice-{pk}", COLUMNS, (_letter_line(each) for each in letters.iterator(2000)))
    part = listing.page(request, letters)
    seen = progress.progress([row])[0]
    page = {
        "row": row, "kind": KINDS[row.kind], "progress": seen, "page": part, "late": seen.late(now),
        "rows": [(each, *_state(each)) for each in part],
        "states": [(each, title, seen.states[each]) for each, title in titles.states().items() if each in seen.states],
        "state": request.GET.get("state", ""), "runs": progress.runs(row)[:50], "may": request.actor.holds(*DECIDE),
        "may_print": may_print(request.actor, on),
        "stop": StopForm(), "mailed": MailedForm(initial={"on": on}), "can_mail": jobs.can_mail(),
        "to_print": Letter.objects.filter(notice=row, state="queued", channel="paper").count(),
        "without": progress.without_parent(request.actor, row, on),
        "channels": titles.channels(),
    }  # fmt: skip
    return render(request, "notices/notice.html", page)


@needs(*DECIDE)
@require_POST
def release(request: Any, pk: int) -> HttpResponse:
    """XVII.A.2: let a draft go out."""
    row = _get(pk)
    day = row.facts.get("first_day")
    since = datetime.combine(datetime.fromisoformat(day).date(), time(8), people.zone()) if day else None
    did(
        request,
        lambda: actions.release_notice(actor=request.actor, at=timezone.now(), notice=row, since=since),
        _("Released. The letters are being written; e-mails go out within a minute."),
    )
    return redirect("notices:notice", pk)


@needs(*DECIDE)
@require_POST
def stop(request: Any, pk: int) -> HttpResponse:
    """Nothing further goes out."""
    row, now = _get(pk), timezone.now()
    did(
        request,
        lambda: actions.stop_notice(actor=request.actor, at=now, notice=row, reason=posted.words(request, "reason")),
        _("Stopped. What was sent stays on file."),
    )
    return redirect("notices:notice", pk)


@needs(*OFFICE)
@require_safe
def unreached(request: Any) -> HttpResponse | StreamingHttpResponse:
    """XIII.C.0: the worklist of letters that nobody gets unless somebody does something."""
    on = people.today(timezone.now())
    rows = progress.unreached(request.actor, on).exclude(kind="reminder")
    if listing.wants_csv(request):
        journal.list_taken(actor=request.actor, what="unreached", asked=request.GET, at=timezone.now())
        return listing.csv("unreached", COLUMNS, (_letter_line(each) for each in rows.iterator(2000)))
    part = listing.page(request, rows)
    page = {"page": part, "rows": [(each, *_state(each)) for each in part]}
    return render(request, "notices/unreached.html", page)


@needs(*DECIDE)
@FORM
def reports(request: Any) -> HttpResponse:
    """XIII.C.0m: reports about mail that name no message of ours; anybody could have written them."""
    if request.method == "POST":
        pk = request.POST.get("report", "")
        believe = request.POST.get("believe") == "yes"
        done = _("It counts: the last letter to that address takes the next way.") if believe else _("Set aside.")
        did(
            request,
            lambda: returns.look_at(
                actor=request.actor, at=timezone.now(), bounce=int(pk) if pk.isdecimal() else 0, believe=believe
            ),
            done,
        )
        return redirect("notices:reports")
    return render(request, "notices/reports.html", {"page": listing.page(request, bounced.to_look_at())})


def _usual() -> dict[str, str]:
    """XII.B.3, XII.B.5: what a notice says unless somebody says otherwise; both places are pages of ours."""
    places = {"alternatives_form": "agreements:instead-material", "policy_url": "ledger:ledger"}
    ours = {name: settings.PUBLIC_URL + reverse(page) for name, page in places.items()}
    return {"kind": "users", "channel": "auto", **ours}


def _draft(request: Any, row: Notice, on: Any) -> dict[str, Any]:
    kind = KINDS[row.kind]
    template = told.current_template(kind.id, on) if kind.addendum else None
    languages = ["en"] if template is None else list(template.texts.values_list("language", flat=True))
    preview = progress.preview(row.kind, row.who, on, languages)
    return {
        "row": row, "kind": kind, "preview": preview, "template": template, "may": request.actor.holds(*DECIDE),
        "ways": [(titles.channels()[way], number) for way, number in sorted(preview.ways.items())],
        "languages": [(titles.languages().get(code, code), n) for code, n in sorted(preview.languages.items())],
        "lacking": [name for name in kind.facts if not row.facts.get(name)], "stop": StopForm(),
        "without": progress.without_parent(request.actor, row, on) if preview.without_parent else [],
        "can_mail": jobs.can_mail(),
    }  # fmt: skip


def _filtered(rows: Any, asked: Any) -> Any:
    if asked.get("state"):
        rows = rows.filter(state=asked["state"])
    for word in asked.get("q", "").split():
        rows = rows.filter(reader__family_name__istartswith=word) | rows.filter(reader__given_name__istartswith=word)
    return rows


def _state(letter: Letter) -> tuple[str, str]:
    return titles.states()[letter.state], titles.tones().get(letter.state, "")


def _letter_line(each: Letter) -> tuple[object, ...]:
    return (each.pk, each.fields.get("reader", ""), each.reader_id, ", ".join(progress.children_of(each)),
            each.content.language, each.channel, each.state, each.why, each.sent_at, each.delivered_at,
            each.delivered_how, each.read_at, each.due_at, each.sha256)  # fmt: skip


def _line(each: progress.Progress) -> tuple[object, ...]:
    row = each.notice
    return row.pk, row.kind, row.title, row.state, row.due_at, each.all, each.delivered, each.open


def _get(pk: int, among: QuerySet[Notice] | None = None) -> Notice:
    rows = Notice.objects.select_related("template", "clock") if among is None else among
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
