"""XIV.D: the emergency itself, written down in the same minute, and the notice that follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.devices import titles
from homeroom.devices.actions import gate, outgoing
from homeroom.devices.models import Access, DeviceNotice, TellDuty
from homeroom.devices.queries import delivery
from homeroom.journal import actions as journal
from homeroom.kernel.devices import telling
from homeroom.kernel.devices.terms import Ground, Purpose
from homeroom.people import queries as people


def record_emergency(
    *, actor: Actor, wanted: gate.Wanted, key: str, first_access: datetime, at: datetime
) -> tuple[Access, TellDuty]:
    """XIV.C.4, XIV.D.1: an access against a threat, in one step: grant, first use, clock and a draft of the notice.

    The same `key` twice is one emergency. Raises Refused.
    """
    if first_access > at:
        raise Refused(_("The first access cannot be in the future."))
    full = replace(wanted, ground=Ground.THREAT, purpose=Purpose.SAFETY, starts=first_access)
    gate.judge(actor=actor, wanted=full, at=at)
    with journal.atomic():
        access = gate.ask(actor=actor, wanted=full, key=key, at=at)
        duty = TellDuty.objects.filter(access=access).first()
        if duty is None:
            gate.use(actor=actor, access=access.pk, features=full.features, at=at, when=first_access)
            duty = TellDuty.objects.get(access=access)
            _draft(actor, duty, at)
    return access, TellDuty.objects.get(pk=duty.pk)


def write_notice(
    *,
    actor: Actor,
    accesses: Sequence[int],
    recipient: str,
    recipient_why: str,
    description: str,
    features: Sequence[str],
    threat: str,
    at: datetime,
    only_recipient: bool = False,
) -> DeviceNotice:
    """XIV.D.2: write or change the draft for one access, or for several of one event. Raises Refused.

    Several are covered only while the own time of each has not passed (XIV.D.1).
    """
    with journal.atomic():
        rows = _duties(accesses)
        if len(rows) > 1 and not all(telling.may_cover(duty.duty, at) for duty in rows):
            raise Refused(_("One notice covers several accesses only while the time of each runs. Take out the rest."))
        student = rows[0].access.student_id
        _who(student, recipient, recipient_why, at)
        notice = _draft_of(actor, rows[0].notice, at)
        notice = notice or DeviceNotice(
            student_id=student, drafted_at=at, drafted_by=actor.id, replaces=_before(rows[0].notice)
        )
        notice.recipient_id, notice.recipient_why = recipient, recipient_why.strip()
        notice.description, notice.threat = description.strip(), threat.strip()
        notice.features, notice.only_recipient = sorted(set(features)), only_recipient
        notice.save()
        TellDuty.objects.filter(pk__in=[duty.pk for duty in rows], told_at__isnull=True).update(notice=notice)
        journal.record(
            actor=actor, verb="devices.notice.written", subject=f"device-notice:{notice.pk}", at=at, clause="XIV.D.2",
            data={"accesses": [duty.access_id for duty in rows], "recipient": recipient},
        )  # fmt: skip
    return notice


def send_notice(
    *, actor: Actor, notice: int, way: str, proof: str, at: datetime, when: datetime | None = None
) -> DeviceNotice:
    """XIV.D.1: the notice goes out, by which way, with what proves it. Raises Refused while something is unsaid.

    In person or mailed, the family is told and the clock stops. By e-mail it stops once the e-mail has arrived (see
    `following`); until then it may still be told another way.
    """
    by_email = way == DeviceNotice.Way.EMAIL
    moment = at if by_email else when or at
    with journal.atomic():
        row = DeviceNotice.objects.filter(pk=notice).first()
        rows = list(TellDuty.objects.select_related("access").filter(notice=row, told_at__isnull=True))
        if row is None or (row.sent_at is not None and not rows):
            raise Refused(_("This notice was given already; there is nothing to send."))
        _ready(row, rows, moment, at)
        if way not in DeviceNotice.Way.values or not (proof.strip() or by_email):
            raise Refused(_("Say how it reached them and what proves it: a receipt, a witness, the time of mailing."))
        if delivery.letter_of(row) is not None and by_email:
            raise Refused(_("It is on its way by e-mail already. Hand it over or mail it if the time gets short."))
        outgoing.settle(actor=actor, notice=row, way=way, at=at)
        row.sent_at, row.sent_by, row.sent_by_name = moment, actor.id, actor.name
        row.way, row.proof = way, proof.strip()
        row.outgoing = outgoing.hand_over(actor=actor, notice=row, due_at=min(duty.due_at for duty in rows), at=at)
        row.save()
        late = [] if by_email else _told(actor, rows, f"{way}: {proof.strip()}", moment, at)
        journal.record(
            actor=actor, verb="devices.notice.sent", subject=f"device-notice:{row.pk}", at=at, clause="XIV.D.1",
            data={"accesses": [duty.access_id for duty in rows], "way": way, "late": late},
        )  # fmt: skip
    return row


def _told(actor: Actor, rows: Sequence[TellDuty], how: str, moment: datetime, at: datetime) -> list[int]:
    """The family is told; which of the accesses were told late."""
    TellDuty.objects.filter(pk__in=[duty.pk for duty in rows]).update(told_at=moment, next_at=None)
    for duty in rows:
        outgoing.meet(actor=actor, duty=duty, how=how, when=moment, at=at)
    return [duty.access_id for duty in rows if duty.late_already or moment > duty.due_at]


def _draft_of(actor: Actor, notice: DeviceNotice | None, at: datetime) -> DeviceNotice | None:
    """The draft that may still be changed. What went out keeps its words; whoever is told instead gets a new one."""
    if notice is None or notice.sent_at is None:
        return notice
    outgoing.let_go(actor=actor, notice=notice, at=at)
    return None


def _before(notice: DeviceNotice | None) -> DeviceNotice | None:
    """What went out before, for a new notice that takes its place; each is replaced once."""
    return None if notice is None or DeviceNotice.objects.filter(replaces=notice).exists() else notice


def _draft(actor: Actor, duty: TellDuty, at: datetime) -> None:
    access = duty.access
    where = access.resource.label if access.resource else "a school-issued device"
    described = f"{access.looker} reached {titles.named(access.features)} on {where}. {access.why}"
    notice = DeviceNotice.objects.create(
        student_id=access.student_id, description=described, features=access.features, threat=access.threat,
        drafted_at=at, drafted_by=actor.id,
    )  # fmt: skip
    TellDuty.objects.filter(pk=duty.pk).update(notice=notice)
    journal.record(
        actor=actor, verb="devices.notice.drafted", subject=f"device-notice:{notice.pk}", at=at, clause="XIV.D.2",
        data={"accesses": [access.pk]},
    )  # fmt: skip


def _duties(accesses: Sequence[int]) -> list[TellDuty]:
    rows = list(
        TellDuty.objects.select_related("access", "notice").filter(access_id__in=accesses, told_at__isnull=True)
    )
    if not rows or len(rows) != len(set(accesses)):
        raise Refused(_("No notice is owed about one of these accesses, or it was given already."))
    if len({duty.access.student_id for duty in rows}) > 1:
        raise Refused(_("A notice speaks of one student. Write another for the other student."))
    return sorted(rows, key=lambda duty: duty.first_access_at)


def _who(student: str, recipient: str, why: str, at: datetime) -> None:
    """XIV.D.1, T12: the student or a parent, chosen with a reason."""
    parents = {parent.pk for parent in people.parents(student, people.today(at))}
    if recipient != student and recipient not in parents:
        raise Refused(_("This notice goes to the student or to a parent of the student. Choose one of them."))
    if len(why.split()) < 2:
        raise Refused(_("Say why this person is told: a parent may be the danger, or the student too young."))


def _ready(row: DeviceNotice, rows: Sequence[TellDuty], moment: datetime, at: datetime) -> None:
    if not rows:
        raise Refused(_("No access waits for this notice any more."))
    if any(duty.review_by is not None for duty in rows):
        raise Refused(_("This notice is put off because it would endanger somebody. Record first that this is over."))
    if any(duty.put_off_asked_at is not None for duty in rows):
        raise Refused(
            _("Somebody asked that this notice waits, because it would endanger somebody. Answer that first.")
        )
    if row.recipient_id is None:
        raise Refused(_("Choose who is told, the student or a parent, and say why."))
    first = min(duty.first_access_at for duty in rows)
    if moment > at or moment < first:
        raise Refused(_("The notice cannot be given before the access or in the future."))
    accessed = {feature for duty in rows for use in duty.access.uses.all() for feature in use.features}
    lacks = telling.unsaid(row.description, row.features, accessed, row.threat)
    if lacks:
        raise Refused(titles.lacks(lacks))
