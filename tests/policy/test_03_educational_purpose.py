"""Article III, as far as the filter carries it out: access for a limited educational purpose."""

from __future__ import annotations

from datetime import timedelta

import pytest

from homeroom.filtering.policy import Choices
from homeroom.kernel.decision.ask import Ask
from homeroom.kernel.decision.decide import decide
from homeroom.kernel.decision.overlay import Rule

from .small_filter import AT, PEOPLE, answer, bundle

DAY = timedelta(days=1)


@pytest.mark.clause("III.1")
@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_what_nothing_speaks_against_is_open_to_everybody(who):
    decision = answer(who, "wiki.test", Choices())
    assert (decision.verdict, decision.clause) == ("allow", "III.1")


@pytest.mark.clause("III.1")
def test_a_profile_may_open_only_what_a_rule_names():
    named = Rule(id="1", effect="allow", host="wiki.test", scope="role:student", reason="For the exam.")
    exam = Choices(audiences={"student": {"only_named": True}})
    assert answer("Ben, a student", "sub.wiki.test", exam, named).verdict == "allow"
    assert answer("Ben, a student", "other.test", exam, named).category == "not-named"
    assert answer("Ms. Olsen, a teacher", "other.test", exam, named).verdict == "allow"


@pytest.mark.clause("III.2")
@pytest.mark.parametrize(
    ("when", "verdict"),
    [(-DAY, "allow"), (timedelta(0), "block"), (6 * DAY, "block"), (7 * DAY, "allow")],
    ids=["the day before", "the first moment", "the last day", "the moment it ends"],
)
def test_a_local_rule_counts_from_its_start_until_its_end(when, verdict):
    quiz = Rule(id="1", effect="block", host="wiki.test", scope="class:7b", starts=AT, until=AT + 7 * DAY)
    judged_by = bundle(Choices(), [quiz])
    assert decide(Ask(PEOPLE["Ben, a student"], "wiki.test"), judged_by, AT + when).verdict == verdict
    assert decide(Ask(PEOPLE["Ms. Olsen, a teacher"], "wiki.test"), judged_by, AT + when).verdict == "allow"


@pytest.mark.clause("III.2")
def test_the_narrowest_rule_has_the_word():
    rules = (
        Rule(id="1", effect="block", host="wiki.test", scope="everyone"),
        Rule(id="2", effect="allow", host="wiki.test", scope="school:birch"),
        Rule(id="3", effect="block", host="wiki.test", scope="class:7b"),
        Rule(id="4", effect="allow", host="wiki.test", scope="person:ben"),
    )
    verdicts = [answer("Ben, a student", "wiki.test", Choices(), *rules[:count]).verdict for count in range(1, 5)]
    assert verdicts == ["block", "allow", "block", "allow"]
    assert answer("nobody we know", "wiki.test", Choices(), *rules).verdict == "block"
