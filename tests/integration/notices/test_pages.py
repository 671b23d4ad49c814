"""The pages of notices: whole journeys through the browser's forms, and who may see what."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.mail import get_connection
from django.utils import timezone

from homeroom.journal.models import Entry
from homeroom.notices.actions import building, sending
from homeroom.notices.actions import clocks as clock_actions
from homeroom.notices.kinds import KINDS
from homeroom.notices.models import Clock, Closing, Letter, Notice, PrintRun, Template
from homeroom.notices.queries import recipients
from homeroom.people import queries as people
from homeroom.people.models import Class, Role
from tests.integration.notices.conftest import DANA, FACTS, TODAY, approve, lives_at, parent

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
PAGES = ("/notices", "/notices/add", "/notices/unreached", "/notice-words", "/clocks", "/closings", "/my/notices")


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def live(family, now):
    """Users' and parents' words are part of the policy today."""
    for kind in ("users", "parents"):
        approve(kind, ("es",))
    return family


def released(town, now, kind="users", **who) -> Notice:
    from homeroom.notices.actions import notices

    row = notices.draft_notice(actor=DANA, at=now, kind=kind, title="Yearly", who=who, facts=FACTS.get(kind, {}))
    row = notices.release_notice(actor=DANA, at=now, notice=row)
    building.build(at=now, notice=row)
    return row


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("dana", set(PAGES)),
        ("okafor", {"/notices", "/notices/unreached", "/notice-words", "/clocks", "/closings", "/my/notices"}),
        ("kim", {"/notices", "/notices/unreached", "/clocks", "/closings", "/my/notices"}),
        ("olsen", {"/clocks", "/my/notices"}),
    ],
)
def test_a_page_opens_for_those_whose_work_it_is(live, who, may):
    client = live.client(who)
    assert {page for page in PAGES if client.get(page).status_code == 200} == may


def test_from_draft_to_the_board_with_a_missing_element_named(family):
    client = family.client("dana")
    client.post("/notice-words/new/users")
    row = Template.objects.get()
    english = row.texts.get(language="en")
    words = {f"b_{name.replace('.', '_')}": said for name, said in english.blocks.items()}
    client.post(f"/notice-words/{row.pk}/in/en", {"subject": "Hello", **words, "b_XI_B_4": ""})
    page = client.get(f"/notice-words/{row.pk}/in/en").content.decode()
    assert "XI.B.4 is missing" in page
    client.post(f"/notice-words/{row.pk}/submit")
    row.refresh_from_db()
    assert row.sealed_at is None
    client.post(f"/notice-words/{row.pk}/in/en", {"subject": "Hello", **words})
    client.post(f"/notice-words/{row.pk}/submit")
    row.refresh_from_db()
    assert row.sealed_at is not None
    client.post(f"/notice-words/{row.pk}/in/en", {"subject": "Changed", **words})
    assert row.texts.get(language="en").subject == "Hello"


def test_a_yearly_notice_is_planned_looked_at_and_released(live):
    client = live.client("dana")
    answer = client.post(
        "/notices/add", {"kind": "users", "title": "Yearly 2026", "channel": "auto", "schools": ["birch"]}
    )
    row = Notice.objects.get()
    assert answer.url == f"/notices/{row.pk}" and row.state == "draft"
    page = client.get(f"/notices/{row.pk}").content.decode()
    assert "Nothing has gone out" in page and not Letter.objects.exists()
    client.post(f"/notices/{row.pk}/release")
    row.refresh_from_db()
    building.build(at=timezone.now(), notice=row)
    assert {letter.reader_id for letter in Letter.objects.all()} == {"ben", "leah", "olsen", "lind", "okafor", "kim"}
    assert client.get(f"/notices/{row.pk}").status_code == 200
    csv = b"".join(client.get(f"/notices/{row.pk}?format=csv").streaming_content).decode()
    assert csv.count("\n") == 7 and "Ben Haugen" in csv


def test_a_director_who_clicks_twice_releases_once(live, now):
    client = live.client("dana")
    client.post("/notices/add", {"kind": "users", "title": "Yearly", "channel": "auto"})
    row = Notice.objects.get()
    for _ in range(2):
        client.post(f"/notices/{row.pk}/release")
    assert Entry.objects.filter(verb="notices.notice.released").count() == 1


def test_an_administrator_sees_letters_of_their_own_school_only(live, now):
    row = released(live, now)
    page = live.client("okafor").get(f"/notices/{row.pk}").content.decode()
    assert "Ben Haugen" in page and "Ana Morales" not in page
    ana = Letter.objects.get(reader="ana")
    assert live.client("okafor").get(f"/notices/letters/{ana.pk}").status_code == 404


def test_each_look_at_somebodys_letter_is_written_down(live, now):
    released(live, now, schools=["birch"])
    ben = Letter.objects.get(reader="ben")
    assert live.client("okafor").get(f"/notices/letters/{ben.pk}").status_code == 200
    seen = Entry.objects.get(verb="notices.letter.seen")
    assert (seen.actor, seen.subject) == ("okafor", f"letter:{ben.pk}")


def test_paper_from_print_file_to_the_mail(live, now):
    parent("leah", "lind")
    lives_at("rosa", "9 Oak Street", "55499")
    lives_at("lind", "1 Elm Street", "55401")
    from homeroom.people.models import Person

    Person.objects.filter(pk__in=["rosa", "lind"]).update(email="")
    row = released(live, now, kind="parents")
    client = live.client("dana")
    client.post(f"/notices/{row.pk}/print")
    run = PrintRun.objects.get()
    assert [each.letter.reader_id for each in run.attempts.all()] == ["lind", "rosa"], "in postal order"
    first = client.post(f"/notices/print-files/{run.pk}/file").content
    assert first.startswith(b"%PDF") and client.post(f"/notices/print-files/{run.pk}/file").content == first
    assert "taken 2 times" in client.get(f"/notices/{row.pk}").content.decode()
    assert {letter.state for letter in Letter.objects.all()} == {"printed"}, "printed is not mailed"
    manifest = b"".join(client.get(f"/notices/print-files/{run.pk}/manifest").streaming_content).decode()
    assert "1 Elm Street" in manifest
    assert Entry.objects.filter(verb="notices.print-file.manifest-taken", actor="dana").count() == 1
    today = people.today(now).isoformat()
    for _ in range(2):
        client.post(f"/notices/print-files/{run.pk}/mailed", {"on": today})
    assert {(letter.state, letter.delivered_how) for letter in Letter.objects.all()} == {("delivered", "mailed")}
    assert Entry.objects.filter(verb="notices.print-file.mailed").count() == 1


def test_a_print_file_that_was_not_mailed_gives_its_letters_back(live, now):
    lives_at("rosa")
    from homeroom.people.models import Person

    Person.objects.filter(pk="rosa").update(email="")
    row = released(live, now, kind="parents")
    client = live.client("dana")
    client.post(f"/notices/{row.pk}/print")
    client.post(f"/notices/{row.pk}/print")
    run = PrintRun.objects.get()
    client.post(f"/notices/print-files/{run.pk}/throw-away", {"reason": "The printer jammed."})
    client.post(f"/notices/print-files/{run.pk}/mailed", {"on": people.today(now).isoformat()})
    assert Letter.objects.get().state == "queued"
    client.post(f"/notices/{row.pk}/print")
    assert Letter.objects.get().attempts.count() == 2


@pytest.mark.parametrize("typed", ["2026-02-30", "31.12.2026", "yesterday", "\x00"])
def test_a_day_that_cannot_be_read_is_not_taken_for_today(live, now, typed):
    lives_at("rosa")
    from homeroom.people.models import Person

    Person.objects.filter(pk="rosa").update(email="")
    row = released(live, now, kind="parents")
    client = live.client("dana")
    client.post(f"/notices/{row.pk}/print")
    run = PrintRun.objects.get()
    page = client.post(f"/notices/print-files/{run.pk}/mailed", {"on": typed}, follow=True).content.decode()
    assert "is not a day. Write it such as" in page
    run.refresh_from_db()
    assert run.mailed_on is None and Letter.objects.get().state == "printed"


def test_a_reason_that_is_no_text_is_answered_with_a_sentence(live, now):
    row = released(live, now)
    page = live.client("dana").post(f"/notices/{row.pk}/stop", {"reason": "Wrong\x00list."}, follow=True)
    assert page.status_code == 200 and "Write plain text, with at most" in page.content.decode()
    row.refresh_from_db()
    assert row.state == "released"


def test_a_print_file_is_for_those_who_reach_everybody(live, now):
    row = released(live, now, kind="parents")
    assert live.client("kim").post(f"/notices/{row.pk}/print").status_code == 403


def test_the_reader_says_that_it_was_read(live, now):
    released(live, now)
    client = live.client("olsen")
    letter = Letter.objects.get(reader="olsen")
    assert "Please read" in client.get("/my/notices").content.decode()
    assert "no filter catches everything" in client.get(f"/my/notices/{letter.pk}").content.decode().lower()
    client.post(f"/my/notices/{letter.pk}")
    letter.refresh_from_db()
    assert letter.state == "delivered" and letter.delivered_how == "read" and letter.read_at
    other = Letter.objects.get(reader="lind")
    assert client.get(f"/my/notices/{other.pk}").status_code == 404


def test_the_proof_of_one_letter_opens_and_is_sealed(live, now, settings, tmp_path):
    from homeroom.base import seal

    settings.HOME = tmp_path
    released(live, now, schools=["birch"])
    sending.send_batch(at=now, connection=get_connection("django.core.mail.backends.locmem.EmailBackend"))
    letter = Letter.objects.get(reader="ben")
    answer = live.client("dana").get(f"/notices/letters/{letter.pk}/proof")
    verdict = seal.verify(answer.content)
    assert verdict.ok and verdict.ours, verdict.sentence


def test_what_nobody_gets_is_worked_off(live, now):
    from homeroom.people.models import Person

    Person.objects.filter(pk="leah").update(email="")
    released(live, now, schools=["birch"])
    client = live.client("okafor")
    assert "Leah Farah" in client.get("/notices/unreached").content.decode()
    letter = Letter.objects.get(reader="leah")
    client.post(f"/notices/letters/{letter.pk}", {"act": "hand", "on": people.today(now).isoformat()})
    letter.refresh_from_db()
    assert (letter.state, letter.delivered_how) == ("delivered", "hand")
    assert "Leah Farah" not in client.get("/notices/unreached").content.decode()


def test_a_clock_is_met_paused_and_never_hidden_when_late(live, now):
    client = live.client("dana")
    late = clock_actions.start_clock(
        actor=DANA,
        at=now,
        rule="device-emergency-notice",
        about="access:1",
        since=now - timedelta(hours=80),
        owner="dana",
    )
    soon = clock_actions.start_clock(
        actor=DANA, at=now, rule="device-emergency-notice", about="access:2", since=now, owner="dana"
    )
    page = client.get("/clocks?state=late").content.decode()
    assert "access:1" in page and "access:2" not in page
    client.post(f"/clocks/{late.pk}", {"act": "pause", "reason": "No."})
    late.refresh_from_db()
    assert late.paused_at is None, "what is late can only be met"
    client.post(f"/clocks/{soon.pk}", {"act": "pause", "reason": "The notice itself would be a danger."})
    client.post(f"/clocks/{late.pk}", {"act": "meet", "reason": "The notice was sent."})
    late.refresh_from_db()
    soon.refresh_from_db()
    assert late.state(now) == "met-late" and soon.paused_at is not None
    assert "access:1" in client.get("/clocks?state=ended").content.decode()


def test_a_clock_leads_to_the_page_where_its_thing_is_done(live, now):
    """Only for those to whom that page opens."""
    for about, leads_to in (
        ("device-access:7", "/device-access/7"), ("inspection:3", "/register/requests/3"), ("contract:2",
        "/register/contracts/2"), ("provider-notice:2026-09-01", "/register/notice"), ("data-request:4",
        "/data-requests/4"), ("odd:1", ""), ("contract:x", ""),
    ):  # fmt: skip
        row = clock_actions.start_clock(actor=DANA, at=now, rule="device-emergency-notice", about=about, since=now,
                                        owner="olsen")  # fmt: skip
        assert live.client("dana").get(f"/clocks/{row.pk}").context["place"] == leads_to
        seen = live.client("olsen").get(f"/clocks/{row.pk}").context["place"]
        assert seen == (leads_to if about.startswith("device-access") else "")


def test_the_closings_are_found_from_the_clocks_by_those_who_may_see_them(live, now):
    assert 'href="/closings"' in live.client("dana").get("/clocks").content.decode()
    assert 'href="/closings"' not in live.client("olsen").get("/clocks").content.decode()


@pytest.mark.clause("XIV.D.1")
@pytest.mark.parametrize(
    "about", ["device-access:1", "notice:1", "letter:1", "provider-notice:2026-09-01", "data-request:1"]
)
def test_a_clock_that_a_deed_stops_is_not_stopped_by_whoever_answers_for_it(live, now, about):
    row = clock_actions.start_clock(
        actor=DANA, at=now, rule="device-emergency-notice", about=about, since=now, owner="olsen"
    )
    client = live.client("olsen")
    assert "It is done" not in client.get(f"/clocks/{row.pk}").content.decode()
    for act in ("meet", "pause", "resume", "withdraw"):
        assert (
            "stops by itself" in client.post(f"/clocks/{row.pk}", {"act": act, "reason": "I say so."}).content.decode()
        )
    dana = live.client("dana")
    assert "stops by itself" in dana.post(f"/clocks/{row.pk}", {"act": "meet", "reason": "Done."}).content.decode()
    row.refresh_from_db()
    assert row.runs and row.paused_at is None
    dana.post(f"/clocks/{row.pk}", {"act": "withdraw", "reason": "It was written down for the wrong student."})
    row.refresh_from_db()
    assert row.withdrawn_at is not None


def test_a_calendar_feed_ends_with_its_owners_work(live, now, client):
    page = live.client("olsen").post("/clocks/feed").content.decode()
    secret = page.partition("/clocks/feed/")[2].partition(".ics")[0]
    assert client.get(f"/clocks/feed/{secret}.ics").status_code == 200
    Role.objects.filter(person="olsen").update(last_day=people.today(now) - timedelta(days=1))
    assert client.get(f"/clocks/feed/{secret}.ics").status_code == 404


def test_no_way_of_reading_a_letter_stays_unwritten(live, now):
    """Also not one that sends the form with nothing in it."""
    released(live, now)
    row = Letter.objects.get(reader="ben")
    live.client("kim").post(f"/notices/letters/{row.pk}", {})
    entry = Entry.objects.get(verb="notices.letter.seen")
    assert (entry.actor, entry.data["reader"]) == ("kim", "ben")


def test_an_odd_secret_of_a_mail_service_is_no_trouble(client, db):
    assert client.post("/mail/reports/postmark/é").status_code == 404


def test_others_see_their_own_clocks_only(live, now):
    clock_actions.start_clock(
        actor=DANA, at=now, rule="data-request", about="request:1", since=now, owner="okafor", title="For Okafor"
    )
    row = Clock.objects.get()
    assert "For Okafor" in live.client("okafor").get("/clocks").content.decode()
    assert "For Okafor" not in live.client("olsen").get("/clocks").content.decode()
    assert live.client("olsen").get(f"/clocks/{row.pk}").status_code == 404


def test_a_calendar_feed_needs_its_secret(live, now, client):
    clock_actions.start_clock(
        actor=DANA, at=now, rule="data-request", about="request:1", since=now, owner="dana", title="Show, and tell"
    )
    page = live.client("dana").post("/clocks/feed").content.decode()
    secret = page.partition("/clocks/feed/")[2].partition(".ics")[0]
    answer = client.get(f"/clocks/feed/{secret}.ics")
    assert answer.status_code == 200 and "SUMMARY:Show\\, and tell" in answer.content.decode()
    assert client.get("/clocks/feed/wrong.ics").status_code == 404
    live.client("dana").post("/clocks/feed")
    assert client.get(f"/clocks/feed/{secret}.ics").status_code == 404, "a new address ends the old one"


def test_closings_change_what_a_school_day_is(live, now):
    from homeroom.notices import queries

    client = live.client("dana")
    said = {"first": "2026-12-21", "last": "2026-12-23", "kind": "no_school", "title": "Winter break", "school": ""}
    for _ in range(2):
        assert client.post("/closings", said).status_code == 302
    assert Closing.objects.count() == 3
    client.post("/closings", {"first": "2026-12-28", "kind": "closed", "title": "Closed", "school": ""})
    days = queries.calendar()
    assert len(days.closings) == 3 and days.holiday(Closing.objects.get(kind="closed").day)
    client.post(f"/closings/{Closing.objects.first().pk}/withdraw")
    assert len(queries.calendar().closings) == 2


def test_a_mail_service_needs_its_secret(live, client):
    from homeroom.notices.views.letters import service_secret

    assert client.post("/mail/reports/postmark/wrong", "{}", content_type="application/json").status_code == 404
    where = f"/mail/reports/postmark/{service_secret('postmark')}"
    assert client.post(where, "no json", content_type="application/json").status_code == 400


def test_queries_do_not_grow_with_rows(live, now):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from homeroom.people import actions as people_actions
    from homeroom.people.models import Person

    def more(count: int) -> None:
        start = Person.objects.count()
        new = [Person(id=f"n{start + n}", given_name=f"C{n}", family_name="Many") for n in range(count)]
        people_actions.add_people(actor=DANA, people=new, at=now)
        roles = [people_actions.RoleOf(each.pk, "student", people.today(now), "birch", "7") for each in new]
        people_actions.add_roles(actor=DANA, roles=roles, at=now)
        for n in range(count):
            clock_actions.start_clock(
                actor=DANA, at=now, rule="data-request", about=f"r:{start + n}", since=now, owner=new[n].pk
            )
            released(live, now, schools=["birch"])

    def cost() -> dict[str, int]:
        client, found = live.client("dana"), {}
        for page in ("/notices", f"/notices/{Notice.objects.first().pk}", "/notices/unreached", "/clocks", "/closings"):
            client.get(page)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(page).status_code == 200
            found[page.rstrip("0123456789")] = len(seen)
        return found

    more(3)
    few = cost()
    more(9)
    assert cost() == few and max(few.values()) < 40


class TestRecipientsByClass:
    """XII.B.0a: a notice for a class or two, named as the office names them."""

    SAID = {"kind": "users", "title": "For a class", "channel": "auto"}

    def who(self, words, classes: str) -> set[str]:
        answer = words.client("dana").post("/notices/add", {**self.SAID, "classes": classes})
        row = Notice.objects.latest("id")
        assert answer.status_code == 302 and answer.url == f"/notices/{row.pk}"
        return set(recipients.expected(KINDS["users"], row.who, TODAY).readers)

    def test_by_id_or_by_name_the_people_of_the_class_are_reached_and_nobody_else(self, words):
        assert self.who(words, "7b") == {"ben", "olsen"}
        assert self.who(words, "grade 7, section a\nENGLISH 11\n") == {"leah", "lind", "ana", "tou", "moua"}

    def test_a_name_that_is_none_or_several_is_said_and_nothing_is_planned(self, words):
        Class.objects.create(id="7x", school_id="cedar", title="Grade 7, section A", first_day=date(2020, 9, 1))
        said = words.client("dana").post("/notices/add", {**self.SAID, "classes": "Algebra 9\nGrade 7, section A"})
        page = said.content.decode()
        assert "No class of today is called “Algebra 9”" in page
        assert "could be Grade 7, section A, Birch School (7a); Grade 7, section A, Cedar High School (7x)" in page
        assert not Notice.objects.exists()


def test_a_parent_whom_nobody_reaches_is_told_in_person_and_the_page_says_so(live, now):
    from homeroom.people.models import Person

    Person.objects.filter(pk="rosa").update(email="")
    released(live, now, kind="parents")
    letter = Letter.objects.get(reader="rosa")
    client, url = live.client("dana"), f"/notices/letters/{letter.pk}"
    page = client.post(url, {"act": "again"}).content.decode()
    assert "Addresses come with the roster" in page and "hand it over" in page
    before = people.today(letter.made_at) - timedelta(days=1)
    page = client.post(url, {"act": "hand", "on": before.isoformat()}).content.decode()
    assert "nobody was given it before" in page
    letter.refresh_from_db()
    assert letter.state == "unreachable" and letter.delivered_at is None
    page = client.post(url, {"act": "hand", "on": people.today(now).isoformat()}, follow=True).content.decode()
    assert "<dd>In person</dd>" in page and "Neither an e-mail nor" not in page
