"""The made-up district's yearly notices: written, approved, sent to a real mail server of its own and printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.core.mail import get_connection
from django.db.models import Min

from homeroom.base.actor import Actor
from homeroom.base.words import counted
from homeroom.notices import mail_catcher
from homeroom.notices.actions import building, letters, notices, printing, sending, templates
from homeroom.notices.models import Letter, Notice
from homeroom.people import queries as people
from homeroom.people.models import Guardianship, Role

SMTP = "django.core.mail.backends.smtp.EmailBackend"
MOST = 3000  # letters sent while moving in; the worker sends the rest
FACTS = {
    "alternatives_form": f"{settings.PUBLIC_URL}/agreements/other-activities",
    "policy_url": f"{settings.PUBLIC_URL}/ledger",
}


def move_in(*, actor: Actor, at: datetime, say: Callable[[str], None]) -> None:
    """XI.A, XII.B.0a: the words approved, the notices of this school year sent, printed and mailed."""
    when = told_at(at)
    say("Having the words of the yearly notices approved ...")
    for kind in ("users", "parents", "monitoring", "device-emergency", "providers"):
        _approve(actor, kind, when)
    rows = [_release(actor, "users", "Using the Internet this school year", when)]
    if Guardianship.objects.exists():
        rows.append(_release(actor, "parents", "Your child and the Internet this school year", when))
    say("Sending the yearly notices to a mail server of our own ...")
    say(f"{go_out(actor=actor, rows=rows, when=when, at=at)} Each e-mail lies in {_folder()}.")


def told_at(at: datetime) -> datetime:
    """Three weeks ago, or the morning of the first student day where that was later; never after now."""
    first = Role.objects.filter(role="student").aggregate(first=Min("first_day"))["first"]
    began = datetime.combine(first, time(8), people.zone()) if first else at
    return min(at, max(at - timedelta(days=21), began))


def go_out(*, actor: Actor, rows: Sequence[Notice], when: datetime, at: datetime) -> str:
    """XIII.C.0m: what worker and office do with released notices: e-mails, print files, and nothing came back."""
    said = _send(actor, when)
    for row in rows:
        said += _print(actor, row, when)
    settled = when + timedelta(hours=25)
    while settled <= at and letters.settle(at=settled, actor=actor):
        continue
    return said


def _approve(actor: Actor, kind: str, at: datetime) -> None:
    template = templates.new_template(actor=actor, at=at, kind=kind)
    for text in template.texts.exclude(language="en"):
        templates.check_text(actor=actor, at=at, text=text)
    templates.submit_template(actor=actor, at=at, template=template)
    on = people.today(at)
    templates.approve_template(
        actor=actor, at=at, template=template, approved_on=on, minutes="Made-up meeting, item 7", effective_on=on
    )


def _release(actor: Actor, kind: str, title: str, at: datetime) -> Notice:
    row = notices.draft_notice(
        actor=actor, at=at, kind=kind, title=title, who={}, facts=FACTS if kind == "parents" else {},
        follow_until=people.today(at) + timedelta(days=200),
    )  # fmt: skip
    row = notices.release_notice(actor=actor, at=at, notice=row)
    building.build(actor=actor, at=at, notice=row)
    return row


def _send(actor: Actor, at: datetime) -> str:
    sent = 0
    with mail_catcher.catching(_folder()) as port:
        while sent < MOST:
            connection = get_connection(SMTP, host="127.0.0.1", port=port, username="", password="", use_tls=False,
                                        use_ssl=False)  # fmt: skip
            batch = sending.send_batch(at=at, connection=connection, actor=actor)
            sent += batch.sent
            if not batch.sent:
                break
    return f"{counted(sent, 'letter')} went out by e-mail."


def _print(actor: Actor, row: Notice, at: datetime) -> str:
    run = printing.make_run(actor=actor, notice=row, at=at)
    if run is None:
        return ""
    printing.file_of(actor=actor, run=run, at=at)
    printing.confirm_mailed(actor=actor, run=run, on=people.today(at), at=at)
    left = Letter.objects.filter(notice=row, state="queued", channel="paper").count()
    waiting = f", {left} wait" if left else ""
    return f" {counted(run.pieces, 'letter was', 'letters were')} printed and mailed{waiting}."


def _folder() -> Path:
    return Path(settings.HOME) / "mail"
