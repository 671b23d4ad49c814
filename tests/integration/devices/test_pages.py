"""The pages of devices: who sees what, what they do, and that they cost no more with more rows."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.devices import titles
from homeroom.devices.actions import console, gate, programmes, suspicion, telling
from homeroom.devices.models import Access, DeviceNotice, IssuedResource, Loan, TellDuty
from homeroom.journal.models import Entry
from homeroom.kernel.devices.gate import Warrant
from homeroom.notices.actions import building
from homeroom.notices.models import Letter, Notice
from homeroom.notices.queries.waiting import NOWHERE
from homeroom.people import queries as people
from homeroom.people.models import Guardianship, Role
from tests.integration.notices.conftest import approve
from tests.policy.devices_at_lake import DANA, OKAFOR, WORDS, hold_words, laptop, threat, wanted
from tests.town import LONG_AGO

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
OLSEN = Actor(id="olsen", name="Maja Olsen", roles=frozenset({"teacher"}))
OPEN = {
    "/devices": {"dana", "okafor", "kim"},
    "/devices/add": {"dana", "okafor", "kim"},
    "/devices/import": {"dana"},
    "/devices/words": {"dana"},
    "/device-access": {"dana", "okafor", "olsen", "kim"},
    "/device-access/ask": {"dana", "okafor", "olsen"},
    "/device-access/emergency": {"dana", "okafor", "olsen", "kim"},
    "/device-access/programmes": {"dana", "okafor"},
    "/device-access/programmes/add": {"dana"},
    "/device-access/programmes/tell": {"dana"},
    "/device-access/suspicions": {"dana", "okafor"},
    "/device-access/suspicions/add": {"dana", "okafor"},
    "/device-access/findings": {"dana"},
    "/device-access/discoveries": {"dana", "okafor"},
    "/device-access/discoveries/add": {"dana", "okafor"},
    "/my-devices": {"dana", "okafor", "olsen", "kim"},
}


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch, settings):
    folder = tmp_path / "home"
    monkeypatch.setenv("HOMEROOM_HOME", str(folder))
    settings.HOME = folder


@pytest.fixture
def mother(town) -> None:
    row = {"child_id": "ben", "guardian_id": "rosa", "relationship": "parent", "first_day": "2020-09-01"}
    if not Guardianship.objects.filter(child_id="ben", guardian_id="rosa").exists():
        Guardianship.objects.create(**row)


def paper(at: datetime) -> Warrant:
    return Warrant("27-CR-26-1", "ab" * 32, "Messages of May and June", at + timedelta(hours=1))


def emergency(at: datetime, key: str = "e") -> Access:
    return telling.record_emergency(actor=OKAFOR, wanted=threat(at), key=key, first_access=at, at=at)[0]


@pytest.mark.parametrize("who", ["dana", "okafor", "olsen", "kim"])
def test_a_page_opens_for_those_whose_work_it_is(town, who):
    client = town.client(who)
    answers = {page: client.get(page).status_code for page in OPEN}
    assert answers == {page: 200 if who in may else 403 for page, may in OPEN.items()}


def test_an_administrator_sees_the_accesses_of_their_school_only(town, now):
    emergency(now)
    other = gate.ask(
        actor=DANA, at=now, key="k",
        wanted=wanted(now, student="ana", ground="law", purpose="duty", citation="Minn. Stat. 121A.031"),
    )  # fmt: skip
    page = town.client("okafor").get("/device-access")
    assert {line.access.student_id for line in page.context["lines"]} == {"ben"}
    assert town.client("okafor").get(f"/device-access/{other.pk}").status_code == 404


def test_a_teacher_opens_only_what_they_asked_for_and_each_look_is_written_down(town, now):
    access = emergency(now)
    assert town.client("olsen").get(f"/device-access/{access.pk}").status_code == 404
    assert town.client("okafor").get(f"/device-access/{access.pk}").status_code == 200
    assert [each.actor for each in Entry.objects.filter(verb="devices.access.seen")] == ["okafor"]


def test_teachers_and_the_office_find_the_emergency_page_and_what_they_asked_for(town, now):
    emergency(now)
    own = gate.ask(
        actor=OLSEN, at=now, key="own",
        wanted=wanted(now, ground="law", purpose="duty", citation="Minn. Stat. 121A.031"),
    )  # fmt: skip
    for who, seen, may_ask in (("olsen", {own.pk}, True), ("kim", set(), False)):
        client = town.client(who)
        assert 'href="/device-access"' in client.get("/people").content.decode(), "no way leads there"
        page = client.get("/device-access")
        assert {line.access.pk for line in page.context["lines"]} == seen
        text = page.content.decode()
        assert 'href="/device-access/emergency"' in text
        assert ('href="/device-access/ask"' in text) is may_ask
        assert "/device-access/programmes" not in text, "a link to a page that does not open"


def test_no_page_about_devices_links_to_one_that_its_reader_may_not_open(town, now):
    row = laptop(now, person="ben")
    access = TestTheEmergencyPage().post(town)
    kim = town.client("kim")
    for page in (f"/devices/{row.pk}", access.url):
        links = set(re.findall(r'href="(/devices?[^"?#]*)', kim.get(page).content.decode()))
        assert {link: kim.get(link).status_code for link in links} == dict.fromkeys(links, 200)


@pytest.mark.clause("XIV.D.1")
def test_the_superintendent_to_whom_a_late_clock_is_brought_sees_the_case_and_no_other(town, now):
    access = emergency(now)
    other = gate.ask(
        actor=DANA, at=now, key="k", wanted=wanted(now, ground="law", purpose="duty", citation="Minn. Stat. 121A.031")
    )
    Role.objects.filter(person=town.moua).delete()
    Role.objects.create(person=town.moua, role="superintendent", first_day=now.date() - timedelta(days=30))
    client = town.client("moua")
    page = client.get("/device-access")
    assert {line.access.pk for line in page.context["lines"]} == {access.pk}
    case = client.get(f"/device-access/{access.pk}")
    assert client.get(f"/device-access/{other.pk}").status_code == 404
    for each in (page, case):
        links = set(re.findall(r'href="(/device-access[^"?#]*)', each.content.decode()))
        assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)
    assert client.post(f"/device-access/{access.pk}/look", {"words": "Not my act."}).status_code == 403


def test_whoever_asked_takes_it_back_and_nobody_else(town, now):
    ask = wanted(now, ground="warrant", purpose="duty", warrant=paper(now), actor_class="resource_officer")
    access = gate.ask(actor=OKAFOR, at=now, key="w", wanted=ask)
    assert access.state == "asked"
    assert town.client("dana").post(f"/device-access/{access.pk}/take-back", {"words": "No."}).status_code == 200
    assert Access.objects.get().state == "asked"
    assert "Take the request back" in town.client("okafor").get(f"/device-access/{access.pk}").content.decode()
    town.client("okafor").post(f"/device-access/{access.pk}/take-back", {"words": "The police need it no more."})
    assert (Access.objects.get().state, Access.objects.get().answered_by) == ("refused", "")


def test_the_first_page_says_that_a_request_waits_for_a_second_person(town, now):
    ask = wanted(now, ground="warrant", purpose="duty", warrant=paper(now), actor_class="resource_officer")
    gate.ask(actor=OKAFOR, at=now, key="w", wanted=ask)
    assert "waits for your answer" in town.client("dana").get("/").content.decode()
    assert "waits for your answer" not in town.client("okafor").get("/").content.decode()


class TestTheEmergencyPage:
    def post(self, town, **more):
        said = {
            "student": "ben", "features": ["location"], "threat": "He wrote that he will not live.",
            "why": "I look where the laptop is.", "actor_class": "employee", "key": "abc", **more,
        }  # fmt: skip
        return town.client("kim").post("/device-access/emergency", said)

    def test_one_post_records_access_use_clock_and_draft(self, town, now):
        answer = self.post(town)
        access = Access.objects.get()
        assert (answer.status_code, answer.url) == (302, f"/device-access/{access.pk}")
        assert TellDuty.objects.get().due_at - access.starts == timedelta(hours=72)
        assert DeviceNotice.objects.get().threat.startswith("He wrote")

    def test_sent_twice_it_is_one(self, town, now):
        self.post(town)
        self.post(town)
        assert (Access.objects.count(), TellDuty.objects.count()) == (1, 1)

    def test_what_is_missing_is_said_and_nothing_is_recorded(self, town, now):
        answer = self.post(town, threat="Help")
        assert answer.status_code == 200 and "Describe the threat" in answer.content.decode()
        assert not Access.objects.exists() and Entry.objects.filter(verb="devices.access.turned-away").count() == 1


def test_from_the_emergency_to_the_notice_by_hand(town, now, mother):
    access = emergency(now - timedelta(minutes=2))
    client = town.client("okafor")
    notice = {
        "recipient": "rosa", "recipient_why": "She looks for him too.", "features": ["location"],
        "description": "Mr. Okafor looked where his laptop was.", "threat": "He wrote that he will not live.",
    }  # fmt: skip
    assert client.post(f"/device-access/{access.pk}/notice", notice).status_code == 302
    sent = client.post(f"/device-access/{access.pk}/send", {"way": "hand", "proof": "She signed."})
    assert sent.status_code == 302
    assert TellDuty.objects.get().status(now) == "told"
    assert "Rosa Haugen was told" in client.get(f"/device-access/{access.pk}").content.decode()


def test_by_email_the_page_says_that_the_clock_still_runs(town, now, mother):
    """XIV.D.1: the notice is out, and the family is not told yet."""
    approve("device-emergency")
    access = emergency(now)
    notice = telling.write_notice(
        actor=OKAFOR, accesses=[access.pk], recipient="rosa", recipient_why="She looks for him.",
        description="Mr. Okafor looked where the laptop was.", features=["location"],
        threat="He wrote that he will not live.", at=now,
    )  # fmt: skip
    page = town.client("okafor")
    page.post(f"/device-access/{access.pk}/send", {"way": "email", "proof": ""})
    said = page.get(f"/device-access/{access.pk}").content.decode()
    assert "Waits for the mail server" in said and "Nights, weekends" in said
    notice.refresh_from_db()
    assert f'href="/notices/{notice.outgoing}"' in said
    for who, sees in (("dana", True), ("okafor", True), ("kim", False)):
        client = town.client(who)
        assert (f'href="/notices/{notice.outgoing}"' in client.get("/notices").content.decode()) is sees, who
        assert client.get(f"/notices/{notice.outgoing}").status_code == (200 if sees else 404), who
        assert ("device-emergency" in csv_of(client)) is sees, who
    assert 'value="email"' not in page.get(f"/device-access/{access.pk}/send").content.decode()


def csv_of(client) -> str:
    return b"".join(client.get("/notices?format=csv").streaming_content).decode()


def test_without_a_mail_server_no_email_is_offered(town, now, mother, settings):
    settings.EMAIL_BACKEND = NOWHERE
    access = emergency(now)
    said = town.client("okafor").get(f"/device-access/{access.pk}/send").content.decode()
    assert 'value="hand"' in said and 'value="email"' not in said


def test_a_warrant_is_kept_as_a_file(town, now):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from homeroom.base import kept

    said = {
        "student": "ben", "features": ["other"], "ground": "warrant", "purpose": "duty", "key": "w1",
        "why": "The judge ordered it.", "scope": "Messages of May", "ends": "2099-01-01T10:00",
        "actor_class": "resource_officer", "looker": "Officer Lee", "warrant_number": "27-CR-1",
        "warrant_scope": "Messages of May", "warrant_expires": "2099-02-01T10:00", "starts": "2099-01-01T09:00",
        "warrant_file": SimpleUploadedFile("w.pdf", b"%PDF-1.7 warrant"),
    }  # fmt: skip
    assert town.client("dana").post("/device-access/ask", said).status_code == 302
    access = Access.objects.get()
    assert access.state == "asked" and kept.read(access.warrant_sha256) == b"%PDF-1.7 warrant"
    answer = town.client("okafor").post(f"/device-access/{access.pk}/answer", {"grant": "yes", "words": "Read it."})
    assert answer.status_code == 302 and Access.objects.get().state == "authorised"


class TestMine:
    def test_a_parent_sees_what_was_lent_and_who_looked_and_no_other_child(self, town, now, mother):
        laptop(now, "LB-1", "ben")
        laptop(now, "LB-2", "leah")
        emergency(now)
        page = town.client("rosa").get("/my-devices").content.decode()
        assert "LB-1" in page and "We must find him" in page and "LB-2" not in page

    def test_the_words_are_read_and_accepted(self, town, now, mother):
        laptop(now)
        words = hold_words(now)
        loan = Loan.objects.get()
        client = town.client("rosa")
        assert WORDS in client.get(f"/my-devices/{loan.pk}/accept").content.decode()
        assert (
            "changed while you read" in client.post(f"/my-devices/{loan.pk}/accept", {"sha256": "x"}).content.decode()
        )
        assert client.post(f"/my-devices/{loan.pk}/accept", {"sha256": words.sha256}).status_code == 302
        assert Loan.objects.get().accepted_by == "rosa"

    def test_nobody_accepts_for_anothers_child(self, town, now, mother):
        laptop(now, person="leah")
        assert town.client("rosa").get(f"/my-devices/{Loan.objects.get().pk}/accept").status_code == 404

    def test_a_notice_for_the_student_alone_is_hidden_from_the_parent(self, town, now, mother):
        access = emergency(now)
        telling.write_notice(
            actor=OKAFOR, accesses=[access.pk], recipient="ben", recipient_why="His mother is the danger.",
            description="He looked where it was.", features=["location"], threat="She will hurt him.", at=now,
            only_recipient=True,
        )  # fmt: skip
        assert "We must find him" not in town.client("rosa").get("/my-devices").content.decode()


@pytest.mark.clause("XIV.C.1b")
def test_the_page_of_programmes_says_how_many_students_were_told(town, now):
    programmes.authorise(
        actor=DANA, asked_by="okafor", at=now,
        plan=programmes.Plan("Viewing", "GoGuide", ("video",), "education", "instruction", "Help on screen",
                             "In lessons", "All teachers"),
    )  # fmt: skip
    page = town.client("dana").get("/device-access/programmes")
    assert page.context["told"] == 0 and "0 of 4 students were told" in page.content.decode()


def test_the_inventory_page_shows_first_and_takes_in_when_asked(town, now):
    from django.core.files.uploadedfile import SimpleUploadedFile

    data = b"Model,Serial Number,Student\nChromebook,5CD1,ben\n"
    client = town.client("dana")
    client.post("/devices/import", {"file": SimpleUploadedFile("a.csv", data)})
    assert not IssuedResource.objects.exists()
    client.post("/devices/import", {"file": SimpleUploadedFile("a.csv", data), "load": "on"})
    assert Loan.objects.get().person_id == "ben"


def more(now: datetime, count: int) -> None:
    start = IssuedResource.objects.count()
    for n in range(start, start + count):
        laptop(now, f"T-{n}", "ben" if n % 2 else "leah")
        access = emergency(now, f"e-{n}")
        suspicion.record_suspicion(
            actor=OKAFOR, person="ben", rule="V.A.10.1", facts="Two messages.", source="A friend",
            reliability="Believed so far", expected="More messages", scope="One app", at=now,
        )  # fmt: skip
        programmes.authorise(
            actor=DANA, asked_by="okafor", at=now,
            plan=programmes.Plan(f"View {n}", "GoGuide", ("video",), "education", "instruction", "Help on screen",
                                 "In lessons", "All teachers"),
        )  # fmt: skip
        log = f"time,user,event,serial\n2026-01-01T00:00:{n % 60:02}Z,a@b.test,locate,SNT-{n}\n"
        console.take_in_log(actor=DANA, data=log.encode(), file="log", at=now)
        console.record_discovery(actor=DANA, work="Cleaning the disk up", found="Many big films", handed_to="Kim",
                                 on_device=True, access=access.pk, at=now)  # fmt: skip


@pytest.mark.parametrize("who", ["dana", "okafor", "rosa"])
def test_queries_do_not_grow_with_rows(town, now, mother, who):
    client = town.client(who)
    pages = ["/my-devices"] if who == "rosa" else [page for page, may in OPEN.items() if who in may]

    def cost(page: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        return len(asked)

    more(now, 3)
    few = {page: cost(page) for page in pages}
    more(now, 12)
    assert {page: cost(page) for page in pages} == few
    assert max(few.values()) < 40


class TestWordsOnPaper:
    """XIV.A: who has no way to sign in accepts the words all the same."""

    @pytest.fixture
    def row(self, town, now) -> IssuedResource:
        hold_words(now - timedelta(days=1))
        return laptop(now - timedelta(hours=1), person="ben")

    def test_the_office_prints_the_words_and_writes_down_who_signed_them(self, town, row, now):
        kim = town.client("kim")
        assert f'href="/devices/{row.pk}/paper"' in kim.get(f"/devices/{row.pk}").content.decode()
        page = kim.get(f"/devices/{row.pk}/paper")
        assert WORDS in page.content.decode()
        sha256 = page.context["words"].sha256
        said = {"sha256": sha256, "name": "Rosa Haugen", "proof": "Folder 3 in the office"}
        assert kim.post(f"/devices/{row.pk}/paper", said).status_code == 302
        loan = Loan.objects.get()
        assert (loan.accepted_by, loan.accepted_by_name, loan.words) == ("paper:kim", "Rosa Haugen", WORDS)
        assert Entry.objects.get(verb="devices.loan.accepted-on-paper").reason == "Folder 3 in the office"
        assert kim.get(f"/devices/{row.pk}/paper").status_code == 302, "once is enough"

    def test_without_the_paper_or_with_words_of_before_nothing_is_written(self, town, row, now):
        kim = town.client("kim")
        sha256 = kim.get(f"/devices/{row.pk}/paper").context["words"].sha256
        for said, sentence in (
            ({"sha256": sha256, "name": "Rosa Haugen", "proof": "Here"}, "where the paper lies"),
            ({"sha256": "ab" * 32, "name": "Rosa Haugen", "proof": "Folder 3"}, "Print the new ones"),
        ):
            assert sentence in kim.post(f"/devices/{row.pk}/paper", said).content.decode()
        assert Loan.objects.get().accepted_at is None


def test_a_device_is_retired_and_used_again_from_its_page(town, now):
    row = laptop(now)
    okafor = town.client("okafor")
    okafor.post(f"/devices/{row.pk}/back", {"condition": "Good"})
    for act, why in (("retire", "The screen is broken."), ("use-again", "The screen is mended.")):
        assert f'href="/devices/{row.pk}/{act}"' in okafor.get(f"/devices/{row.pk}").content.decode()
        assert okafor.post(f"/devices/{row.pk}/{act}", {"why": why}).status_code == 302
    row.refresh_from_db()
    assert row.retired_at is None


def test_a_parent_sees_each_look_with_its_moment(town, now, mother):
    access = emergency(now - timedelta(minutes=5))
    gate.use(actor=OKAFOR, access=access.pk, features=["location"], at=now, seen="At the lake.")
    page = town.client("rosa").get("/my-devices")
    line = page.context["own"][0][1][0]
    assert [at for at, _names in line.uses] == [access.starts, now]
    text = page.content.decode()
    assert "Looked at:" in text and "At the lake." not in text


@pytest.mark.clause("XIV.C.1b")
def test_the_notice_before_monitoring_is_planned_from_the_programmes_and_opens_ground_1(town, now, mother):
    """From the programme on its page to a letter in the student's hands, after which ground 1 opens."""
    dana, day = town.client("dana"), (now + timedelta(days=30)).date().isoformat()
    said = {"from_day": day}
    assert "nothing to tell" in dana.post("/device-access/programmes/tell", said).content.decode()
    plan = programmes.Plan("Screens in class", "Viewer", ("video",), "education", "instruction",
                           "Teachers help on the screen.", "In lessons only", "The teacher")  # fmt: skip
    programmes.authorise(actor=DANA, plan=plan, asked_by="okafor", at=now)
    assert 'href="/device-access/programmes/tell"' in dana.get("/device-access/programmes").content.decode()
    today = {"from_day": people.today(now).isoformat()}
    assert "in advance" in dana.post("/device-access/programmes/tell", today).content.decode()
    approve("monitoring")
    answer = dana.post("/device-access/programmes/tell", said)
    row = Notice.objects.get(kind="monitoring")
    assert answer.url == f"/notices/{row.pk}"
    dana.post(f"/notices/{row.pk}/release")
    row.refresh_from_db()
    building.build(at=now, notice=row)
    letter = Letter.objects.get(notice=row, reader="ben")
    page = town.client("ben").get(f"/my/notices/{letter.pk}").content.decode()
    for words in ("Screens in class, Viewer: Teachers help on the screen. The teacher", "Camera and screen",
                      titles.day(datetime.fromisoformat(day).date())):  # fmt: skip
        assert words in page
    with pytest.raises(Refused):
        gate.ask(actor=DANA, at=now, key="before", wanted=wanted(now))
    town.client("ben").post(f"/my/notices/{letter.pk}")
    later = datetime.now(UTC) + timedelta(minutes=1)
    assert gate.ask(actor=DANA, at=later, key="after", wanted=wanted(later)).state == "authorised"


def test_lists_of_access_to_devices_are_searched_and_taken_as_a_file(town, now):
    hold = {"rule": "V.A.10.1", "facts": "He saw the messages.", "source": "A classmate", "scope": "His chats of May",
            "reliability": "He was there himself.", "expected": "The messages"}  # fmt: skip
    for person in ("ben", "ana"):
        suspicion.record_suspicion(actor=DANA, person=person, at=now, **hold)
    for found in ("A threat in a chat.", "A broken file share."):
        console.record_discovery(actor=DANA, work="A routine update ran.", found=found, handed_to="Mr. Okafor",
                                 on_device=False, at=now)  # fmt: skip
    dana = town.client("dana")
    for page, word, seen, hidden in (
        ("/device-access/suspicions", "Haugen", "Ben Haugen", "Ana Morales"),
        ("/device-access/discoveries", "threat", "A threat in a chat.", "A broken file share."),
    ):
        for text in (
            dana.get(f"{page}?q={word}").content.decode(),
            b"".join(dana.get(f"{page}?q={word}&format=csv")).decode(),
        ):
            assert seen in text and hidden not in text
        assert "Nothing fits" in dana.get(f"{page}?q=Nowhere").content.decode()


def test_an_empty_register_says_what_it_would_hold_for_each_role(town):
    said = {
        "dana": "Nobody has looked", "okafor": "Nobody has looked at a device of your students",
        "olsen": "You have asked for no access", "kim": "You have asked for no access",
        "moua": "No family has to be told",
    }  # fmt: skip
    Role.objects.create(person_id="moua", role="superintendent", first_day=LONG_AGO)
    for who, title in said.items():
        page = town.client(who).get("/device-access").content.decode()
        assert re.search(rf">\s*{title}\s*<", page), who


def test_a_family_is_not_told_that_nobody_looked_while_a_notice_waits(town):
    page = town.client("rosa").get("/my-devices").content.decode()
    assert "Nobody has looked" not in page and "No look is on record that can be shown." in page


def test_whoever_sends_the_notice_sees_first_to_whom_and_what_it_says(town, now):
    access, _ = telling.record_emergency(actor=OKAFOR, wanted=threat(now), key="seen", first_access=now, at=now)
    page = town.client("okafor").get(f"/device-access/{access.pk}").content.decode()
    assert "Nobody is chosen yet" in page and "Send the notice" not in page
    assert "reached Location on" in page, "the draft names what was looked at in words"
    telling.write_notice(
        actor=OKAFOR, accesses=[access.pk], recipient="ben", recipient_why="His father may be the danger.",
        description="Mr. Okafor looked where the laptop was.", features=["location"], threat="He was unsafe.", at=now,
    )  # fmt: skip
    page = town.client("okafor").get(f"/device-access/{access.pk}").content.decode()
    assert "Ben Haugen: His father may be the danger." in page and "looked where the laptop was" in page
    assert "Change the notice" in page and "Write the notice" not in page
    assert "It is for Ben Haugen." in town.client("okafor").get(f"/device-access/{access.pk}/send").content.decode()


def test_an_inventory_that_names_no_student_says_so_before_it_is_taken_in(town):
    lines = "kind,title,tag,person\nhardware,C,LB-7,Ben Haugen\nhardware,C,LB-8,ben\nhardware,C,LB-9,dana\n"
    file = SimpleUploadedFile("inventory.csv", lines.encode())
    page = town.client("dana").post("/devices/import", {"file": file}).content.decode()
    assert "3 new" in page and "1 lent to the student named" in page
    assert "2 lines name nobody who is a student here today" in page and "Ben Haugen, dana" in page


def test_an_inventory_that_is_wrong_counts_nothing(town):
    file = SimpleUploadedFile("inventory.csv", b"Colour,Shape\nred,round\n")
    page = town.client("dana").post("/devices/import", {"file": file}).content.decode()
    assert "Nothing was taken in" in page and "names no column" in page and "0 new" not in page
