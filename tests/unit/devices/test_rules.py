"""The rules of Article XIV for anything that may come: every feature, every ground, every hour of every year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeroom.kernel.deadlines.calendar import Calendar
from homeroom.kernel.devices import gate, telling, using
from homeroom.kernel.devices.terms import CLAUSE_OF_FEATURE, CLAUSE_OF_GROUND, ActorClass, Feature, Ground, Purpose

CENTRAL = ZoneInfo("America/Chicago")
DAYS = Calendar(zone=CENTRAL)
HOURS = timedelta(hours=72)
NOON = datetime(2026, 11, 6, 18, 0, tzinfo=UTC)
FIRST, LAST = datetime(2000, 1, 1), datetime(2060, 1, 1)  # noqa: DTZ001 (hypothesis adds the zone)
moments = st.datetimes(FIRST, LAST, timezones=st.just(CENTRAL))
seconds = st.integers(1, 200 * 3600).map(lambda n: timedelta(seconds=n))


def ask(**more: object) -> gate.Ask:
    said = {
        "student": "ben", "features": frozenset({"video"}), "ground": "education", "purpose": "instruction",
        "why": "I help him with it.", "scope": "His screen now", "starts": NOON, "ends": NOON + timedelta(hours=1),
    }  # fmt: skip
    return gate.Ask(**{**said, **more})  # type: ignore[arg-type]


@given(moments)
def test_the_notice_is_due_after_72_elapsed_hours_whatever_the_clock_on_the_wall_does(first):
    due = telling.due_at(first, DAYS)
    assert due.astimezone(UTC) - first.astimezone(UTC) == HOURS
    assert telling.due_after(first, DAYS) == due
    warned = telling.warnings(first, due, first.date())
    assert [(at.astimezone(UTC) - first.astimezone(UTC)) / timedelta(hours=1) for at in warned] == [24, 48, 66]


@given(moments, seconds, st.booleans())
def test_nothing_but_telling_in_time_ends_well(first, later, late_already):
    due = telling.due_at(first, DAYS)
    at = (first.astimezone(UTC) + later).astimezone(CENTRAL)
    waiting = telling.Duty(first, due, late_already=late_already)
    assert (telling.status(waiting, at) == "late") == (later > HOURS)
    told = telling.Duty(first, due, told_at=at, late_already=late_already)
    for after in (at, at + timedelta(days=900)):
        assert (telling.status(told, after) == "told") == (later <= HOURS and not late_already)


@given(moments, seconds)
def test_the_next_moment_lies_ahead_until_it_is_due_and_is_then_the_due_moment(first, later):
    due = telling.due_at(first, DAYS)
    at = (first.astimezone(UTC) + later).astimezone(CENTRAL)
    moment = telling.next_moment(first, due, at)
    assert moment == due if later >= timedelta(hours=66) else at < moment < due


@given(
    st.frozensets(st.sampled_from([str(each) for each in Feature]), min_size=1),
    st.frozensets(st.sampled_from([str(each) for each in Feature]), min_size=1),
    st.integers(-7200, 7200),
)
def test_a_grant_opens_its_features_in_its_window_and_nothing_else(granted, reached, offset):
    grant = using.Grant("law", granted, NOON, NOON + timedelta(hours=1), authorised=True)
    opens = using.why_not(grant, reached, NOON + timedelta(seconds=offset)) == ""
    assert opens == (reached <= granted and 0 <= offset < 3600)


@pytest.mark.parametrize("ground", ["", "none", "curiosity", "EDUCATION"])
def test_a_ground_that_is_none_of_six_opens_nothing(ground):
    lacks = gate.lacking(ask(ground=ground), gate.Proof(told_at=NOON - HOURS), NOON)
    assert "XIV.C.0" in [lack.clause for lack in lacks]


@given(
    st.sampled_from([str(each) for each in Ground]), st.sampled_from([str(each) for each in Purpose]),
    st.sampled_from([str(each) for each in ActorClass]),
    st.frozensets(st.sampled_from([str(each) for each in Feature]), min_size=1),
)  # fmt: skip
def test_no_ground_opens_without_its_own_proof(ground, purpose, actor, features):
    bare = ask(ground=ground, purpose=purpose, actor_class=actor, features=features)
    lacks = gate.lacking(bare, gate.Proof(), NOON)
    assert lacks and all(lack.sentence.endswith(".") for lack in lacks)


def test_every_feature_and_every_ground_has_its_clause():
    assert CLAUSE_OF_FEATURE.keys() == set(Feature) and CLAUSE_OF_GROUND.keys() == set(Ground)


@pytest.mark.parametrize(
    ("proof", "more"),
    [
        (gate.Proof(told_at=NOON - HOURS), {}),
        (gate.Proof(threat="He will come to harm."), {"ground": "threat", "purpose": "safety"}),
        (gate.Proof(citation="Minn. Stat. 121A.031"), {"ground": "law", "purpose": "duty"}),
        (gate.Proof(citation="E-Rate"), {"ground": "funding", "purpose": "duty"}),
        (
            gate.Proof(missing_since=NOON - HOURS),
            {"ground": "missing", "purpose": "recovery", "features": frozenset({"location"})},
        ),
        (
            gate.Proof(warrant=gate.Warrant("1", "a" * 64, "All", NOON + HOURS)),
            {"ground": "warrant", "purpose": "duty"},
        ),
    ],
)
def test_each_ground_opens_with_its_own_proof(proof, more):
    assert gate.lacking(ask(**more), proof, NOON) == ()
