"""Lists, categories, choices, the viewpoint report, requests, the journal."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone, translation

from homeroom.filtering.actions import sources, viewpoint
from homeroom.filtering.models import CategoryChoice, ListVersion, Progress, ReviewRequest
from homeroom.filtering.queries import lists as list_queries
from homeroom.journal import actions as journal
from homeroom.journal.models import Entry
from homeroom.site import messages
from homeroom.site.templatetags import ui
from tests.integration.web.conftest import DANA, asked

pytestmark = pytest.mark.django_db(databases=["default", "activity"])


@pytest.fixture
def held(lists, tmp_path, now) -> ListVersion:
    """A newer version of the gambling list, held because it now names a site that must stay open."""
    viewpoint.load_controls(actor=DANA, at=now, names=[("helpline.test", "crisis support")])
    (tmp_path / "bets.txt").write_text("casino.test\npoker.test\nhelpline.test\n", encoding="utf-8")
    return sources.update_source(actor=DANA, name="bets", at=now + timedelta(minutes=1))


class TestLists:
    """What a new version would change is seen before it counts."""

    def test_a_held_version_shows_what_changes_and_the_finding(self, lists, held):
        assert held.state == "held"
        page = lists.client("dana").get(f"/lists/versions/{held.pk}").content.decode()
        assert "helpline.test" in page and "recovery-group.test" in page and "crisis support" in page
        assert "Let it go live" in page and "Refuse it" in page

    def test_refusing_wants_a_reason_and_keeps_the_version_before(self, lists, held):
        client = lists.client("dana")
        assert client.post(f"/lists/versions/{held.pk}/refuse", {"reason": ""}).status_code == 200
        assert client.post(f"/lists/versions/{held.pk}/refuse", {"reason": "It blocks help."}).status_code == 302
        held.refresh_from_db()
        assert held.state == "refused"
        assert list_queries.live(held.source).pk != held.pk

    def test_accepting_is_kept_with_its_reason_and_asks_for_a_build(self, lists, held):
        answer = lists.client("dana").post(f"/lists/versions/{held.pk}/accept", {"reason": "Corrected by hand."})
        assert answer.url == "/lists/progress/build"
        held.refresh_from_db()
        assert held.state == "checked" and list_queries.progress("build").wanted_at is not None

    def test_updating_leads_to_a_page_that_asks_again_with_and_without_scripts(self, lists):
        client = lists.client("dana")
        assert client.get("/lists/of/bets/update").status_code == 405
        answer = client.post("/lists/of/bets/update", follow=True)
        page = answer.content.decode()
        assert '<noscript><meta http-equiv="refresh"' in page and "hx-get" in page
        part = client.get("/lists/progress/update:bets", headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in part and "hx-get" in part

    def test_once_done_the_page_stops_asking(self, lists, now):
        Progress.objects.update_or_create(
            subject="update:bets",
            defaults={"stage": "done", "started": now, "at": now, "ended": now, "wanted_at": None},
        )
        page = lists.client("dana").get("/lists/progress/update:bets").content.decode()
        assert "nothing new" in page and "refresh" not in page.replace("#refresh", "") and "hx-get" not in page

    def test_lines_nobody_understood_are_shown_with_the_reason(self, town, tmp_path, now):
        path = tmp_path / "odd.txt"
        path.write_text("good.test\nthis is not a name\n", encoding="utf-8")
        sources.add_source(actor=DANA, name="odd", format="domains", category="gambling", location=str(path), at=now)
        version = sources.update_source(actor=DANA, name="odd", at=now)
        assert version.unread_count == 1
        ListVersion.objects.filter(pk=version.pk).update(state="live")
        assert "this is not a name" in town.client("dana").get("/lists/of/odd").content.decode()

    def test_a_list_added_badly_is_refused_in_a_sentence(self, town):
        said = {
            "name": "new",
            "location": "http://example.test/x",
            "format": "hosts",
            "category": "gambling",
            "every_hours": 24,
        }
        page = town.client("dana").post("/lists/add", said).content.decode()
        assert "https" in page and not list_queries.sources().exists()

    @pytest.mark.parametrize(
        "location",
        [
            "/etc/passwd", "keys/django.key", "~/.homeroom", "file:///etc/passwd", "http://127.0.0.1:8524/",
            "https://127.0.0.1/x", "https://[::1]/x", "https://0x7f.1/x", "https://localhost/x", "https://printer/x",
            "https://169.254.169.254/latest", "https://10.0.0.1/x", "https://nas.local/x",
        ],
    )  # fmt: skip
    def test_a_page_takes_no_list_from_this_machine_or_this_network(self, town, location):
        said = {"name": "new", "location": location, "format": "hosts", "category": "gambling", "every_hours": 24}
        page = town.client("dana").post("/lists/add", said).content.decode()
        assert "on the Internet that begins with https" in page and not list_queries.sources().exists()

    def test_ending_a_list_asks_first(self, lists):
        client = lists.client("dana")
        assert client.get("/lists/of/bets/end").status_code == 200
        assert list_queries.source("bets") is not None
        assert client.post("/lists/of/bets/end", {"reason": "Not needed."}).status_code == 302
        assert list_queries.source("bets") is None

    def test_what_is_not_there_is_not_there(self, town):
        client = town.client("dana")
        for page in ("/lists/of/none", "/lists/versions/77", "/lists/progress/update:none", "/lists/progress/else"):
            assert client.get(page).status_code == 404


class TestCategories:
    """What law demands is locked; the rest is chosen with a reason."""

    def test_what_law_demands_is_locked_and_says_why(self, lists):
        client = lists.client("dana")
        answer = client.post("/categories/pornography/student", {"blocked": "no", "reason": "I would rather."})
        assert answer.status_code == 403 and "The law demands this block" in answer.content.decode()
        assert not CategoryChoice.objects.exists()

    def test_a_choice_is_in_force_at_once(self, lists):
        client = lists.client("dana")
        assert (
            client.post("/categories/gambling/student", {"blocked": "no", "reason": "Taught in maths."}).status_code
            == 302
        )
        assert client.get("/why", {"target": "casino.test", "person": "ben"}).context["decision"].verdict == "allow"

    @pytest.mark.clause("VI.Alt3.C")
    def test_a_topic_is_not_blocked_without_a_written_decision(self, lists):
        client = lists.client("dana")
        said = {"blocked": "yes", "reason": "Somebody asked."}
        assert "until somebody records a decision" in client.post("/categories/religion/student", said).content.decode()
        assert not CategoryChoice.objects.exists()
        assert (
            client.post("/categories/religion/allow-choice", {"reason": "Counsel's letter of 3 May."}).status_code
            == 302
        )
        assert client.post("/categories/religion/student", said).status_code == 302

    @pytest.mark.parametrize(
        "page", ["/categories/none/student", "/categories/gambling/nobody", "/categories/none/allow-choice"]
    )
    def test_what_is_not_there_is_not_there(self, town, page):
        assert town.client("dana").get(page).status_code == 404


class TestChoices:
    """Article VI on one page."""

    def test_each_choice_wants_a_reason_and_is_shown(self, lists):
        client = lists.client("dana")
        assert client.post("/choices/alternative", {"alternative": "1", "reason": ""}).status_code == 200
        assert (
            client.post("/choices/alternative", {"alternative": "1", "reason": "No money is sought."}).status_code
            == 302
        )
        assert "Alternative 1" in client.get("/choices").content.decode()

    def test_numbers_out_of_bounds_are_refused(self, lists):
        client = lists.client("dana")
        assert client.post("/choices/numbers/review_days", {"value": "900", "reason": "Slow."}).status_code == 200
        assert client.post("/choices/numbers/review_days", {"value": "2", "reason": "Fast."}).status_code == 302
        assert client.get("/choices/numbers/none").status_code == 404

    def test_videos_and_safe_search(self, lists):
        client = lists.client("dana")
        said = {"youtube": "strict", "safe_search": "on", "reason": "Asked for by the elementary schools."}
        assert client.post("/choices/audience/student", said).status_code == 302
        assert "strict" in client.get("/choices").content.decode()


def test_a_finding_of_the_viewpoint_report_leads_to_a_filled_in_correction(lists, held, now):
    client = lists.client("dana")
    viewpoint.load_controls(actor=DANA, at=now, names=[("recovery-group.test", "help against gambling")])
    made = client.post("/viewpoint/new", follow=True).content.decode()
    found = re.search(r'href="(/rules/correct\?[^"]*recovery-group[^"]*)"', made)
    form = client.get(found[1].replace("&amp;", "&")).context["form"]
    assert (form.initial["target"], form.initial["categories"]) == ("recovery-group.test", ["gambling"])


def test_earlier_reports_are_kept(lists, held, now):
    client = lists.client("dana")
    client.post("/viewpoint/new")
    client.post("/viewpoint/new")
    assert len(client.get("/viewpoint").context["page"]) >= 3


class TestRequests:
    """The queue, its clocks, the answer."""

    def test_the_most_urgent_comes_first_and_the_late_is_marked(self, lists, now):
        asked(now, timedelta(hours=5)), asked(now, timedelta(hours=-30), host="poker.test")
        answer = lists.client("dana").get("/reviews")
        assert [row.host for row, *_ in answer.context["rows"]] == ["poker.test", "recovery-group.test"]
        page = answer.content.decode().replace("\xa0", " ")
        assert "1 day late" in page and "hours left" in page

    def test_a_correction_answers_and_opens_it(self, lists, now):
        row, client = asked(now), lists.client("dana")
        said = {"answer": "correct", "reason": "They help people stop."}
        assert client.post(f"/reviews/{row.pk}", said).status_code == 302
        assert client.get("/why", {"target": row.host, "person": "ben"}).context["decision"].verdict == "allow"
        assert "They help people stop." in client.get(f"/reviews/{row.pk}").content.decode()

    def test_two_cannot_answer(self, lists, now):
        row, client = asked(now), lists.client("dana")
        for _ in range(2):
            client.post(f"/reviews/{row.pk}", {"answer": "keep", "reason": "It takes bets."})
        assert Entry.objects.filter(verb="filtering.review.answered").count() == 1

    def test_whoever_reviews_what_harms_minors_is_shown_the_three_tests(self, lists, now):
        law = asked(now, host="explicit.test", kind="statutory", category="pornography", list="explicit")
        assert "3 tests are met together" in lists.client("dana").get(f"/reviews/{law.pk}").content.decode()
        other = asked(now)
        assert "tests are met together" not in lists.client("dana").get(f"/reviews/{other.pk}").content.decode()

    def test_a_block_by_law_cannot_be_opened(self, lists, now):
        row = asked(now, host="explicit.test", kind="statutory", category="pornography", list="explicit")
        client = lists.client("dana")
        form = client.get(f"/reviews/{row.pk}").context["form"]
        assert [value for value, _ in form.fields["answer"].choices] == ["correct", "keep"]
        client.post(f"/reviews/{row.pk}", {"answer": "allow", "kind": "everyone", "reason": "Please."})
        assert ReviewRequest.objects.get(pk=row.pk).state == "waiting"


class TestJournal:
    """Read only, searchable, provable."""

    def test_it_is_searched_by_word_and_day(self, lists, now):
        client = lists.client("dana")
        assert {each.verb for each in client.get("/journal?q=list.added").context["page"]} == {"filtering.list.added"}
        assert not client.get("/journal?from=2099-01-01").context["page"].object_list
        assert client.get("/journal?from=no-day&to=32").status_code == 200

    def test_it_says_in_words_what_was_done_in_every_part_of_the_house(self, lists, now):
        """A few acts of several apps: no name of an act is left on the page, in either language."""
        done = {
            "notices.letter.sent": "sent a letter",
            "providers.contract.activated": "put a contract in use",
            "devices.access.turned-away": "was turned away from a school device",
            "requests.authority.answered-counsel": "passed an authority’s request to the district’s lawyer",
            "board.text.in-force": "put a text of the policy in force",
        }
        with transaction.atomic():
            for verb in done:
                journal.record(actor=DANA, verb=verb, subject="thing:1", at=now)
        client = lists.client("dana")
        page = client.get("/journal").content.decode()
        assert all(said in page for said in done.values()) and not any(verb in page for verb in done)
        messages.compile_all()
        client.cookies["django_language"] = "es"
        page = client.get("/journal").content.decode()
        assert "puso en uso un contrato" in page and not any(said in page for said in done.values())

    def test_it_says_whether_it_is_whole(self, lists):
        assert (
            "nothing is changed, missing or out of place"
            in lists.client("dana").get("/journal/verify").content.decode()
        )

    def test_it_takes_nothing(self, lists):
        assert lists.client("dana").post("/journal").status_code == 405


@pytest.mark.parametrize(
    ("hours", "said"), [(72, "72 hours left"), (47.5, "47 hours left"), (80, "3 days left"), (-50, "2 days late")]
)
def test_a_clock_of_72_hours_that_has_just_begun_has_72_hours_left(hours, said):
    assert ui.until(timezone.now() + timedelta(hours=hours, seconds=-1)).replace("\xa0", " ") == said


def test_what_is_left_of_a_clock_is_said_in_spanish_too():
    with translation.override("es"):
        assert ui.until(timezone.now() + timedelta(hours=72)).replace("\xa0", " ") == "quedan 72 horas"
