"""Article IV: use is a privilege of those who belong here, and it can be suspended or cancelled."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from homeroom.access import actions
from homeroom.access.actions import restrictions
from homeroom.access.facts import standing_of
from homeroom.access.models import Restriction
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.kernel.decision.standing import Facts, standing
from homeroom.kernel.decision.standing import Restriction as Held
from homeroom.people import queries as people
from homeroom.people.models import Guardianship
from tests.town import NOON

TODAY = date(2026, 9, 14)
ONE = timedelta(days=1)
OKAFOR = Actor(id="okafor", name="Chidi Okafor", roles=frozenset({"building_administrator"}))
OLSEN = Actor(id="olsen", name="Maja Olsen", roles=frozenset({"teacher"}))
ROLE = (("student", date(2020, 9, 1), None),)


@pytest.mark.clause("IV.2a")
@pytest.mark.parametrize(
    ("day", "open_"), [(TODAY - ONE, True), (TODAY, False), (TODAY + 4 * ONE, False), (TODAY + 5 * ONE, True)]
)
def test_a_suspension_counts_from_its_first_to_its_last_day(day, open_):
    facts = Facts("ben", ROLE, restrictions=(Held(TODAY, TODAY + 4 * ONE),))
    assert standing(facts, day).open is open_


@pytest.mark.clause("IV.2a")
def test_a_cancellation_has_no_end_and_outweighs_a_suspension():
    facts = Facts("ben", ROLE, restrictions=(Held(TODAY, TODAY + ONE), Held(TODAY)))
    assert [each.code for each in standing(facts, TODAY).missing] == ["cancelled"]
    assert not standing(facts, TODAY + timedelta(days=4000)).open


@pytest.mark.clause("IV.1")
def test_every_reason_is_named_and_not_only_the_first():
    facts = Facts("ben", ROLE, restrictions=(Held(TODAY),), ended_by_parent=TODAY, noticed=False)
    assert [each.clause for each in standing(facts, TODAY).missing] == ["IV.2a", "VIII.D.2", "XI.A"]


@pytest.mark.clause("IV.1")
def test_whoever_belongs_to_nothing_here_has_no_network():
    assert [each.clause for each in standing(Facts("x"), TODAY).missing] == ["IV.1"]


@pytest.mark.django_db
@pytest.mark.clause("IV.2a")
def test_an_administrator_suspends_a_teacher_does_not(town):
    with pytest.raises(Refused, match="administrator"):
        actions.restrict(actor=OLSEN, at=NOON, person="ben", reason="Games.", last_day=TODAY + ONE)
    actions.restrict(actor=OKAFOR, at=NOON, person="ben", reason="Games.", last_day=TODAY + ONE)
    assert not standing_of("ben", TODAY).open
    assert standing_of("leah", TODAY).open, "nobody else"
    assert standing_of("ben", TODAY + 2 * ONE).open


@pytest.mark.django_db
@pytest.mark.clause("IV.2a")
def test_what_is_lifted_on_appeal_opens_the_same_day_and_stays_on_record(town):
    row = actions.restrict(actor=OKAFOR, at=NOON, person="ben", reason="Games.", cancel=True)
    actions.appeal(actor=OKAFOR, at=NOON, restriction=row, words="It was his brother.")
    actions.lift(actor=OKAFOR, at=NOON, restriction=row, reason="It was.")
    assert standing_of("ben", TODAY).open
    assert Restriction.objects.get().lifted_why == "It was."
    with pytest.raises(Refused, match="lifted already"):
        actions.lift(actor=OKAFOR, at=NOON, restriction=row, reason="Again.")


@pytest.mark.django_db
@pytest.mark.clause("IV.2a")
def test_an_appeal_written_down_while_another_official_lifts_it_brings_nothing_back(town, monkeypatch):
    row = actions.restrict(actor=OKAFOR, at=NOON, person="ben", reason="Games.", cancel=True)
    stale = Restriction.objects.get()
    actions.lift(actor=OKAFOR, at=NOON, restriction=row, reason="It was his brother.")
    monkeypatch.setattr(restrictions, "_standing", lambda _restriction: stale)
    with pytest.raises(Refused, match="in the meantime"):
        actions.appeal(actor=OKAFOR, at=NOON, restriction=row, words="It was his brother.")
    assert standing_of("ben", TODAY).open


@pytest.mark.django_db
@pytest.mark.clause("IV.2a")
@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"reason": " "}, "Say why"),
        ({"last_day": None}, "last day"),
        ({"last_day": TODAY - ONE}, "last day"),
        ({"first_day": TODAY - ONE}, "not in the past"),
        ({"cancel": True}, "no last day"),
        ({"person": "nobody"}, "Nobody has the id"),
        ({"last_day": TODAY + timedelta(days=900)}, "a year at most"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(town, more, said):
    values = {"person": "ben", "reason": "Games.", "last_day": TODAY + ONE, **more}
    with pytest.raises(Refused, match=said):
        actions.restrict(actor=OKAFOR, at=NOON, **values)


# Who reads why


WHY = "He played games in two lessons."


@pytest.fixture
def suspended(town):
    now = timezone.now()
    today = people.today(now)
    actions.restrict(actor=OKAFOR, at=now, person="ben", reason=WHY, last_day=today + ONE)
    bond = Guardianship.objects.filter(child="ben", guardian="rosa")
    assert bond.exists()
    return town


def page(town, who, path="/people/ben") -> str:
    return town.client(who).get(path).content.decode()


@pytest.mark.django_db(databases=["default", "activity"])
@pytest.mark.clause("IV.2a")
@pytest.mark.parametrize("who", ["olsen", "kim"])
def test_teachers_and_clerks_read_that_it_is_closed_and_whom_to_ask_not_why(suspended, who):
    shown = page(suspended, who)
    assert "Closed by a decision of the school." in shown and "Ask Chidi Okafor." in shown
    assert WHY not in shown and "uspended" not in shown
    if who == "olsen":
        assert "suspended" not in page(suspended, who, "/agreements/classes/7b")


@pytest.mark.django_db(databases=["default", "activity"])
@pytest.mark.clause("IV.2a")
@pytest.mark.parametrize(
    ("who", "path", "reads"),
    [
        ("okafor", "/people/ben", True), ("dana", "/people/ben", True), ("ben", "/restrictions/mine", True),
        ("rosa", "/restrictions/mine", True), ("farah", "/restrictions/mine", False),
        ("leah", "/restrictions/mine", False), ("olsen", "/restrictions/mine", False),
    ],
)  # fmt: skip
def test_the_reason_is_read_by_those_who_decide_the_student_and_the_parent(suspended, who, path, reads):
    assert (WHY in page(suspended, who, path)) is reads


@pytest.mark.django_db(databases=["default", "activity"])
@pytest.mark.clause("IV.2a")
def test_a_parent_who_is_kept_out_reads_no_reason(suspended):
    Guardianship.objects.filter(guardian="rosa").update(court_order=True)
    assert WHY not in page(suspended, "rosa", "/restrictions/mine")


@pytest.mark.django_db(databases=["default", "activity"])
@pytest.mark.clause("IV.2a")
def test_what_is_over_is_for_those_who_decide_only(suspended):
    actions.lift(actor=OKAFOR, at=timezone.now(), restriction=Restriction.objects.get(), reason="It was not him.")
    assert "decision of the school" not in page(suspended, "kim")
    assert "It was not him." in page(suspended, "okafor")
