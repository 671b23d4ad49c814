"""Standing and what an agreement lacks, whatever the facts: no reason is lost, none is made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from homeroom.kernel.agreements import ages
from homeroom.kernel.agreements.ages import Age
from homeroom.kernel.agreements.needed import gaps, signers
from homeroom.kernel.agreements.state import State, state
from homeroom.kernel.agreements.values import Around, Choices, Held, Part, Signed, Wanted
from homeroom.kernel.decision import reasons
from homeroom.kernel.decision.standing import Agreed, Facts, Restriction, standing

START = date(2026, 7, 1)
days = st.integers(0, 500).map(lambda n: START + timedelta(days=n))
names = st.sampled_from(("ben", "rosa", "per", "olsen", "lind"))
parts = st.sampled_from((Part.STUDENT, Part.PARENT, Part.TEACHER))
arounds = st.builds(
    Around, person=st.just("ben"), kind=st.just("student"), grown=st.booleans(),
    guardians=st.lists(st.sampled_from(("rosa", "per")), unique=True).map(tuple),
    teachers=st.lists(st.tuples(st.sampled_from(("olsen", "lind")), days), unique_by=lambda pair: pair[0]).map(tuple),
    court_order=st.booleans(),
)  # fmt: skip
choices = st.builds(
    Choices, guardians=st.sampled_from(("one", "all")), teachers=st.sampled_from(("one", "all")),
    grown_alone=st.booleans(), grace=st.integers(0, 5).map(lambda n: timedelta(days=n)),
)  # fmt: skip
signatures = st.builds(Signed, parts, names, st.integers(1, 3), days)
helds = st.builds(
    Held, first=st.just(START), last=st.none() | days, signed=st.lists(signatures, max_size=8).map(tuple),
    refused=st.lists(st.tuples(parts, names), max_size=2).map(tuple), permitted=st.booleans(), filed=st.booleans(),
    closed=st.none() | days, before=st.none() | days,
)  # fmt: skip
wanteds = st.integers(1, 3).flatmap(lambda n: st.builds(Wanted, st.just(n), st.integers(1, n)))


@given(arounds, helds, wanteds, choices, days)
def test_whoever_has_every_signature_and_the_permission_lacks_nothing(around, held, wanted, chosen, on):
    signed = tuple(Signed(part, who, wanted.version, START) for part, who in signers(around, chosen))
    whole = replace(held, last=None, closed=None, refused=(), permitted=True, signed=(*held.signed, *signed))
    codes = {gap.code for gap in gaps(around, whole, wanted, chosen, on)}
    assert codes <= {"no-parent", "no-teacher"}


@given(arounds, helds, wanteds, choices, days, signatures)
def test_one_more_signature_never_takes_away_anything_but_itself(around, held, wanted, chosen, on, more):
    """A signature may turn "not signed" into "sign again", or "teacher" into "new teacher"; it never closes."""
    more = replace(more, version=wanted.version, on=START)
    before = {gap.clause for gap in gaps(around, held, wanted, chosen, on)}
    after = {gap.clause for gap in gaps(around, replace(held, signed=(*held.signed, more)), wanted, chosen, on)}
    assert after <= before | {"IX.C.6", "IX.B.1"}


@given(arounds, helds, wanteds, choices, days)
def test_active_is_open_and_nothing_else_is(around, held, wanted, chosen, on):
    agreed = Agreed(around, held, wanted, chosen)
    facts = Facts("ben", (("student", START, None),), agreed=agreed)
    found = state(around, held, wanted, chosen, on)
    if found is State.ACTIVE:
        assert standing(facts, on).open
    if standing(facts, on).open:
        assert found in (State.ACTIVE, State.RENEWAL_DUE)


@given(
    arounds, helds, wanteds, choices, days, st.lists(st.builds(Restriction, days, st.none() | days), max_size=3),
    st.none() | days, st.none() | days, st.sampled_from((None, True, False)),
)  # fmt: skip
def test_every_reason_has_words_in_both_languages_and_a_step(
    around, held, wanted, chosen, on, barred, ended, other, told
):
    facts = Facts(
        "ben", (("student", START, None),), Agreed(around, held, wanted, chosen), tuple(barred), ended, other, told
    )
    found = standing(facts, on).missing
    for each in found:
        assert reasons.known(each.code)
        assert reasons.sentence(each.code, "es") != reasons.sentence(each.code, "en")
        assert each.step and "{" not in each.sentence
    if told is False:
        assert "XI.A" in {each.clause for each in found}
    if ended is not None and ended <= on:
        assert "VIII.D.2" in {each.clause for each in found}


@given(st.dates(date(1930, 1, 1), date(2026, 12, 31)), st.integers(0, 90))
def test_a_birthday_completes_exactly_one_more_year(born, years):
    day = ages.birthday(born, years)
    assert ages.years_old(born, day) == years
    assert ages.years_old(born, day - timedelta(days=1)) == years - 1


def test_a_child_of_a_leap_day_comes_of_age_on_the_first_of_march():
    born = date(2008, 2, 29)
    assert not ages.grown(born, date(2026, 2, 28))
    assert ages.grown(born, date(2026, 3, 1))
    assert ages.under(Age.CIPA, born, date(2025, 2, 28)) and not ages.under(Age.CIPA, born, date(2025, 3, 1))


def test_whoever_has_no_birth_date_counts_as_too_young():
    assert all(ages.under(age, None, START) for age in Age)


def test_each_reason_is_told_in_both_languages():
    for code, words in reasons.REASONS.items():
        assert set(words) == {"en", "es"}, code
        assert all(sentence.endswith(".") and step.endswith(".") for sentence, step in words.values()), code
