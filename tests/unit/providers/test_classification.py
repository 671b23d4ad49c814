"""Who is a provider, which duties follow, and when a term of a contract is shown."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeroom.kernel import clauses
from homeroom.kernel.providers import classification, terms
from homeroom.kernel.providers.classification import Answers
from homeroom.kernel.providers.terms import Finding, Outcome
from homeroom.providers import vocabulary

ON = date(2026, 9, 14)
answers = st.builds(
    Answers, st.booleans(), st.booleans(), st.frozensets(st.sampled_from(classification.USES)),
    st.frozensets(st.sampled_from(["name", "grades"])), st.booleans(), st.booleans(),
    st.sampled_from(["", "college exam"]), st.sampled_from(["", "Minn. Stat. 13.32 subd. 15"]),
)  # fmt: skip


@pytest.mark.clause("XIII.A.1", "XIII.A.2")
@given(answers)
def test_both_limbs_are_needed_and_an_exemption_ends_it(said):
    expected = said.gives_device and said.holds_data and not said.exemption
    assert classification.is_provider(said) is expected


@pytest.mark.clause("XIII.C.0")
@given(answers)
def test_only_curriculum_testing_and_assessment_are_told_of(said):
    told = classification.is_notified(said)
    assert told is (classification.is_provider(said) and bool(said.used_for & {"curriculum", "testing", "assessment"}))
    assert ("notice" in {duty.id for duty in classification.duties(said)}) is told


@given(answers)
def test_every_duty_cites_a_clause_that_exists_and_a_source(said):
    for duty in classification.duties(said):
        clauses.check(duty.clause)
        assert duty.source and duty.sentence.endswith(".")


def test_answers_that_do_not_fit_together_are_said():
    assert "law it rests on" in " ".join(
        classification.problems(Answers(exemption="college exam", used_for=frozenset({"other"})))
    )
    assert "say which" in " ".join(classification.problems(Answers(holds_data=True, used_for=frozenset({"testing"}))))
    assert classification.problems(Answers(used_for=frozenset({"other"}))) == []


@pytest.mark.clause("XIII.E.0", "XIII.E.1", "XIII.E.2", "XIII.F")
def test_the_checklist_holds_every_duty_of_the_statute_and_of_the_policy():
    ids = {term.id for term in terms.asked(vocabulary.terms(), ON) if term.law}
    assert ids >= {
        "bound",
        "ownership",
        "breach",
        "return",
        "no-sale",
        "no-commerce",
        "safeguards",
        "authorized",
        "need",
    }
    assert {term.clause for term in vocabulary.terms()} >= {"XIII.E.0", "XIII.E.1", "XIII.E.2", "XIII.F"}
    for term in vocabulary.terms():
        clauses.check(term.clause)


@pytest.mark.clause("XIII.E.0")
@pytest.mark.parametrize(
    "page, quotation", [("", "The vendor protects data"), ("3", ""), ("3", "yes"), ("  ", "a b c")]
)
def test_a_tick_proves_nothing(page, quotation):
    with pytest.raises(terms.Incomplete, match="a tick proves nothing"):
        terms.check(Finding("safeguards", Outcome.MEETS, 1, page, quotation))


def test_what_is_not_met_needs_no_quotation():
    terms.check(Finding("safeguards", Outcome.NOT_MET, 0, "", ""))


@given(st.dictionaries(st.sampled_from([term.id for term in vocabulary.terms()]), st.sampled_from(list(Outcome))))
def test_a_term_is_missing_unless_it_is_met(found):
    plain = {id: Finding(id, outcome, 1, "2", "some three words") for id, outcome in found.items()}
    missing = {term.id for term in terms.missing(vocabulary.terms(), plain, ON)}
    met = {id for id, outcome in found.items() if outcome in terms.ENOUGH}
    assert missing == {term.id for term in vocabulary.terms()} - met


def test_a_term_that_is_asked_later_is_not_missing_before():
    day_before = date(2026, 4, 19)
    assert "accessible" not in {term.id for term in terms.missing(vocabulary.terms(), {}, day_before)}
    assert "accessible" in {term.id for term in terms.missing(vocabulary.terms(), {}, date(2026, 4, 20))}
