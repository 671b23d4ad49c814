"""A contract is put on file, read, activated, renewed, ended; its data come back or are destroyed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.kernel.providers.terms import Finding, Incomplete, Outcome, check
from homeroom.notices import actions as notices
from homeroom.people import queries as people
from homeroom.providers import files, vocabulary
from homeroom.providers.models import Contract, ContractFile, ContractState, FileKind, Override, Provider, TermFinding
from homeroom.providers.queries import contracts as queries

RETURN = "provider-data-return"
LONGEST_HOPE = timedelta(days=366)  # Homeroom's choice: the law speaks of a renewal that is reasonably expected


def add_contract(
    *, actor: Actor, at: datetime, provider: Provider, title: str, starts_on: date, ends_on: date | None = None
) -> Contract:
    """XIII.D: a contract comes on file for review. Raises Refused."""
    if ends_on is not None and ends_on < starts_on:
        raise Refused(
            _("It would end on %(ends_on)s before it begins on %(starts_on)s. Correct one of the days.")
            % {"ends_on": ends_on, "starts_on": starts_on}
        )
    with journal.atomic():
        row = Contract.objects.create(
            provider=provider, title=title.strip() or "Contract", starts_on=starts_on, ends_on=ends_on, made_at=at
        )
        _record(actor, "added", row, at, data={"starts": starts_on.isoformat(), "ends": str(ends_on or "")})
    return row


def add_file(
    *, actor: Actor, at: datetime, contract: Contract, kind: str, name: str, pieces: Iterable[bytes], title: str = ""
) -> ContractFile:
    """XIII.D, T22: a version, amendment or exhibit; files are added and never taken away. Raises Refused."""
    if kind not in FileKind.values:
        raise Refused(
            _("There is no kind of file “%(kind)s”; choose one of %(known)s.")
            % {"kind": kind, "known": ", ".join(FileKind.values)}
        )
    sha256, size = files.keep(name, pieces)
    with journal.atomic():
        known = ContractFile.objects.filter(contract=contract, sha256=sha256, kind=kind).first()
        if known:
            return known
        row = ContractFile.objects.create(
            contract=contract, kind=kind, title=(title.strip() or name)[:200], name=name[:255], sha256=sha256,
            size=size, added_at=at, added_by=actor.id,
        )  # fmt: skip
        _record(actor, "file-added", contract, at, data={"file": row.pk, "kind": kind, "sha256": sha256})
    return row


def record_finding(
    *, actor: Actor, at: datetime, contract: Contract, term: str, outcome: str, file: ContractFile | None = None,
    page: str = "", quotation: str = "", note: str = "",
) -> TermFinding:  # fmt: skip
    """XIII.E.0, XIII.E.1, XIII.E.2: what the contract says about a term, shown by page and words. Raises Refused."""
    if vocabulary.term(term) is None:
        raise Refused(_("No term is called “%(term)s”.") % {"term": term})
    if outcome not in list(Outcome):
        raise Refused(
            _("“%(outcome)s” is no outcome; choose one of %(known)s.")
            % {"outcome": outcome, "known": ", ".join(Outcome)}
        )
    if file is not None and file.contract_id != contract.pk:  # type: ignore[attr-defined]
        raise Refused(_("That file belongs to another contract."))
    try:
        check(Finding(term, Outcome(outcome), file.pk if file else 0, page, quotation))
    except Incomplete as error:
        raise Refused(_(str(error))) from None
    with journal.atomic():
        row = TermFinding.objects.create(
            contract=contract, term=term, outcome=outcome, file=file, page=page.strip(), quotation=quotation.strip(),
            note=note.strip(), at=at, by=actor.id, by_name=actor.name,
        )  # fmt: skip
        _record(actor, "read", contract, at, clause=vocabulary.term(term).clause,  # type: ignore[union-attr]
                data={"term": term, "outcome": outcome, "page": page})  # fmt: skip
    return row


def activate_contract(*, actor: Actor, at: datetime, contract: Contract) -> Contract:
    """XIII.E.0: from now on the product may be used; refused while a term is not shown. Raises Refused."""
    on = people.today(at)
    lacking = queries.lacking(contract, on)
    if lacking:
        raise Refused(" ".join(lacking))
    with journal.atomic():
        _move(contract, ContractState.REVIEW, ContractState.ACTIVE, active_at=at, active_by=actor.id)
        _record(actor, "activated", contract, at)
    return contract


def override_contract(*, actor: Actor, at: datetime, contract: Contract, reason: str, until: date) -> Override:
    """XIII.E.0: use it although terms are missing: by name, with a reason, for at most a year. Raises Refused."""
    on = people.today(at)
    if not reason.strip():
        raise Refused(_("Say why it is used although terms are missing; it stands under your name."))
    if not on < until <= on.replace(year=on.year + 1, day=min(on.day, 28)):
        raise Refused(_("Give a day after today and within a year. Until then the terms must be there."))
    terms = [term.id for term in queries.missing_terms(contract, on)]
    if not terms:
        raise Refused(_("No term is missing, so there is nothing to override."))
    with journal.atomic():
        row = Override.objects.create(
            contract=contract, terms=terms, reason=reason.strip(), until=until, at=at, by=actor.id, by_name=actor.name
        )
        _record(actor, "overridden", contract, at, reason=reason.strip(),
                data={"terms": terms, "until": until.isoformat()})  # fmt: skip
    return row


def refuse_contract(*, actor: Actor, at: datetime, contract: Contract, reason: str) -> Contract:
    """Do not enter into it. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Say why, so that whoever asked for it knows."))
    with journal.atomic():
        _move(contract, ContractState.REVIEW, ContractState.REFUSED, reason=reason.strip(), closed_at=at)
        _record(actor, "refused", contract, at, reason=reason.strip())
    return contract


def renew_contract(
    *, actor: Actor, at: datetime, contract: Contract, ends_on: date | None = None, expected: bool = False,
    decided_by: date | None = None,
) -> Contract:  # fmt: skip
    """It runs longer, or a renewal is reasonably expected, to be decided by a day. Raises Refused."""
    on = people.today(at)
    if expected and (decided_by is None or decided_by < on):
        raise Refused(_("Say by which day the renewal is decided; until then the data may stay."))
    if expected and decided_by and decided_by > on + LONGEST_HOPE:
        raise Refused(_("A renewal that is decided in more than a year is no expectation. Give an earlier day."))
    if not expected and ends_on is not None and ends_on <= (contract.last_day or on):
        raise Refused(_("Give a new last day after %(last_day)s.") % {"last_day": contract.last_day})
    with journal.atomic():
        new: dict[str, Any] = {"renewal_expected": expected, "renewal_decided_by": decided_by if expected else None}
        new |= {} if expected else {"ends_on": ends_on, "ended_on": None}
        _move(contract, ContractState.ACTIVE, ContractState.ACTIVE, **new)
        if not expected:
            _withdraw(actor, contract, at, "The contract was renewed.")
        _record(actor, "renewal-expected" if expected else "renewed", contract, at, data={"ends": str(ends_on or "")})
    return contract


def end_contract(*, actor: Actor, at: datetime, contract: Contract, last_day: date, reason: str) -> Contract:
    """It ends before its time; the clock for its data starts the day after. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Say why it ends."))
    if last_day < contract.starts_on:
        raise Refused(_("It began on %(starts_on)s; it cannot end before.") % {"starts_on": contract.starts_on})
    with journal.atomic():
        _move(contract, ContractState.ACTIVE, ContractState.ACTIVE, ended_on=last_day, reason=reason.strip(),
              renewal_expected=False, renewal_decided_by=None)  # fmt: skip
        _record(actor, "ended", contract, at, reason=reason.strip(), data={"last_day": last_day.isoformat()})
    start_due_clocks(actor=actor, at=at)
    return contract


def start_due_clocks(*, actor: Actor, at: datetime) -> int:
    """XIII.F: each contract that ran out, with no renewal in sight, owes its data: by the clock of K15."""
    started = 0
    for contract in queries.owing(people.today(at)):
        since = datetime.combine(contract.last_day, time.max, people.zone()).replace(microsecond=0)
        notices.start_clock(
            actor=actor, at=at, rule=RETURN, about=f"contract:{contract.pk}", since=since,
            title=f"Data of {contract.provider} returned or destroyed",
        )  # fmt: skip
        started += 1
    return started


def certify_return(*, actor: Actor, at: datetime, contract: Contract, file: ContractFile) -> Contract:
    """XIII.F: the provider's certificate is on file: its data are returned or destroyed. Raises Refused."""
    if file.contract_id != contract.pk or file.kind != FileKind.CERTIFICATE:  # type: ignore[attr-defined]
        raise Refused(_("Put the provider's certificate of destruction or return on file first, as that kind of file."))
    if not contract.has_run_out(people.today(at)):
        raise Refused(_("The contract still holds. End it first, then its data come back."))
    with journal.atomic():
        _move(contract, ContractState.ACTIVE, ContractState.CLOSED, closed_at=at)
        for clock in queries.return_clocks(contract):
            notices.meet_clock(actor=actor, at=at, clock=clock, how=f"Certificate {file.title}")
        _record(actor, "closed", contract, at, data={"certificate": file.sha256})
    return contract


def record_advertising(
    *, actor: Actor, at: datetime, contract: Contract, hearing_on: date, finding: str, parents_told_on: date | None
) -> Contract:
    """Minn. Stat. 125B.022: the board's hearing and finding, and the day on which parents were told. Raises Refused."""
    if not contract.provider.advertising:
        raise Refused(_("This product is not said to advertise. Change its classification first."))
    if len(finding.split()) < 3:
        raise Refused(_("Write the board's finding: that the product is an integral part of teaching."))
    with journal.atomic():
        contract.hearing_on, contract.finding, contract.parents_told_on = hearing_on, finding.strip(), parents_told_on
        contract.save(update_fields=["hearing_on", "finding", "parents_told_on"])
        _record(actor, "advertising-heard", contract, at, data={"hearing": hearing_on.isoformat()})
    return contract


def _withdraw(actor: Actor, contract: Contract, at: datetime, reason: str) -> None:
    for clock in queries.return_clocks(contract):
        notices.withdraw_clock(actor=actor, at=at, clock=clock, reason=reason)


def _move(contract: Contract, before: str, after: str, **values: Any) -> None:
    if Contract.objects.filter(pk=contract.pk, state=before).update(state=after, **values) != 1:
        raise Refused(_("Somebody was quicker: this contract has another state now. Look at it again."))
    contract.refresh_from_db()


def _record(
    actor: Actor, done: str, row: Contract, at: datetime, *, clause: str = "XIII.E.0", reason: str = "",
    data: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    journal.record(
        actor=actor, verb=f"providers.contract.{done}", subject=f"contract:{row.pk}", at=at, clause=clause,
        reason=reason, data=data or {},
    )  # fmt: skip
