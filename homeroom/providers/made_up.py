"""The made-up district's providers: one in use, one in review, one that ends tomorrow, one that shows advertising."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from homeroom.base.actor import Actor
from homeroom.notices import made_up
from homeroom.notices.actions import building, notices
from homeroom.people import queries as people
from homeroom.people.models import Person
from homeroom.providers import actions, vocabulary
from homeroom.providers.models import Contract
from homeroom.providers.queries import notice as queries

PAPER = (
    "A made-up contract for a demonstration.\n\nPage 3. The vendor keeps all data of students as the district itself "
    "would, shows them only to staff who need them for their work, sells nothing, advertises nothing, tells of a "
    "breach at once, and returns or destroys everything within ninety days of the end.\n"
)
_YEAR = timedelta(days=365)


def move_in(*, actor: Actor, at: datetime, say: Callable[[str], None]) -> None:
    """Four products that teachers use, with their contracts; families were told of those that were active then."""
    say("Putting made-up providers and their contracts on file ...")
    on, when = people.today(at), made_up.told_at(at)
    reading = _contract(actor, when, "Readwell", "Reading lessons with an account for each student.", "curriculum",
                        ("name", "account", "progress"), on - _YEAR / 2, on + _YEAR / 2)  # fmt: skip
    _read_through(actor, when, reading, without=())
    actions.activate_contract(actor=actor, at=when, contract=reading)
    testing = _contract(actor, at, "Mapletest", "Tests in reading and mathematics.", "assessment",
                        ("name", "student-id", "assessment"), on, on + _YEAR)  # fmt: skip
    _read_through(actor, at, testing, without=("no-sale", "incident", "accessible"))
    old = _contract(actor, when, "Oldmath", "Mathematics exercises, no longer used.", "curriculum",
                    ("name", "progress"), on - 2 * _YEAR, on + timedelta(days=1))  # fmt: skip
    _read_through(actor, when, old, without=())
    actions.activate_contract(actor=actor, at=when, contract=old)
    _advertising(actor, when, on)
    say(f"Telling families who holds educational data: {_notice(actor, when, at)}")


def _advertising(actor: Actor, when: datetime, on: date) -> None:
    """Minn. Stat. 125B.022: it advertises; the board heard and found, parents were told, and one said no."""
    row = _contract(actor, when, "Quizlark", "Quizzes for practice, with advertising.", "curriculum",
                    ("name", "progress"), on - _YEAR / 4, on + _YEAR / 2, advertising=True)  # fmt: skip
    _read_through(actor, when, row, without=())
    actions.record_advertising(
        actor=actor, at=when, contract=row, hearing_on=on - timedelta(days=40), parents_told_on=people.today(when),
        finding="The board finds that this product is an integral part of teaching.",
    )  # fmt: skip
    actions.activate_contract(actor=actor, at=when, contract=row)
    child = Person.objects.filter(pk="ben").first()
    if child is not None:
        actions.opt_out(actor=actor, at=when, contract=row, student=child, heard="His mother, by phone")


def _notice(actor: Actor, when: datetime, at: datetime) -> str:
    """XIII.C.0: the yearly notice of what is active, to the demonstration's own mail server and into a print file."""
    first = people.today(when)
    row = actions.plan_notice(
        actor=actor, at=when, contact="Technology department, 555-0100, technology@lake.test", first_day=first,
        inspection="Sign in and open the provider under Providers, or ask the department below.",
        follow_until=people.today(at) + timedelta(days=200),
    )  # fmt: skip
    row = notices.release_notice(actor=actor, at=when, notice=row, since=queries.first_moment(first))
    building.build(at=when, notice=row)
    return made_up.go_out(actor=actor, rows=[row], when=when, at=at)


def _contract(
    actor: Actor,
    at: datetime,
    name: str,
    purpose: str,
    use: str,
    data: tuple[str, ...],
    first: date,
    last: date,
    advertising: bool = False,
) -> Contract:
    row = actions.add_provider(
        actor=actor, at=at, name=f"{name} (made up)", product=name, purpose=purpose,
        website=f"https://{name.lower()}.test", domains=[f"{name.lower()}.test"],
    )  # fmt: skip
    answers = {
        "gives_device": True, "holds_data": True, "used_for": [use], "data": list(data), "advertising": advertising,
        "incident_contact": "security desk, 555-0101", "rationale": "Each student has an account of their own.",
    }  # fmt: skip
    actions.classify_provider(actor=actor, at=at, provider=row, answers=answers)
    contract = actions.add_contract(
        actor=actor, at=at, provider=row, title=f"{name} service agreement", starts_on=first, ends_on=last
    )
    actions.add_file(
        actor=actor, at=at, contract=contract, kind="contract", name=f"{name.lower()}-agreement.txt",
        pieces=[f"{name}\n\n{PAPER}".encode()], title=f"{name} service agreement",
    )  # fmt: skip
    return contract


def _read_through(actor: Actor, at: datetime, contract: Contract, *, without: tuple[str, ...]) -> None:
    file = contract.files.first()  # type: ignore[attr-defined]
    for term in vocabulary.terms():
        if term.id not in without:
            actions.record_finding(
                actor=actor, at=at, contract=contract, term=term.id, outcome="meets", file=file, page="3",
                quotation="The vendor keeps all data of students as the district itself would",
            )  # fmt: skip
