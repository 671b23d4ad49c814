"""XIV.C: ask for an access, answer, use it, end it. Without a ground and its proof nothing is opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.devices import titles
from homeroom.devices.actions import duties
from homeroom.devices.models import Access, AccessUse
from homeroom.devices.queries import gate as queries
from homeroom.journal import actions as journal
from homeroom.kernel.devices import gate
from homeroom.kernel.devices.terms import ActorClass, Ground


@dataclass(frozen=True, slots=True)
class Wanted:
    """An access as somebody asks for it; `starts` None means now."""

    student: str
    features: tuple[str, ...]
    ground: str
    purpose: str
    why: str
    scope: str
    ends: datetime
    starts: datetime | None = None
    resource: int | None = None
    actor_class: str = ActorClass.EMPLOYEE
    looker: str = ""
    commercial: bool = False
    warrant: gate.Warrant = field(default_factory=gate.Warrant)
    threat: str = ""
    citation: str = ""
    suspicion: int | None = None
    looks_from: datetime | None = None
    looks_until: datetime | None = None


def ask(*, actor: Actor, wanted: Wanted, key: str, at: datetime) -> Access:
    """XIV.C.0: ask for an access. The same `key` twice is the same access. Raises Refused with all that is missing.

    A refusal is written down as well.
    """
    before = Access.objects.filter(key=key).first()
    if before is not None:
        return before
    proof = judge(actor=actor, wanted=wanted, at=at)
    alone = not gate.needs_second_person(wanted.ground, wanted.purpose)
    columns = {
        **_columns(wanted, wanted.starts or at, proof, actor), "asked_at": at, "asked_by": actor.id,
        "asked_by_name": actor.name, "state": Access.State.AUTHORISED if alone else Access.State.ASKED,
        "answered_at": at if alone else None,
    }  # fmt: skip
    with journal.atomic():
        access, made = Access.objects.get_or_create(key=key, defaults=columns)
        if made:
            _record(actor, "devices.access.authorised" if alone else "devices.access.asked", access, at, wanted.why)
    return access


def judge(*, actor: Actor, wanted: Wanted, at: datetime) -> gate.Proof:
    """XIV.C.0: hold an ask against what its ground demands. Raises Refused with all that it lacks, on record too."""
    proof = _proof(wanted, at)
    lacks = gate.lacking(_as_asked(wanted, wanted.starts or at), proof, at)
    if lacks:
        _write_refusal(actor, wanted, lacks, at)
        raise Refused(titles.lacks(lacks))
    return proof


def answer(*, actor: Actor, access: int, grant: bool, words: str, at: datetime) -> Access:
    """XIV.C.0: somebody else than who asked approves an access or refuses it. Raises Refused."""
    row = _row(access)
    if row.asked_by == actor.id:
        raise Refused(
            _("You asked for this yourself; somebody else must answer. Ask the director or an administrator.")
        )
    if not words.strip():
        raise Refused(_("Say in a sentence why you approve or refuse."))
    if grant and at >= row.ends:
        raise Refused(_("The time that was asked for is over. Let it be asked for again."))
    with journal.atomic():
        changed = Access.objects.filter(pk=access, state=Access.State.ASKED).update(
            state=Access.State.AUTHORISED if grant else Access.State.REFUSED, answered_at=at, answered_by=actor.id,
            answered_by_name=actor.name, answer=words.strip(), starts=max(row.starts, at) if grant else row.starts,
        )  # fmt: skip
        if changed != 1:
            raise Refused(_("This was answered already. Open it again to see the answer."))
        _record(actor, "devices.access.authorised" if grant else "devices.access.refused", row, at, words)
    return _row(access)


def take_back(*, actor: Actor, access: int, words: str, at: datetime) -> Access:
    """XIV.C.0: whoever asked wants it no more, before anybody answered. Raises Refused."""
    if not words.strip():
        raise Refused(_("Say in a sentence why it is not needed any more."))
    with journal.atomic():
        row = _row(access)
        changed = Access.objects.filter(pk=access, state=Access.State.ASKED, asked_by=actor.id).update(
            state=Access.State.REFUSED, answered_at=at, answered_by_name=actor.name, answer=words.strip()
        )
        if changed != 1:
            raise Refused(_("This was answered already, or somebody else asked for it. Open it again."))
        _record(actor, "devices.access.taken-back", row, at, words)
    return _row(access)


def use(
    *,
    actor: Actor,
    access: int,
    features: Sequence[str],
    at: datetime,
    looker: str = "",
    seen: str = "",
    when: datetime | None = None,
    source: str = "hand",
) -> AccessUse:
    """XIV.C.0: features are reached now, or were at `when`, within what was granted. Raises Refused.

    The first use on ground 4 starts the 72 hours (XIV.D.1); one reported later that was earlier moves them back.
    """
    moment = when or at
    if moment > at:
        raise Refused(_("That is still to come; write a use down when it happens."))
    with journal.atomic():
        row = _row(access)
        why_not = queries.why_not_use(row, list(features), moment)
        if why_not:
            raise Refused(why_not)
        made = AccessUse.objects.create(
            access=row, at=moment, features=sorted(set(features)), looker=looker or row.looker, seen=seen.strip(),
            source=source, recorded_at=at, recorded_by=actor.id,
        )  # fmt: skip
        if row.ground == Ground.THREAT:
            duties.begin(actor=actor, access=row, first_access=moment, at=at)
        _record(actor, "devices.access.used", row, at, seen)
    return made


def end(*, actor: Actor, access: int, result: str, at: datetime) -> Access:
    """XIV.C.0: an access is over before its time; what came of it is kept. Raises Refused."""
    if not result.strip():
        raise Refused(_("Say in a sentence what came of it."))
    with journal.atomic():
        row = _row(access)
        changed = Access.objects.filter(pk=access, state=Access.State.AUTHORISED, ended_at__isnull=True).update(
            ended_at=at, ended_by=actor.id, result=result.strip()
        )
        if changed != 1:
            raise Refused(_("This access has ended already, or was never approved."))
        _record(actor, "devices.access.ended", row, at, result)
    return _row(access)


def look_at(*, actor: Actor, access: int, at: datetime) -> Access:
    """XIV.C.0: open the record of an access; who looked at it stands in the journal too."""
    with journal.atomic():
        row = _row(access)
        _record(actor, "devices.access.seen", row, at, "")
    return row


def _proof(wanted: Wanted, at: datetime) -> gate.Proof:
    loss = queries.open_loss(wanted.resource)
    return gate.Proof(
        told_at=queries.advance_notice(wanted.student, wanted.ground, at),
        warrant=wanted.warrant,
        missing_since=loss.missing_since if loss else None,
        threat=wanted.threat,
        citation=wanted.citation.strip(),
        suspicion=queries.suspicion(wanted.suspicion),
        holder=queries.holder(wanted.resource),
    )


def _as_asked(wanted: Wanted, starts: datetime) -> gate.Ask:
    return gate.Ask(
        student=wanted.student, features=frozenset(wanted.features), ground=wanted.ground, purpose=wanted.purpose,
        why=wanted.why, scope=wanted.scope, starts=starts, ends=wanted.ends, actor_class=wanted.actor_class,
        commercial=wanted.commercial,
    )  # fmt: skip


def _columns(wanted: Wanted, starts: datetime, proof: gate.Proof, actor: Actor) -> dict[str, object]:
    loss = queries.open_loss(wanted.resource) if wanted.ground == Ground.MISSING else None
    return {
        "student_id": wanted.student, "resource_id": wanted.resource, "features": sorted(set(wanted.features)),
        "ground": wanted.ground, "purpose": wanted.purpose, "why": wanted.why.strip(), "scope": wanted.scope.strip(),
        "starts": starts, "ends": wanted.ends, "actor_class": wanted.actor_class,
        "looker": wanted.looker.strip() or actor.name or actor.id, "told_at": proof.told_at,
        "warrant_number": wanted.warrant.number, "warrant_sha256": wanted.warrant.sha256,
        "warrant_scope": wanted.warrant.scope, "warrant_expires": wanted.warrant.expires, "loss": loss,
        "looks_from": wanted.looks_from,
        "looks_until": wanted.looks_until, "threat": wanted.threat.strip(),
        "citation": proof.citation, "suspicion_id": wanted.suspicion,
    }  # fmt: skip


def _row(access: int) -> Access:
    row = queries.accesses().filter(pk=access).first()
    if row is None:
        raise Refused(_("There is no access %(access)s. Look it up in the register.") % {"access": access})
    return row


def _write_refusal(actor: Actor, wanted: Wanted, lacks: Sequence[gate.Lack], at: datetime) -> None:
    with journal.atomic():
        journal.record(
            actor=actor, verb="devices.access.turned-away", subject=f"person:{wanted.student}", at=at,
            clause=lacks[0].clause, reason=wanted.why,
            data={"ground": wanted.ground, "features": sorted(wanted.features), "lacks": [x.clause for x in lacks]},
        )  # fmt: skip


def _record(actor: Actor, verb: str, access: Access, at: datetime, reason: str) -> None:
    data = {"student": access.student_id, "ground": access.ground, "features": list(access.features)}
    journal.record(
        actor=actor, verb=verb, subject=f"device-access:{access.pk}", at=at, clause=gate.clause(access.ground),
        reason=reason.strip(), data=data,
    )  # fmt: skip
