"""XIV.D.1: that a family was told was wrong. The first word stays on file; the duty stands as if it were unsaid."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.devices.actions import outgoing
from homeroom.devices.models import DeviceNotice, TellDuty
from homeroom.journal import actions as journal
from homeroom.kernel.devices import telling
from homeroom.notices.actions import correcting
from homeroom.notices.models import Letter, LetterState

WAYS = (DeviceNotice.Way.HAND, DeviceNotice.Way.LETTER)


def take_back(*, actor: Actor, notice: int, reason: str, at: datetime) -> DeviceNotice:
    """XIV.D.1: nobody was told by this notice; its words go on as a draft, with the time the duty had. Raises Refused.

    A duty whose time is over is late from this moment on, whatever was believed meanwhile.
    """
    if len(reason.split()) < 2:
        raise Refused(_("Say why it was wrong, for instance that nobody was at home."))
    with journal.atomic():
        held = DeviceNotice.objects.filter(pk=notice, way__in=WAYS, sent_at__isnull=False, unsaid_at__isnull=True)
        row = held.first()
        said = {"unsaid_at": at, "unsaid_by": actor.id, "unsaid_by_name": actor.name, "unsaid_why": reason.strip()}
        if row is None or held.update(**said) != 1:
            raise Refused(
                _("Nobody has said that this notice was handed over or mailed, or it was taken back already.")
            )
        row.refresh_from_db()
        draft = _draft(actor, row, at)
        duties = list(TellDuty.objects.select_related("access").filter(notice=row))
        for duty in duties:
            ahead = telling.next_moment(duty.counted_from, duty.due_at, at)
            TellDuty.objects.filter(pk=duty.pk).update(
                notice=draft, told_at=None, next_at=ahead if ahead > at else None
            )
            outgoing.run_on(actor=actor, duty=duty, at=at, why=reason.strip())
        journal.record(
            actor=actor, verb="devices.notice.taken-back", subject=f"device-notice:{row.pk}", at=at, clause="XIV.D.1",
            reason=reason.strip(), data={"accesses": [duty.access_id for duty in duties], "way": row.way},
        )  # fmt: skip
    return draft


def _draft(actor: Actor, row: DeviceNotice, at: datetime) -> DeviceNotice:
    """The same words again; an e-mail that was tried before goes on being looked after."""
    letter = _letter(row)
    if letter is not None and letter.delivered_how == "hand":
        correcting.unsay_hand(actor=actor, letter=letter, reason=row.unsaid_why, at=at)
    mail: dict[str, Any] = {}
    if letter is not None:
        mail = {"way": DeviceNotice.Way.EMAIL, "outgoing": letter.notice_id, "sent_at": letter.made_at}
    return DeviceNotice.objects.create(
        student_id=row.student_id, recipient_id=row.recipient_id, recipient_why=row.recipient_why,
        only_recipient=row.only_recipient, description=row.description, features=row.features, threat=row.threat,
        drafted_at=at, drafted_by=actor.id, replaces=row, **mail,
    )  # fmt: skip


def _letter(row: DeviceNotice) -> Letter | None:
    """The e-mail by which this notice, or the one whose place it took, was tried."""
    before: DeviceNotice | None = row
    about = []
    while before is not None:
        about.append(f"device-notice:{before.pk}")
        before = before.replaces
    tried = Letter.objects.filter(notice__kind=outgoing.KIND, notice__about__in=about, reader=row.recipient_id)
    return tried.exclude(state=LetterState.STOPPED).last()
