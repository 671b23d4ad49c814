"""Why? The answer in a sentence, then each step; an address that says the same tomorrow."""

from __future__ import annotations

import pytest

from homeroom.access import actions as access
from homeroom.filtering import publishing
from homeroom.filtering.actions import rules
from homeroom.journal.models import Entry
from tests.integration.web.conftest import DANA, rule
from tests.policy.devices_at_lake import OKAFOR

pytestmark = pytest.mark.django_db(databases=["default", "activity"])


def ask(client, **asked):
    return client.get("/why", asked)


def test_the_answer_comes_first_and_names_the_line(lists):
    page = ask(lists.client("dana"), target="casino.test", person="ben").content.decode()
    assert "casino.test is blocked for Ben Haugen" in page
    assert page.index("is blocked for Ben Haugen") < page.index("Step by step")
    assert "bets, line 1" in " ".join(page.split()) and "V.A.3" in page


def test_exactly_one_step_decided(lists):
    steps = ask(lists.client("dana"), target="casino.test").context["steps"]
    assert [step.name for step, _, _ in steps if step.decided] == ["district_category"]
    assert len(steps) == 8 and all(question for _, question, _ in steps)


def test_in_spanish_each_step_speaks_spanish_and_a_rules_reason_stays_as_it_was_written(lists, now):
    rule(now, target="casino.test", effect="block")
    client = lists.client("dana")
    client.cookies["django_language"] = "es"
    answer = ask(client, target="casino.test", person="ben")
    page = answer.content.decode()
    steps = page[page.index('<ol class="steps">') :]
    steps = steps[: steps.index("</ol>")]
    assert "Una regla del distrito lo bloquea: Chess club." in steps, steps
    assert "El distrito decidió bloquear" in steps
    assert 'lang="en"' not in steps and "The district" not in steps


def test_what_law_demands_offers_a_correction_and_no_rule(lists):
    page = ask(lists.client("dana"), target="explicit.test", person="ben").content.decode()
    assert "Required by law" in page and "Correct the listing" in page
    assert "Make a rule that opens it" not in page


def test_a_shared_answer_stays_what_it_was(lists, now):
    client = lists.client("dana")
    link = ask(client, target="casino.test", person="ben").context["sharing"]
    rule(now, target="casino.test")
    assert ask(client, target="casino.test", person="ben").context["decision"].verdict == "allow"
    assert client.get(f"/why?{link}").context["decision"].verdict == "block"


def test_asking_as_somebody_tells_their_standing_and_is_written_down(lists):
    ask(lists.client("olsen"), target="casino.test", person="ben")
    ask(lists.client("olsen"), target="casino.test", person="leah")
    ask(lists.client("olsen"), target="casino.test")
    entry = Entry.objects.get(verb="access.filter.asked-as")
    assert (entry.actor, entry.subject) == ("olsen", "person:ben")


@pytest.mark.parametrize("typed", ["Ben", "ben haugen", "BEN H", "ben@lake.test", "ben"])
def test_a_person_is_found_as_people_type_names(lists, typed):
    assert ask(lists.client("dana"), target="casino.test", person=typed).context["person"].pk == "ben"


def test_several_people_of_one_name_are_offered_as_links(lists):
    page = ask(lists.client("dana"), target="casino.test", person="haugen").content.decode()
    assert "Which person do you mean?" in page
    assert "person=ben" in page and "person=rosa" in page and "is blocked" not in page


@pytest.mark.parametrize("whom", ["leah", "Morales", "dana"])
def test_a_teacher_asks_about_their_own_students_only(lists, whom):
    answer = ask(lists.client("olsen"), target="casino.test", person=whom)
    assert "Nothing of yours is called" in answer.content.decode()
    assert "decision" not in answer.context


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"target": "not a name"}, "not a name"),
        ({"target": "casino.test", "at": "2001-01-01T00:00"}, "no bundle yet"),
        ({"target": "casino.test", "bundle": "nonesuch"}, "nonesuch"),
        ({"target": "casino.test", "at": "tomorrow"}, "valid date"),
    ],
)
def test_what_cannot_be_answered_is_said_in_a_sentence(lists, asked, sentence):
    answer = ask(lists.client("dana"), **asked)
    assert answer.status_code == 200 and sentence in answer.content.decode()
    assert "decision" not in answer.context


def test_nothing_that_was_typed_becomes_markup(lists):
    page = ask(lists.client("dana"), target="<script>alert(1)</script>", person="<b>").content.decode()
    assert "<script>alert" not in page and "“<b>”" not in page


def test_before_the_first_build_it_says_so(town):
    answer = ask(town.client("dana"), target="casino.test")
    assert answer.status_code == 200


def test_an_ended_rule_no_longer_speaks(lists, now):
    row = rule(now, target="casino.test")
    rules.end_rule(actor=DANA, rule=row.pk, reason="Over.", at=now)
    assert ask(lists.client("dana"), target="casino.test", person="ben").context["decision"].verdict == "block"


@pytest.mark.clause("IV.2a")
@pytest.mark.parametrize(("who", "reads"), [("olsen", False), ("okafor", True)])
def test_a_teacher_reads_that_the_school_decided_and_not_what(lists, now, who, reads):
    access.restrict(actor=OKAFOR, at=now, person="ben", reason="Games.", cancel=True)
    publishing.publish(now, parts=publishing.ALL)
    page = ask(lists.client(who), target="chess.test", person="ben").content.decode()
    assert ("Use of the network was cancelled" in page) is reads
    assert ("Closed by a decision of the school" in page) is not reads
