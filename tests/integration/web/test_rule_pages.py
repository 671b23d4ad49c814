"""Rules: a preview before, a question at the end, and lists that can be searched and taken away."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from homeroom.filtering.actions import rules
from homeroom.filtering.models import LocalRule
from tests.integration.web.conftest import DANA, rule

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
FORM = {
    "effect": "allow",
    "target": "https://Casino.TEST/",
    "kind": "role",
    "role": "student",
    "reason": "Maths of chance.",
}


def test_the_preview_says_whom_it_reaches_and_what_it_changes_and_saves_nothing(lists):
    preview = lists.client("dana").post("/rules/add", FORM).context["preview"]
    assert preview.reached == 4  # Ben, Leah, Ana, Tou: Nils has left and Mira has not come yet
    assert [(each.audience, each.now.verdict, each.then.verdict) for each in preview.changes] == [
        ("student", "block", "allow")
    ]
    assert not LocalRule.objects.exists()


def test_a_rule_nobody_would_notice_is_called_that(lists):
    page = lists.client("dana").post("/rules/add", {**FORM, "target": "chess.test"}).content.decode()
    assert "Nobody would notice this rule today." in page


def test_a_rule_saved_is_in_one_spelling_and_has_an_owner(lists):
    answer = lists.client("dana").post("/rules/add", {**FORM, "save": "1"}, follow=True)
    row = LocalRule.objects.get()
    assert (row.host, row.path, row.owner, row.scope) == ("casino.test", "", "dana", "role:student")
    assert answer.redirect_chain[-1][0] == f"/rules/{row.pk}"
    assert "The rule is saved" in answer.content.decode()


def test_an_allow_against_the_law_is_refused_with_the_way_out(lists):
    answer = lists.client("dana").post("/rules/add", {**FORM, "target": "explicit.test", "save": "1"})
    assert "correct the listing instead" in answer.content.decode()
    assert not LocalRule.objects.exists()


@pytest.mark.parametrize("target", ["co.uk", "no name", "ex ample.test", ""])
def test_what_is_no_name_is_refused_beside_its_field(lists, target):
    answer = lists.client("dana").post("/rules/add", {**FORM, "target": target, "save": "1"})
    assert answer.status_code == 200 and answer.context["form"].errors
    assert 'role="alert"' in answer.content.decode()
    assert not LocalRule.objects.exists()


def test_errors_are_linked_to_their_fields(lists):
    page = lists.client("dana").post("/rules/add", {**FORM, "reason": ""}).content.decode()
    assert 'href="#id_reason"' in page and 'id="id_reason_error"' in page
    assert 'aria-describedby="id_reason_helptext id_reason_error"' in page and 'aria-invalid="true"' in page


def test_ending_asks_first_and_wants_a_reason(lists, now):
    row, client = rule(now), lists.client("dana")
    assert client.get(f"/rules/{row.pk}/end").status_code == 200
    assert client.post(f"/rules/{row.pk}/end", {"reason": " "}).status_code == 200
    assert LocalRule.objects.get().ended_at is None
    assert client.post(f"/rules/{row.pk}/end", {"reason": "Over."}).status_code == 302
    assert LocalRule.objects.get().ended_why == "Over."


def test_ending_twice_is_said_in_a_sentence(lists, now):
    row, client = rule(now), lists.client("dana")
    rules.end_rule(actor=DANA, rule=row.pk, reason="Over.", at=now)
    assert "has ended already" in client.post(f"/rules/{row.pk}/end", {"reason": "Over."}).content.decode()


def test_a_rule_due_for_review_is_kept_with_a_new_day(lists, now):
    row, client = rule(now, review_on=now.date()), lists.client("dana")
    assert "due" in client.get("/rules?due=1").content.decode()
    day = (now + timedelta(days=90)).date()
    assert (
        client.post(f"/rules/{row.pk}/keep", {"review_on": day.isoformat(), "reason": "Still needed."}).status_code
        == 302
    )
    assert LocalRule.objects.get().review_on == day


def test_a_correction_counts_apart_and_beats_the_law(lists):
    client = lists.client("dana")
    form = client.get("/rules/correct", {"target": "explicit.test"}).context["form"]
    assert form.fields["categories"].choices == [("pornography", "Pornography")]
    said = {"target": "explicit.test", "categories": ["pornography"], "reason": "It is a medical site."}
    assert client.post("/rules/correct", said).status_code == 302
    assert client.get("/rules").context["counts"] == {"rules": 0, "corrections": 1, "due": 0}
    assert client.get("/why", {"target": "explicit.test", "person": "ben"}).context["decision"].verdict == "allow"


def test_a_correction_of_what_no_list_says_is_refused(lists):
    said = {"target": "innocent.test", "categories": ["gambling"], "reason": "It is a church."}
    assert "nothing to correct" in lists.client("dana").post("/rules/correct", said).content.decode()


class TestTheList:
    """Search, filters, pages, CSV."""

    @pytest.fixture
    def client(self, lists, now):
        rule(now, "chess.test")
        rule(now, "poker.test", effect="block", scope="class:7b")
        rules.end_rule(actor=DANA, rule=rule(now, "old.test").pk, reason="Over.", at=now)
        return lists.client("dana")

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("", {"chess.test", "poker.test"}),
            ("q=POKER", {"poker.test"}),
            ("q=Chess+club", {"chess.test", "poker.test"}),
            ("effect=block", {"poker.test"}),
            ("scope=class", {"poker.test"}),
            ("mine=1", {"chess.test", "poker.test"}),
            ("state=over", {"old.test"}),
            ("effect=nonsense&page=99", {"chess.test", "poker.test"}),
            ("q=nothing+at+all", set()),
        ],
    )
    def test_it_finds(self, client, asked, found):
        assert {row.host for row, *_ in client.get(f"/rules?{asked}").context["rows"]} == found

    def test_the_file_holds_what_the_page_shows(self, client):
        answer = client.get("/rules?format=csv&effect=block")
        assert answer["Content-Disposition"] == 'attachment; filename="rules.csv"'
        rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
        assert [(row["host"], row["scope"]) for row in rows] == [("poker.test", "class:7b")]

    def test_an_empty_list_says_what_to_do_next(self, town):
        page = town.client("dana").get("/rules").content.decode()
        assert "No rules here" in page and "Add a rule" in page
