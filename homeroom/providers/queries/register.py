"""The register as officials and as the public see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from homeroom.kernel.providers import classification
from homeroom.people.models import Person
from homeroom.providers import titles
from homeroom.providers.models import Breach, Contract, ContractFile, Inspection, OptOut, Provider
from homeroom.providers.queries import contracts

STATES = ("active", "ending", "review", "run-out", "none", "refused")


@dataclass(frozen=True, slots=True)
class Line:
    """One provider on a day: its contract that matters, how it stands, what is missing."""

    provider: Provider
    contract: Contract | None
    state: str
    missing: int
    is_provider: bool
    notified: bool
    data: str


def providers(words: str = "") -> QuerySet[Provider]:
    """All, or those with these words in a name."""
    rows = Provider.objects.all()
    for word in words.split():
        rows = rows.filter(Q(name__icontains=word) | Q(product__icontains=word))
    return rows


def provider(slug: str) -> Provider | None:
    """One."""
    return Provider.objects.filter(slug=slug).first()


def lines(rows: Any, on: date) -> list[Line]:
    """Providers as lines; a fixed number of queries."""
    held = Contract.objects.order_by("-starts_on", "-id")
    some = list(rows.prefetch_related(Prefetch("contracts", queryset=held, to_attr="held")))
    found = contracts.latest_of(each.pk for row in some for each in row.held)
    return [_line(row, row.held, found, on) for row in some]


def _line(provider: Provider, held: list[Contract], found: Any, on: date) -> Line:
    contract = next((each for each in held if each.holds(on)), held[0] if held else None)
    missing = len(contracts.missing_in(found[contract.pk], on)) if contract else 0
    return Line(
        provider, contract, _state(contract, on), missing, classification.is_provider(provider.answers),
        classification.is_notified(provider.answers), titles.in_words(provider.data),
    )  # fmt: skip


def _state(contract: Contract | None, on: date) -> str:
    if contract is None:
        return "none"
    if contract.holds(on):
        soon = contract.last_day is not None and contract.last_day <= on + contracts.SOON
        return "ending" if soon and not contract.renewal_expected else "active"
    return "run-out" if contract.has_run_out(on) else contract.state


def public(words: str, on: date) -> list[Line]:
    """XIII.C.1: what everybody may see: the providers whose contracts hold today."""
    named = set(contracts.active(on).values_list("provider_id", flat=True))
    return lines(providers(words).filter(pk__in=named), on)


def files(contract: Contract) -> QuerySet[ContractFile]:
    """XIII.D: every version, amendment and exhibit, as they came."""
    return contract.files.prefetch_related("redactions")  # type: ignore[attr-defined]


def file(pk: int) -> ContractFile | None:
    """One file with its contract and provider."""
    return ContractFile.objects.filter(pk=pk).select_related("contract__provider").first()


def is_open_to_readers(contract: Contract) -> bool:
    """XIII.D: whether a contract is or was in force, so that parents and students may read it."""
    return contract.state in ("active", "closed")


def inspections(*, open_only: bool = False) -> QuerySet[Inspection]:
    """XIII.D: who asked to read what."""
    rows = Inspection.objects.select_related("contract__provider", "person")
    return rows.filter(answered_at=None) if open_only else rows


def inspections_of(words: str) -> QuerySet[Inspection]:
    """Those of people, products or companies with these words in their names."""
    rows = inspections()
    for word in words.split():
        rows = rows.filter(
            Q(person__given_name__istartswith=word) | Q(person__family_name__istartswith=word)
            | Q(contract__provider__name__icontains=word) | Q(contract__provider__product__icontains=word)
        )  # fmt: skip
    return rows


def asked_by(person: str, contract: Contract) -> QuerySet[Inspection]:
    """XIII.D: what one person asked about a contract, and what came of it."""
    return Inspection.objects.filter(contract=contract, person_id=person)[:5]


def inspection(pk: int) -> Inspection | None:
    """One."""
    return inspections().filter(pk=pk).first()


def breaches(provider: Provider) -> QuerySet[Breach]:
    """What a provider lost."""
    return Breach.objects.filter(provider=provider)


def breach(pk: int) -> Breach | None:
    """One."""
    return Breach.objects.filter(pk=pk).select_related("provider").first()


def opt_outs(contract: Contract) -> QuerySet[OptOut]:
    """Minn. Stat. 125B.022: the wishes that hold, by name."""
    rows = OptOut.objects.filter(contract=contract, withdrawn_at=None).select_related("student")
    return rows.order_by("student__family_name", "student__given_name", "id")


def opted_out(contract: Contract, students: list[Person]) -> set[str]:
    """Which of some students are not shown advertising."""
    rows = OptOut.objects.filter(contract=contract, student__in=students, withdrawn_at=None)
    return set(rows.values_list("student_id", flat=True))
