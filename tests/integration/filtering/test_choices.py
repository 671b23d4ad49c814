"""The district's choices: in force at once, in the journal, and never below the floor."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from homeroom.base.errors import Refused
from homeroom.filtering import tables
from homeroom.filtering.actions import choices
from homeroom.filtering.queries import choices as queries
from homeroom.journal import queries as journal
from homeroom.kernel.decision.policy import Chosen, policy_from_json

from .conftest import AT, DANA

pytestmark = pytest.mark.django_db
WHY = {"actor": DANA, "reason": "The board asked for it.", "at": datetime.now(UTC)}


@pytest.mark.clause("VI.note1.c")
def test_exactly_one_alternative_is_in_force_and_the_newest_choice_counts(town, house):
    assert queries.alternative() == "3"
    house.add("porn", house.write("porn.txt", "adult.test"), "pornography")
    house.build()
    assert house.verdict("adult.test", "olsen") == ("block", "statutory", "VI.Alt3.A.obscene")
    choices.choose_alternative(alternative="1", **WHY)
    assert house.verdict("adult.test", "olsen") == ("block", "statutory", "VI.note2")
    assert house.verdict("adult.test", "ben") == ("block", "statutory", "VI.Alt1.1")
    with pytest.raises(Refused, match="none of them"):
        choices.choose_alternative(alternative="4", **WHY)


@pytest.mark.clause("III.2")
def test_a_category_is_chosen_per_audience_and_in_force_at_once(town, house):
    house.add("games", house.write("games.txt", "games.test"), "games")
    house.build()
    assert house.verdict("games.test", "ben")[0] == "allow"
    choices.choose_category(audience="student", category="games", blocked=True, **WHY)
    assert house.verdict("games.test", "ben") == ("block", "district", "III.1")
    assert house.verdict("games.test", "olsen")[0] == "allow"
    said = policy_from_json(queries.policy_part())
    for audience in ("student", "unknown"):  # the block page names who chose it
        assert said.choice(audience, "games") == Chosen(by=DANA.name, reason=str(WHY["reason"]))
    assert said.choice("adult", "games") is None and said.choice("student", "malware") is None
    choices.choose_category(audience="student", category="games", blocked=False, **WHY)
    assert policy_from_json(queries.policy_part()).choice("student", "games") is None
    assert house.verdict("games.test", "ben")[0] == "allow"
    assert journal.about("category:games")[0].reason == WHY["reason"]


@pytest.mark.clause("VI.note2")
@pytest.mark.parametrize("audience", tables.AUDIENCES)
@pytest.mark.parametrize("category", ["pornography", "csam", "obscene"])
@pytest.mark.parametrize("alternative", "123")
def test_what_the_law_blocks_is_no_choice(db, audience, category, alternative):
    choices.choose_alternative(alternative=alternative, **WHY)
    with pytest.raises(Refused, match="demands"):
        choices.choose_category(audience=audience, category=category, blocked=False, **WHY)
    held = next(row for row in queries.categories() if row.id == category).audiences
    assert all(each.locked for each in held)


def test_search_and_video_modes_and_a_profile_of_named_sites_only(town, house):
    house.build()
    choices.choose_audience(audience="student", safe_search=False, youtube="strict", **WHY)
    assert house.verdict("www.google.com", "ben")[0] == "allow"
    assert house.ask("www.youtube.com", "ben").explanation.decision.target == "restrict.youtube.com"
    choices.choose_audience(audience="student", safe_search=True, youtube="off", only_named=True, **WHY)
    assert house.verdict("anything.test", "ben") == ("block", "district", "III.1")
    with pytest.raises(Refused, match="no video mode"):
        choices.choose_audience(audience="student", safe_search=True, youtube="loud", **WHY)


@pytest.mark.clause("XII.B.3")
def test_essentials_stay_reachable_for_somebody_without_standing(town, house):
    choices.add_essential(host="Forms.Lake.Test", **WHY)
    house.build()
    assert house.verdict("forms.lake.test", "nils")[0] == "allow"
    assert house.verdict("wiki.test", "nils")[:2] == ("block", "standing")
    choices.remove_essential(host="forms.lake.test", **WHY)
    assert house.verdict("forms.lake.test", "nils")[:2] == ("block", "standing")
    for odd in ("com", "lake.test/page", "..", "never-added.test"):
        with pytest.raises(Refused):
            (choices.remove_essential if "never" in odd else choices.add_essential)(host=odd, **WHY)


@pytest.mark.parametrize(
    ("name", "value"),
    [("review_days", 31), ("review_days", "soon"), ("viewpoint_updates", "never"), ("no_such", 1)],
)
def test_odd_parameters_are_refused(db, name, value):
    with pytest.raises(Refused):
        choices.set_parameter(name=name, value=value, **WHY)


def test_every_parameter_has_a_default_a_bound_and_a_source(db):
    for name, row in tables.parameters().items():
        assert row["about"] and row["source"]
        assert queries.parameter(name, AT.date()) == row["default"]
        choices.set_parameter(name=name, value=row["default"], **WHY)


@pytest.mark.parametrize("reason", ["", "   "])
def test_nobody_chooses_without_a_reason(db, reason):
    with pytest.raises(Refused, match="reason"):
        choices.choose_alternative(actor=DANA, alternative="2", reason=reason, at=AT)
