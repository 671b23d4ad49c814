"""Questions about contracts: what is missing, what runs out, what is owed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from homeroom.kernel.providers import classification, terms
from homeroom.kernel.providers.terms import Finding, Outcome, Term
from homeroom.notices.models import Clock
from homeroom.people import queries as people
from homeroom.providers import vocabulary
from homeroom.providers.models import Contract, ContractFile, ContractState, FileKind, Override, TermFinding

WHOLE = (FileKind.CONTRACT, FileKind.TERMS)  # without one of these there is no contract to read
SOON = timedelta(days=90)


def contract(pk: int) -> Contract | None:
    """One contract with its provider."""
    return Contract.objects.filter(pk=pk).select_related("provider").first()


def active(on: date) -> QuerySet[Contract]:
    """Those that hold on a day, by provider."""
    days = Q(last__isnull=True) | Q(last__gte=on)
    rows = _dated().filter(days, state=ContractState.ACTIVE, starts_on__lte=on)
    return rows.select_related("provider").order_by("provider__product", "id")


def run_out(on: date) -> QuerySet[Contract]:
    """Those whose last day is over and whose data are not known to be back."""
    return _dated().filter(state=ContractState.ACTIVE, last__lt=on).select_related("provider")


def owing(on: date) -> list[Contract]:
    """XIII.F: those that ran out and owe their data: no renewal is expected, or its day is over, and no clock runs."""
    waiting = Q(renewal_expected=True, renewal_decided_by__gte=on)
    rows = {f"contract:{row.pk}": row for row in run_out(on).exclude(waiting)}
    # A clock that was taken back when the contract was renewed says nothing about the end of the renewed one.
    known = {
        clock.about
        for clock in Clock.objects.filter(about__in=list(rows), rule="provider-data-return")
        if clock.withdrawn_at is None or people.today(clock.since) == rows[clock.about].last_day
    }
    return [row for about, row in rows.items() if about not in known]


def ending(on: date) -> QuerySet[Contract]:
    """Those that run out within 90 days, the soonest first."""
    return active(on).filter(last__lte=on + SOON).order_by("last", "id")


def latest(contract: Contract) -> dict[str, TermFinding]:
    """What was last found about each term."""
    return latest_of([contract.pk])[contract.pk]


def latest_of(pks: Iterable[int]) -> dict[int, dict[str, TermFinding]]:
    """For each contract what was last found about each term; one query."""
    found: dict[int, dict[str, TermFinding]] = defaultdict(dict)
    rows = TermFinding.objects.filter(contract__in=list(pks)).select_related("file").order_by("id")
    for row in rows:
        found[row.contract_id][row.term] = row  # type: ignore[attr-defined]
    return found


def missing_terms(contract: Contract, on: date) -> tuple[Term, ...]:
    """XIII.E.0: the terms of the checklist that nothing in the contract shows."""
    return missing_in(latest(contract), on)


def missing_in(found: dict[str, TermFinding], on: date) -> tuple[Term, ...]:
    """The same, of what was found already."""
    plain = {
        term: Finding(term, Outcome(row.outcome), row.file_id or 0, row.page, row.quotation)  # type: ignore[attr-defined]
        for term, row in found.items()
    }
    return terms.missing(vocabulary.terms(), plain, on)


def override_in_force(contract: Contract, on: date) -> Override | None:
    """The named exception that holds on a day and covers every term that is missing."""
    lacking = {term.id for term in missing_terms(contract, on)}
    rows = Override.objects.filter(contract=contract, until__gte=on)
    return next((row for row in rows if lacking <= set(row.terms)), None)


def lacking(contract: Contract, on: date) -> list[str]:
    """XIII.E.0: why a contract cannot become active, as sentences with a next step; none where it can."""
    found, provider = [], contract.provider
    if provider.classified_at is None:
        found.append(_("The provider is not classified. Answer the questions about it first."))
    if not ContractFile.objects.filter(contract=contract, kind__in=WHOLE).exists():
        found.append(_("The contract itself is not on file. Add it, with every amendment and exhibit."))
    if contract.last_day is not None and contract.last_day < on:
        found.append(_("It ran out on %(last_day)s. Enter its renewal.") % {"last_day": contract.last_day})
    missing = missing_terms(contract, on)
    if missing and override_in_force(contract, on) is None:
        names = ", ".join(term.title for term in missing)
        found.append(
            _("These terms are not shown by page and words: %(names)s. Find them in the contract, or ask for them.")
            % {"names": names}
        )
    if provider.advertising and not (contract.hearing_on and contract.finding and contract.parents_told_on):
        found.append(_("It advertises: the board’s hearing and finding, and the notice to parents, must be on record."))
    return found


def unproved(on: date) -> list[Contract]:
    """XIII.E.0: active contracts of providers with a term that is missing and no exception in force."""
    rows = [row for row in active(on) if classification.is_provider(row.provider.answers)]
    found = latest_of(row.pk for row in rows)
    return [row for row in rows if missing_in(found[row.pk], on) and override_in_force(row, on) is None]


def clocks_about(about: str) -> QuerySet[Clock]:
    """The clocks that still run about a thing."""
    return Clock.objects.filter(about=about, met_at=None, withdrawn_at=None)


def return_clocks(contract: Contract) -> QuerySet[Clock]:
    """K15: the clock by which its data come back."""
    return clocks_about(f"contract:{contract.pk}")


def _dated() -> QuerySet[Contract]:
    return Contract.objects.annotate(last=Coalesce(F("ended_on"), F("ends_on")))
