"""Reading contracts, redacting by law, breaches, and opting out of advertising."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.notices import actions as notices
from homeroom.people.models import Person
from homeroom.providers import files
from homeroom.providers.models import Breach, Contract, ContractFile, Inspection, OptOut, Provider, Redaction
from homeroom.providers.queries import contracts as queries

ASKED = "contract-inspection"
LONGEST_WISH = 6000


def ask_inspection(
    *, actor: Actor, at: datetime, contract: Contract, wish: str = "", person: str = ""
) -> Inspection:  # fmt: skip
    """XIII.D: a parent or student asks to read a contract on paper or to be explained it; asked twice is asked once.

    `person` is who asks, where an official enters what came on paper or by phone.
    """
    who = person or actor.id
    with journal.atomic():
        known = Inspection.objects.filter(contract=contract, person_id=who, answered_at=None).first()
        if known:
            return _said_more(actor, known, wish.strip(), at)
        row = Inspection.objects.create(contract=contract, person_id=who, wish=wish.strip(), asked_at=at)
        notices.start_clock(actor=actor, at=at, rule=ASKED, about=f"inspection:{row.pk}", since=at,
                            title=f"Contract of {contract.provider} shown to whoever asked")  # fmt: skip
        _record(actor, "inspection.asked", f"inspection:{row.pk}", at, data={"contract": contract.pk, "person": who})
    return row


def _said_more(actor: Actor, row: Inspection, wish: str, at: datetime) -> Inspection:
    """XIII.D: what somebody adds while they wait reaches the district too; the clock is that of the first request."""
    if not wish or wish in row.wish:
        return row
    both = f"{row.wish}\n{wish}".strip()
    if len(both) > LONGEST_WISH:
        raise Refused(_("You wrote enough for one request. Wait for the answer, or call the school’s office."))
    Inspection.objects.filter(pk=row.pk, answered_at=None).update(wish=both)
    _record(actor, "inspection.asked", f"inspection:{row.pk}", at, data={"person": row.person_id, "added": True})
    row.refresh_from_db()
    return row


def answer_inspection(
    *, actor: Actor, at: datetime, inspection: Inspection, answer: str, denied: bool = False, citation: str = ""
) -> Inspection:
    """XIII.D: it was shown, or is denied by a law that is named. Raises Refused."""
    if len(answer.split()) < 2:
        raise Refused(_("Say in a sentence how and when it was shown, or why it cannot be."))
    if denied and not citation.strip():
        raise Refused(_("A contract is kept back only by law. Name the statute, or let it be read."))
    with journal.atomic():
        changed = Inspection.objects.filter(pk=inspection.pk, answered_at=None).update(
            answered_at=at, answered_by=actor.id, answer=answer.strip(), denied=denied, citation=citation.strip()
        )
        if changed != 1:
            raise Refused(_("This was answered already."))
        for clock in queries.clocks_about(f"inspection:{inspection.pk}"):
            notices.meet_clock(actor=actor, at=at, clock=clock, how="Denied by law" if denied else "Shown")
        _record(actor, "inspection.denied" if denied else "inspection.answered", f"inspection:{inspection.pk}", at,
                reason=citation)  # fmt: skip
    inspection.refresh_from_db()
    return inspection


def show_file(*, actor: Actor, at: datetime, file: ContractFile) -> tuple[ContractFile, bytes]:
    """XIII.D: hand out a file whole (by law redacted: in that form), and write down who read what."""
    redaction = Redaction.objects.filter(file=file, ended_at=None).select_related("shown").first()
    shown = redaction.shown if redaction else file
    content = files.read(shown.sha256)
    with journal.atomic():
        _record(actor, "contract.shown", f"contract:{file.contract_id}", at,  # type: ignore[attr-defined]
                data={"file": file.pk, "sha256": shown.sha256, "redacted": redaction is not None})  # fmt: skip
    return shown, content


def redact_file(
    *, actor: Actor, at: datetime, file: ContractFile, shown: ContractFile, citation: str, reason: str, decided_by: str
) -> Redaction:
    """XIII.D, T22: show another form of a file, because a named lawyer decided so by a named law. Raises Refused."""
    if not (citation.strip() and reason.strip() and decided_by.strip()):
        raise Refused(_("Name the law, the reason and who decided it. Without all three the whole contract is shown."))
    if shown.contract_id != file.contract_id or shown.pk == file.pk:  # type: ignore[attr-defined]
        raise Refused(_("Put the redacted form on file with the same contract first."))
    with journal.atomic():
        if Redaction.objects.filter(file=file, ended_at=None).exists():
            raise Refused(_("A decision about this file is on record already."))
        row = Redaction.objects.create(file=file, shown=shown, citation=citation.strip(), reason=reason.strip(),
                                       decided_by=decided_by.strip(), at=at, by=actor.id)  # fmt: skip
        _record(actor, "contract.redacted", f"contract:{file.contract_id}", at, reason=reason.strip(),  # type: ignore[attr-defined]
                data={"file": file.pk, "citation": citation, "decided_by": decided_by})  # fmt: skip
    return row


def end_redaction(*, actor: Actor, at: datetime, file: ContractFile, reason: str) -> Redaction:
    """XIII.D, T22: the decision was entered wrongly, or no longer holds: the file is shown whole. Raises Refused.

    The decision, and who opened the other form meanwhile, stay on record.
    """
    if len(reason.split()) < 2:
        raise Refused(_("Say why the file is shown whole again, for instance that another file was meant."))
    with journal.atomic():
        row = Redaction.objects.filter(file=file, ended_at=None).first()
        said = {"ended_at": at, "ended_by_name": actor.name or actor.id, "ended_why": reason.strip()}
        if row is None or Redaction.objects.filter(pk=row.pk, ended_at=None).update(**said) != 1:
            raise Refused(_("No decision about this file holds; it is shown whole already."))
        _record(actor, "contract.redaction-ended", f"contract:{file.contract_id}", at, reason=reason.strip(),  # type: ignore[attr-defined]
                data={"file": file.pk, "citation": row.citation, "since": row.at.isoformat()})  # fmt: skip
    row.refresh_from_db()
    return row


def report_breach(
    *, actor: Actor, at: datetime, provider: Provider, discovered_at: datetime, told_at: datetime, what: str,
    data: Sequence[str] = (), students: int | None = None,
) -> Breach:  # fmt: skip
    """XIII.E.0: a provider lost data; the clock of K14 starts with the discovery. Raises Refused."""
    if discovered_at > at or told_at > at:
        raise Refused(_("That lies in the future. Give the time at which it was discovered."))
    if len(what.split()) < 3:
        raise Refused(_("Say in a sentence what happened."))
    with journal.atomic():
        row = Breach.objects.create(provider=provider, discovered_at=discovered_at, told_at=told_at, what=what.strip(),
                                    data=list(data), students=students, at=at, by=actor.id)  # fmt: skip
        notices.start_clock(actor=actor, at=at, rule="breach-notice", about=f"breach:{row.pk}", since=discovered_at,
                            title=f"People told of the breach at {provider}")  # fmt: skip
        _record(actor, "breach.reported", f"breach:{row.pk}", at, data={"provider": provider.pk})
    return row


def close_breach(*, actor: Actor, at: datetime, breach: Breach, outcome: str) -> Breach:
    """XIII.E.0: those affected were told, and the report is written. Raises Refused."""
    if len(outcome.split()) < 3:
        raise Refused(_("Say who was told, how and when."))
    with journal.atomic():
        if Breach.objects.filter(pk=breach.pk, closed_at=None).update(closed_at=at, outcome=outcome.strip()) != 1:
            raise Refused(_("This was closed already."))
        for clock in queries.clocks_about(f"breach:{breach.pk}"):
            notices.meet_clock(actor=actor, at=at, clock=clock, how="Those affected were told")
        _record(actor, "breach.closed", f"breach:{breach.pk}", at)
    breach.refresh_from_db()
    return breach


def opt_out(*, actor: Actor, at: datetime, contract: Contract, student: Person, heard: str = "") -> OptOut:
    """Minn. Stat. 125B.022: no advertising for this student, at a parent's word, at any time.

    `heard` is who said so and how, where an official enters it.
    """
    with journal.atomic():
        row, made = OptOut.objects.get_or_create(
            contract=contract, student=student, withdrawn_at=None, defaults={"at": at, "by": actor.id}
        )
        if made:
            _record(actor, "advertising.opted-out", f"person:{student.pk}", at, reason=heard.strip(),
                    data={"contract": contract.pk})  # fmt: skip
    return row


def withdraw_opt_out(
    *, actor: Actor, at: datetime, contract: Contract, student: Person, heard: str = ""
) -> None:  # fmt: skip
    """Minn. Stat. 125B.022: the word is taken back. Raises Refused where there was none."""
    with journal.atomic():
        held = OptOut.objects.filter(contract=contract, student=student, withdrawn_at=None)
        if held.update(withdrawn_at=at) != 1:
            raise Refused(_("There was no such wish."))
        _record(actor, "advertising.opted-in", f"person:{student.pk}", at, reason=heard.strip(),
                data={"contract": contract.pk})  # fmt: skip


def _record(
    actor: Actor, verb: str, subject: str, at: datetime, *, reason: str = "", data: dict[str, Any] | None = None
) -> None:
    journal.record(actor=actor, verb=f"providers.{verb}", subject=subject, at=at, clause="XIII.D", reason=reason,
                   data=data or {})  # fmt: skip
