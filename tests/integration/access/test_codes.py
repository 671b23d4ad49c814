"""Parents and students sign in by a code: no password, no account to be discovered, no second try for a guess."""

from __future__ import annotations

import io
import json
import re
import threading
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pikepdf
import pypdfium2
import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from homeroom.access import actions, secretcode
from homeroom.access.models import Account, CodeAsk, Lease, LetterCode
from homeroom.base import texting
from homeroom.base.actor import SYSTEM
from homeroom.base.errors import Refused
from homeroom.journal.models import Entry
from homeroom.people import actions as people
from homeroom.people.models import Address, Guardianship, Person
from tests.town import LONG_AGO, NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


def sent() -> str:
    """The code of the last message."""
    return re.search(r"\d{4} \d{4}", mail.outbox[-1].body)[0]


def ask(client: Client, address: str = "rosa@lake.test"):
    return client.post("/code/ask", {"address": address})


def deliver(at=None) -> int:
    return actions.send_codes(at=at or timezone.now())


def enter(client: Client, code: str):
    return client.post("/code/enter", {"code": code})


def words(answer) -> str:
    return re.sub(r"<[^>]*>|csrf\S+|\s+", " ", answer.content.decode())


@pytest.mark.clause("V.A.7.3")
def test_a_guardian_signs_in_with_a_code_by_mail_and_nothing_else(town):
    client = Client()
    assert "Español" in client.get("/code").content.decode(), "the language comes first"
    assert ask(client).url == "/code/enter"
    assert deliver() == 1
    assert mail.outbox[-1].to == ["rosa@lake.test"]
    assert enter(client, sent()).url == "/"
    answer = client.get("/account/factors")
    assert answer.status_code == 200, "no second factor is asked of a guardian"
    assert answer.wsgi_request.actor.id == "rosa"
    assert set(answer.wsgi_request.actor.roles) == {"guardian"}
    account = Account.objects.get(person_id="rosa")
    assert account.email is None and not account.has_usable_password()
    signed = Entry.objects.get(verb="access.account.signed-in")
    assert (signed.actor, signed.data["method"]) == ("rosa", "code")


def test_a_student_signs_in_too_and_stays_closed_out_of_what_officials_see(town):
    client = Client()
    ask(client, "Ben@Lake.TEST ")
    deliver()
    enter(client, sent())
    answer = client.get("/people")
    assert answer.status_code == 403
    assert answer.wsgi_request.actor.roles == {"student"}


def test_the_way_back_is_kept_and_stays_inside(town):
    for target, expected in (("/about", "/about"), ("https://evil.test/", "/"), ("//evil.test", "/")):
        client = Client()
        client.get("/code", {"next": target})
        ask(client)
        deliver()
        assert enter(client, sent()).url == expected


# Nobody learns who belongs to the district


@pytest.mark.clause("V.A.7.2")
@pytest.mark.parametrize("address", ["rosa@lake.test", "nobody@lake.test", "olsen@lake.test", "nils@lake.test"])
def test_every_address_gets_the_same_answer_after_the_same_work(town, address):
    client = Client()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        first = ask(client, address)
        second = client.get(first.url)
    wrong = []
    with CaptureQueriesContext(connection) as tried:
        for _ in range(6):
            wrong.append(words(enter(client, "0000 0000")).replace(address, ""))
    mine = (first.status_code, first.url, words(second), wrong, len(asked), len(tried))
    other = Client()
    with CaptureQueriesContext(connection) as asked:
        first = ask(other, "somebody.else@elsewhere.test")
        second = other.get(first.url)
    deliver()
    wrong = []
    with CaptureQueriesContext(connection) as tried:
        for _ in range(6):
            wrong.append(words(enter(other, "0000 0000")))
    assert mine == (first.status_code, first.url, words(second), wrong, len(asked), len(tried))


@pytest.mark.clause("V.A.7.2")
@pytest.mark.parametrize("address", ["nobody@lake.test", "olsen@lake.test", "nils@lake.test", "mira@lake.test"])
def test_no_code_goes_to_strangers_officials_and_those_who_left_or_have_not_come(town, address):
    ask(Client(), address)
    assert deliver() == 0 and mail.outbox == []
    row = CodeAsk.objects.get()
    assert (row.typed, row.digest, row.due) == ("", "", None), "nor is the address of a stranger kept"


def test_what_is_neither_address_nor_number_is_refused_in_a_sentence(town):
    assert "Give an e-mail address" in words(ask(Client(), "rosa"))
    assert "Codes go to e-mail addresses here" in words(ask(Client(), "651 555 0123"))
    assert not CodeAsk.objects.exists()


# A code guessed, reused, over


@pytest.mark.clause("V.A.7.3")
def test_five_wrong_codes_end_it_even_for_the_right_one_and_it_is_written_down(town):
    client = Client()
    ask(client)
    deliver()
    right = sent()
    for left in (4, 3, 2, 1):
        assert f"You have {left} tr" in words(enter(client, "0000 0000"))
    assert "the last try" in words(enter(client, "0000 0000"))
    assert "tried too often" in words(enter(client, right))
    deliver()
    guessed = Entry.objects.get(verb="access.code.guessed-at")
    assert (guessed.subject, guessed.clause) == ("person:rosa", "V.A.7.3")
    assert not Account.objects.filter(person_id="rosa").exists()


def test_a_code_works_once(town):
    one, other = Client(), Client()
    ask(one)
    deliver()
    session = other.session
    session["code_handle"] = one.session["code_handle"]
    session.save()
    assert enter(one, sent()).status_code == 302
    assert "used already" in words(enter(other, sent()))
    assert "account/sign-in" in other.get("/account/factors").url


def test_a_code_is_over_after_a_quarter_of_an_hour(town):
    handle = actions.ask_code(typed="rosa@lake.test", language="en", at=NOON)
    deliver(NOON)
    late = NOON + timedelta(minutes=secretcode.MINUTES)
    with pytest.raises(Refused, match="This code is over"):
        actions.try_code(handle=handle, code=sent(), at=late)
    assert [each.pk for each in actions.try_code(handle=handle, code=sent(), at=late - timedelta(seconds=1))] == [
        "rosa"
    ]


def test_a_code_of_one_browser_is_nothing_in_another(town):
    one, other = Client(), Client()
    ask(one)
    deliver()
    ask(other, "ben@lake.test")
    deliver()
    assert "not right" in words(enter(one, sent())), "Ben's code for Rosa's request"
    assert other.get("/code/who").url == "/code/ask"


def test_five_codes_an_hour_go_to_one_address(town):
    for _ in range(7):
        actions.ask_code(typed="rosa@lake.test", language="en", at=NOON)
    deliver(NOON)
    assert len(mail.outbox) == 5
    later = NOON + timedelta(minutes=61)
    actions.ask_code(typed="rosa@lake.test", language="en", at=later)
    assert deliver(later) == 1


def test_one_network_may_ask_so_often_and_no_oftener(town, monkeypatch):
    from homeroom.access.views import codes

    monkeypatch.setitem(codes.RATES, "ask", "2/10m/ip")
    answers = [ask(Client()) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 200]
    assert "Wait ten minutes" in words(answers[-1])


def test_a_mail_server_that_is_down_is_tried_again(town, monkeypatch):
    from homeroom.access.actions import codes

    handle = actions.ask_code(typed="rosa@lake.test", language="en", at=NOON)
    with monkeypatch.context() as broken:
        broken.setattr(codes, "send_mail", lambda *_: (_ for _ in ()).throw(ConnectionRefusedError("no")))
        assert deliver(NOON) == 0
    assert deliver(NOON + timedelta(seconds=5)) == 0, "not before its time"
    assert deliver(NOON + timedelta(seconds=31)) == 1
    assert actions.try_code(handle=handle, code=sent(), at=NOON + timedelta(minutes=1))


def test_what_is_no_address_to_write_to_holds_up_nobody_and_no_address_comes_into_the_log(town, monkeypatch, caplog):
    from homeroom.access.actions import codes

    def send(subject, body, sender, to):
        if to == ["rosa@lake.test"]:
            raise ValueError("Invalid address; only rosa@lake.test could be parsed")
        raise OSError({"farah@lake.test": (550, b"no such mailbox")})

    for each in ("rosa@lake.test", "farah@lake.test"):
        actions.ask_code(typed=each, language="en", at=NOON)
    monkeypatch.setattr(codes, "send_mail", send)
    assert deliver(NOON) == 0
    assert CodeAsk.objects.filter(due=None, typed="").count() == 1, "it is not tried for ever"
    assert "lake.test" not in caplog.text


def test_nothing_of_a_code_can_be_read_from_the_records(town):
    ask(client := Client())
    deliver()
    code = sent().replace(" ", "")
    made = actions.make_letters(actor=SYSTEM, people_ids=["rosa"], at=timezone.now())[0][1]
    enter(client, code)
    everything = str([list(model.objects.values()) for model in (CodeAsk, LetterCode, Entry)])
    assert code not in everything and made not in everything and "rosa@lake.test" not in everything


def test_old_requests_are_forgotten(town):
    actions.ask_code(typed="rosa@lake.test", language="en", at=NOON)
    assert actions.forget_codes(at=NOON + timedelta(hours=23)) == 0
    assert actions.forget_codes(at=NOON + timedelta(hours=25)) == 1


def test_the_message_is_in_the_language_that_was_chosen(town):
    from homeroom.site import messages

    messages.compile_all()
    client = Client()
    client.post("/language", {"language": "es", "next": "/code/ask"})
    ask(client)
    deliver()
    assert "es su código" in mail.outbox[-1].body


# A household that shares an address


@pytest.fixture
def shared(town):
    """Rosa and her son share an address."""
    Person.objects.filter(pk="ben").update(email="rosa@lake.test")


def test_those_who_share_an_address_say_who_they_are_once_the_code_is_right(town, shared):
    client = Client()
    ask(client)
    deliver()
    assert "Haugen" not in words(client.get("/code/enter")), "an outsider learns no name"
    assert client.get("/code/who").url == "/code/ask"
    assert enter(client, sent()).url == "/code/who"
    page = words(client.get("/code/who"))
    assert "Rosa Haugen" in page and "Ben Haugen" in page
    assert client.post("/code/who", {"person": "olsen"}).status_code == 200, "only those of the address"
    assert client.post("/code/who", {"person": "rosa"}).url == "/"
    assert client.get("/account/factors").wsgi_request.actor.id == "rosa"
    assert client.get("/code/who").url == "/code/ask", "and only once"


def test_two_guardians_of_one_address_have_an_account_each(town):
    people.give_role(actor=SYSTEM, person="mira", role="guardian", first_day=LONG_AGO, at=NOON)
    Person.objects.filter(pk="mira").update(email="ROSA@lake.test")
    for person in ("rosa", "mira"):
        client = Client()
        ask(client)
        deliver()
        enter(client, sent())
        client.post("/code/who", {"person": person})
    assert {account.person_id for account in Account.objects.all()} == {"rosa", "mira"}


@pytest.mark.parametrize("said", [{"portal_access": False}, {"court_order": True}], ids=["roster", "order"])
def test_whom_the_portal_is_closed_to_gets_no_code(town, said):
    Guardianship.objects.all().delete()
    tie = {"child_id": "ben", "guardian_id": "rosa", "relationship": "parent", "first_day": date(2020, 9, 1)}
    row = Guardianship.objects.create(**tie, **said)
    ask(Client())
    assert deliver() == 0
    Guardianship.objects.create(**{**tie, "child_id": "leah"}, portal_access=True)
    ask(Client())
    assert deliver() == 1 and row


# A teacher who is a parent as well


@pytest.fixture
def teacher_and_parent(town):
    people.give_role(actor=SYSTEM, person="olsen", role="guardian", first_day=LONG_AGO, at=NOON)
    town.account("olsen")
    client = Client()
    ask(client, "olsen@lake.test")
    deliver()
    enter(client, sent())
    return client


@pytest.mark.clause("V.A.5a")
def test_a_code_opens_a_parents_pages_and_no_officials_desk(teacher_and_parent):
    answer = teacher_and_parent.get("/about")
    assert answer.wsgi_request.actor.roles == {"guardian"}
    assert teacher_and_parent.get("/rules").status_code == 403
    for path in ("/account/factors", "/account/password/first", "/account/passkeys/add", "/account/app/add"):
        assert teacher_and_parent.get(path).status_code == 403, f"{path} would let a mailbox become an official"


@pytest.mark.clause("V.A.5a")
def test_a_code_opens_no_officials_filter_at_the_network(teacher_and_parent, town):
    actions.add_address(actor=SYSTEM, cidr="127.0.0.0/8", audience="student", at=NOON)
    answer = teacher_and_parent.post("/network", {"machine": "own"})
    assert answer.status_code == 409 and "as a member of staff" in words(answer)
    assert not Lease.objects.exists()
    assert town.client("olsen").post("/network", {"machine": "own"}).status_code == 302


def test_a_whole_sign_in_afterwards_opens_the_desk_again(teacher_and_parent, town):
    teacher_and_parent.force_login(town.account("olsen"))
    session = teacher_and_parent.session
    assert session.get("homeroom_code"), "Django keeps what the session of the same account holds"
    account = town.olsen.account
    actions.set_password(actor=SYSTEM, account=account, password="correct horse battery", at=NOON)
    client = Client()
    client.post("/account/sign-in", {"login": "olsen@lake.test", "password": "correct horse battery"})
    assert client.get("/account/code").status_code == 200, "with the second step that an official owes"


def test_a_closed_account_is_closed_for_codes_too(town):
    ask(client := Client())
    deliver()
    enter(client, sent())
    actions.close_account(actor=SYSTEM, account=town.rosa.account, at=NOON, reason="Asked for it.")
    assert "account/sign-in" in client.get("/account/factors").url
    ask(client)
    deliver()
    assert "This account is closed" in words(enter(client, sent()))


def test_whoever_got_an_account_by_code_can_become_an_official(town):
    ask(client := Client())
    deliver()
    enter(client, sent())
    account = actions.add_account(actor=SYSTEM, person=town.rosa, email="rosa@lake.test", at=NOON)
    assert Account.objects.get(person_id="rosa").pk == account.pk


# Text messages


class Gateway(BaseHTTPRequestHandler):
    """A gateway for text messages, as a process of its own would be one."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.got.append((self.headers["Authorization"], body))
        self.send_response(self.server.code)
        if self.server.code == 302:
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        self.end_headers()

    def do_GET(self):
        self.server.got.append((self.headers["Authorization"], self.path))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def gateway(settings):
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    server.got, server.code = [], 200
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.SMS_URL = f"http://127.0.0.1:{server.server_port}/send"
    settings.SMS_TOKEN = "t0ken"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_code_goes_to_a_telephone_however_the_roster_writes_its_number(town, gateway):
    Person.objects.filter(pk="rosa").update(phone="(651) 555-0123")
    client = Client()
    assert ask(client, "651.555.0123").url == "/code/enter"
    assert deliver() == 1
    token, message = gateway.got[0]
    assert (token, message["to"]) == ("Bearer t0ken", "+16515550123")
    assert enter(client, re.search(r"\d{4} \d{4}", message["text"])[0]).url == "/"


def test_a_gateway_that_fails_is_tried_again(town, gateway):
    Person.objects.filter(pk="rosa").update(phone="+1 651 555 0123")
    actions.ask_code(typed="6515550123", language="en", at=NOON)
    gateway.code = 500
    assert deliver(NOON) == 0
    gateway.code = 200
    assert deliver(NOON + timedelta(seconds=31)) == 1


def test_a_gateway_that_leads_elsewhere_takes_the_token_nowhere(gateway):
    gateway.code = 302
    with pytest.raises(texting.NotSent, match="302"):
        texting.send("+16515550123", "Your code")
    assert len(gateway.got) == 1, "nobody followed"


def test_a_trial_writes_text_messages_to_a_file(tmp_path, settings):
    settings.SMS_URL = (tmp_path / "sms").as_uri()
    texting.send("+16515550123", "Your code")
    assert json.loads((tmp_path / "sms").read_text()) == {"to": "+16515550123", "text": "Your code"}
    settings.SMS_URL = "ftp://x"
    with pytest.raises(texting.NotSent, match="HOMEROOM_SMS_URL"):
        texting.send("+16515550123", "Your code")


# Letters


def read(answer) -> str:
    """The words of a PDF."""
    assert answer["Content-Type"] == "application/pdf" and answer["Cache-Control"] == "no-store"
    pages = pypdfium2.PdfDocument(answer.content)
    return "\n".join(page.get_textpage().get_text_range() for page in pages)


def test_each_letter_has_a_page_of_its_own_in_the_language_of_its_home(town):
    Guardianship.objects.filter(child="ana").delete()
    Guardianship.objects.create(child_id="ben", guardian_id="elena", relationship="parent", first_day=LONG_AGO)
    Address.objects.create(
        person_id="elena",
        kind="home",
        street="1 Birch Lane",
        city="Lake",
        state="MN",
        postal_code="55001",
        first_day=LONG_AGO,
    )
    answer = town.client("kim").post("/letters", {"people": "ben\nElena Morales"})
    assert len(pypdfium2.PdfDocument(answer.content)) == 2
    with pikepdf.open(io.BytesIO(answer.content)) as pdf, pdf.open_metadata() as said:
        assert said["pdfuaid:part"] == "1", "whoever cannot see has it read out"
    text = read(answer)
    assert "1 Birch Lane" in text and "Lake, MN 55001" in text and "Ben Haugen" in text
    assert "Your code to sign in" in text and "Su código para entrar" in text


def test_the_office_prints_a_letter_and_the_letter_signs_in_once(town):
    Guardianship.objects.all().delete()
    Guardianship.objects.create(child_id="ben", guardian_id="rosa", relationship="parent", first_day=LONG_AGO)
    page = town.client("kim").post("/letters", {"people": "Rosa Haugen"})
    code = re.search(r"(?:[A-Z0-9]{4} ){2}[A-Z0-9]{4}", read(page))[0]
    made = Entry.objects.get(verb="access.letter.made")
    assert (made.actor, made.subject) == ("kim", "person:rosa")
    client = Client()
    assert client.post("/code/letter", {"code": code.lower().replace(" ", "-")}).url == "/"
    assert client.get("/about").wsgi_request.actor.id == "rosa"
    assert "used already" in words(Client().post("/code/letter", {"code": code}))
    assert "not the code of a letter" in words(Client().post("/code/letter", {"code": "BCDF GHJK MNPQ"}))


def test_a_newer_letter_ends_the_older_and_each_ends_after_thirty_days(town):
    first = actions.make_letters(actor=SYSTEM, people_ids=["rosa"], at=NOON)[0][1]
    second = actions.make_letters(actor=SYSTEM, people_ids=["rosa"], at=NOON)[0][1]
    with pytest.raises(Refused, match="over"):
        actions.use_letter(code=first, at=NOON)
    with pytest.raises(Refused, match="over"):
        actions.use_letter(code=second, at=NOON + timedelta(days=30))
    assert actions.use_letter(code=second, at=NOON + timedelta(days=29)).pk == "rosa"


def test_letters_go_to_parents_and_students_of_ones_own_schools_only(town):
    Guardianship.objects.all().delete()
    clerk = town.client("kim")
    assert "Nobody of yours" in words(clerk.post("/letters", {"people": "ana"})), "Ana goes to another school"
    assert "Nobody of yours" in words(clerk.post("/letters", {"people": "rosa"})), (
        "nobody told that she is a parent here"
    )
    assert "Letters are for parents" in words(clerk.post("/letters", {"people": "olsen"}))
    assert town.client("olsen").get("/letters").status_code == 403
    assert not LetterCode.objects.exists()
