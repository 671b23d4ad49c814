"""Each page opens for those whose work it is, and for nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from homeroom.filtering.models import LocalRule, ReviewRequest
from homeroom.journal.models import Entry
from tests.integration.web.conftest import asked, rule
from tests.town import CAST

pytestmark = pytest.mark.django_db(databases=["default", "activity"])

# page: those to whom it opens; everybody else of the staff gets 403
PAGES = {
    "/why": {"dana", "okafor", "olsen"},
    "/rules": {"dana", "okafor", "olsen"},
    "/rules/add": {"dana", "okafor", "olsen"},
    "/rules/correct": {"dana"},
    "/lists": {"dana"},
    "/lists/add": {"dana"},
    "/categories": {"dana", "okafor", "olsen"},
    "/categories/gambling/student": {"dana"},
    "/choices": {"dana", "okafor"},
    "/choices/alternative": {"dana"},
    "/viewpoint": {"dana", "okafor"},
    "/reviews": {"dana", "okafor"},
    "/people": {"dana", "okafor", "olsen", "kim"},
    "/journal": {"dana"},
    "/journal/verify": {"dana"},
}


@pytest.mark.parametrize("who", ["dana", "okafor", "olsen", "kim"])
def test_a_page_opens_for_those_whose_work_it_is(lists, who):
    client = lists.client(who)
    answers = {page: client.get(page).status_code for page in PAGES}
    assert answers == {page: 200 if who in may else 403 for page, may in PAGES.items()}


@pytest.mark.parametrize(("who", "leads_to"), [("olsen", "/why"), ("kim", "/people")])
def test_the_first_page_leads_those_without_a_dashboard_to_their_work(town, who, leads_to):
    answer = town.client(who).get("/")
    assert (answer.status_code, answer.url) == (302, leads_to)


def test_the_navigation_names_only_pages_that_open(lists):
    page = lists.client("kim").get("/people").content.decode()
    assert 'href="/people"' in page
    assert 'href="/journal"' not in page and 'href="/lists"' not in page
    assert ">Today" not in page


class TestPeople:
    """A teacher sees their own students, a school's officials the people of their school."""

    @pytest.mark.parametrize(
        ("who", "seen"),
        [
            ("dana", {each.id for each in CAST}),
            ("okafor", {"ben", "leah", "olsen", "lind", "okafor", "kim"}),
            ("kim", {"ben", "leah", "olsen", "lind", "okafor", "kim"}),
            ("olsen", {"ben"}),
        ],
    )
    def test_the_list_holds_those_one_reaches(self, town, who, seen):
        page = town.client(who).get("/people").context["page"]
        assert {each.pk for each in page} == seen

    @pytest.mark.parametrize(("who", "whom"), [("olsen", "leah"), ("olsen", "ana"), ("okafor", "ana"), ("kim", "tou")])
    def test_nobody_elses_record_opens(self, town, who, whom):
        assert town.client(who).get(f"/people/{whom}").status_code == 404
        assert not Entry.objects.filter(verb="access.record.seen").exists()

    def test_each_look_at_a_record_is_written_down(self, town):
        for _ in range(2):
            assert town.client("olsen").get("/people/ben").status_code == 200
        looks = Entry.objects.filter(verb="access.record.seen", subject="person:ben")
        assert [each.actor for each in looks] == ["olsen", "olsen"]

    def test_somebody_who_left_is_closed_out_in_a_sentence(self, town):
        page = town.client("dana").get("/people/nils").content.decode()
        assert "The network is closed today" in page and "You hold no role in the district today" in page


class TestRulesOfOthers:
    """A rule for one class is that class's business."""

    def test_a_rule_for_another_class_is_not_there(self, lists, now):
        row = rule(now, scope="class:7a")
        answers = {
            who: lists.client(who).get(f"/rules/{row.pk}").status_code for who in ("dana", "okafor", "lind", "olsen")
        }
        assert answers == {"dana": 200, "okafor": 200, "lind": 200, "olsen": 404}

    def test_a_teacher_reads_the_directors_rule_and_cannot_end_it(self, lists, now):
        row = rule(now, scope="class:7b")
        client = lists.client("olsen")
        assert client.get(f"/rules/{row.pk}").status_code == 200
        assert client.post(f"/rules/{row.pk}/end", {"reason": "I do not like it."}).status_code == 403
        assert LocalRule.objects.get(pk=row.pk).ended_at is None

    def test_an_administrator_ends_a_rule_of_their_school_only(self, lists, now):
        own, other, everyone = rule(now, scope="school:birch"), rule(now, scope="school:cedar"), rule(now)
        client = lists.client("okafor")
        answers = [
            client.post(f"/rules/{row.pk}/end", {"reason": "Over."}).status_code for row in (own, other, everyone)
        ]
        assert answers == [302, 404, 403]


class TestMakingRules:
    """What somebody may not do is refused with a sentence, and nothing is saved."""

    def add(self, client, **said):
        form = {"effect": "allow", "target": "chess.test", "reason": "Chess.", "save": "1", **said}
        return client.post("/rules/add", form)

    def test_a_teacher_makes_a_rule_for_their_class_with_an_end(self, lists, now):
        until = (now + timedelta(days=20)).date().isoformat()
        answer = self.add(lists.client("olsen"), kind="class", group="7b", until=until)
        assert answer.status_code == 302
        assert LocalRule.objects.get().scope == "class:7b"

    @pytest.mark.parametrize(
        ("said", "sentence"),
        [
            ({"kind": "class", "group": "7a", "until": 20}, "Select a valid choice"),
            ({"kind": "everyone", "until": 20}, "Select a valid choice"),
            ({"kind": "class", "group": "7b"}, "This field is required"),
            ({"kind": "class", "group": "7b", "until": 400}, "ends within the term"),
        ],
    )
    def test_a_teacher_is_kept_to_their_class_and_term(self, lists, now, said, sentence):
        if "until" in said:
            said = {**said, "until": (now + timedelta(days=said["until"])).date().isoformat()}
        answer = self.add(lists.client("olsen"), **said)
        assert answer.status_code == 200 and sentence in answer.content.decode()
        assert not LocalRule.objects.exists()

    @pytest.mark.parametrize(
        ("said", "sentence"),
        [
            ({"kind": "everyone"}, "Select a valid choice"),
            ({"kind": "school", "school": "cedar"}, "Select a valid choice"),
            ({"kind": "person", "person": "ana"}, "Nothing of yours is called"),
        ],
    )
    def test_an_administrator_is_kept_to_their_school(self, lists, said, sentence):
        answer = self.add(lists.client("okafor"), **said)
        assert sentence in answer.content.decode()
        assert not LocalRule.objects.exists()

    def test_a_clerk_makes_none(self, lists):
        assert self.add(lists.client("kim"), kind="everyone").status_code == 403
        assert not LocalRule.objects.exists()


class TestRequests:
    """A review request is seen where it comes from."""

    def test_a_request_of_another_school_is_not_there(self, lists, now):
        here, there = asked(now), asked(now, school="cedar", alias="c3d4")
        client = lists.client("okafor")
        assert client.get(f"/reviews/{here.pk}").status_code == 200
        assert client.get(f"/reviews/{there.pk}").status_code == 404
        assert client.post(f"/reviews/{there.pk}", {"answer": "keep", "reason": "No."}).status_code == 404
        assert [row.pk for row, *_ in client.get("/reviews").context["rows"]] == [here.pk]
        assert len(lists.client("dana").get("/reviews").context["rows"]) == 2

    def test_an_administrator_opens_a_site_for_their_school_and_no_further(self, lists, now):
        row = asked(now)
        client = lists.client("okafor")
        said = {"answer": "allow", "reason": "It helps people stop.", "kind": "school"}
        assert client.post(f"/reviews/{row.pk}", {**said, "school": "cedar"}).status_code == 200
        assert client.post(f"/reviews/{row.pk}", {**said, "kind": "everyone"}).status_code == 200
        assert client.post(f"/reviews/{row.pk}", {**said, "answer": "correct"}).status_code == 200
        assert not LocalRule.objects.exists()
        assert client.post(f"/reviews/{row.pk}", {**said, "school": "birch"}).status_code == 302
        assert ReviewRequest.objects.get(pk=row.pk).rule.scope == "school:birch"
