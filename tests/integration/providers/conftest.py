"""A provider with a contract, read or not."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from homeroom.base.actor import Actor
from homeroom.providers import actions, vocabulary
from homeroom.providers.models import Contract, Provider

AT = datetime(2026, 9, 14, 17, 0, tzinfo=UTC)
DANA = Actor(id="dana", name="Dana Reyes", roles=frozenset({"technology_director"}))
ANSWERS = {
    "gives_device": True, "holds_data": True, "used_for": ["curriculum"], "data": ["name", "grades"],
    "rationale": "One account for each student.",
}  # fmt: skip
PAPER = b"%PDF-1.7 a made-up contract"


@pytest.fixture(autouse=True)
def home(tmp_path, settings):
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()
    return settings.HOME


def provider(name: str = "Readwell", at: datetime = AT, **answers) -> Provider:
    row = actions.add_provider(actor=DANA, at=at, name=name, domains=[f"{name.lower()}.test"])
    return actions.classify_provider(actor=DANA, at=at, provider=row, answers={**ANSWERS, **answers})


def contract(row: Provider, starts=date(2026, 8, 1), ends=date(2027, 7, 31), *, paper: bool = True) -> Contract:
    found = actions.add_contract(actor=DANA, at=AT, provider=row, title="Agreement", starts_on=starts, ends_on=ends)
    if paper:
        actions.add_file(actor=DANA, at=AT, contract=found, kind="contract", name="agreement.pdf", pieces=[PAPER])
    return found


def read(row: Contract, *, but: tuple[str, ...] = (), at: datetime = AT) -> Contract:
    """Find every term in the contract, but some."""
    file = row.files.first()
    for term in vocabulary.terms():
        if term.id not in but:
            actions.record_finding(actor=DANA, at=at, contract=row, term=term.id, outcome="meets", file=file,
                                   page="3", quotation=f"The vendor promises {term.title}")  # fmt: skip
    return row


def activated(name: str = "Readwell", **answers) -> Contract:
    return actions.activate_contract(actor=DANA, at=AT, contract=read(contract(provider(name, **answers))))
