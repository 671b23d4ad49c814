"""What comes back is believed, once, whenever it comes."""

from __future__ import annotations

import json
import mailbox
from email.message import EmailMessage

import pytest
from django.core.mail import get_connection

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.notices import actions, mail, returns
from homeroom.notices import mailbox as boxes
from homeroom.notices.actions import letters, sending
from homeroom.notices.actions import returns as taking
from homeroom.notices.models import Attempt, Bounce, Letter
from homeroom.notices.queries import bounced, came_back
from tests.integration.notices.conftest import DANA, NOON, hours, lives_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(words) -> Letter:
    actions.open_notice(actor=DANA, at=NOON, kind="users", about="x", recipients=["ben"], facts={})
    return Letter.objects.get()


def report(letter: int, status: str = "5.1.1", action: str = "failed", to: str = "ben@lake.test") -> bytes:
    """A delivery status notification as RFC 3464 has it."""
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.test\r\nTo: homeroom@localhost\r\nSubject: Undelivered\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt did not work.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n"
        f"Final-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 No such mailbox\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {mail.message_id(letter)}\r\n\r\n--b--\r\n"
    ).encode()


def take(raw: bytes, at=NOON) -> Bounce:
    found = returns.read(raw)
    assert found is not None
    return taking.take_in(report=found, source="mailbox", at=at)


def send() -> None:
    sending.send_batch(at=NOON, connection=get_connection("django.core.mail.backends.locmem.EmailBackend"))


def test_a_hard_return_moves_the_letter_to_paper(letter):
    lives_at("ben")
    send()
    take(report(letter.pk))
    letter.refresh_from_db()
    assert (letter.state, letter.channel) == ("queued", "paper") and "No such mailbox" in letter.why
    assert Attempt.objects.get().state == "returned"


def test_a_return_after_it_counted_as_delivered_undoes_that(letter):
    send()
    letters.settle(at=hours(24))
    take(report(letter.pk), hours(30))
    letter.refresh_from_db()
    assert letter.state == "unreachable" and letter.delivered_at is None


def test_a_return_that_is_quicker_than_our_own_note_has_the_last_word(letter):
    lives_at("ben")
    _, claimed = sending._claim(NOON)
    take(report(letter.pk))  # the worker has sent it and not yet written that down
    sending._sent(claimed[:1], DANA, NOON)
    letter.refresh_from_db()
    assert (letter.state, letter.channel) == ("queued", "paper")
    assert Attempt.objects.get().state == "returned"


def test_the_same_report_twice_is_one(letter):
    send()
    assert take(report(letter.pk)) == take(report(letter.pk), hours(1))
    assert Bounce.objects.count() == 1


def test_for_now_is_not_for_good(letter):
    send()
    take(report(letter.pk, "4.2.2", "delayed"))
    letter.refresh_from_db()
    assert letter.state == "sent"
    letters.settle(at=hours(48))
    letter.refresh_from_db()
    assert letter.state == "sent", "while a server still tries, its silence proves nothing"
    letters.settle(at=hours(121))
    letter.refresh_from_db()
    assert letter.state == "delivered"


def test_what_somebody_read_here_did_arrive_whatever_a_server_says(letter):
    send()
    letters.confirm_read(actor=Actor("ben", "Ben"), letter=letter, at=hours(1))
    take(report(letter.pk), hours(2))
    letter.refresh_from_db()
    assert (letter.state, letter.delivered_how) == ("delivered", "read")


def test_nobody_can_make_up_a_report_about_a_letter(letter):
    send()
    forged = report(letter.pk, to="x@elsewhere.test").replace(mail.message_id(letter.pk)[10:20].encode(), b"0" * 10)
    assert take(forged).attempt is None
    letter.refresh_from_db()
    assert letter.state == "sent"


@pytest.mark.parametrize(
    ("status", "action", "outcome"),
    [
        ("5.1.1", "failed", "hard"),
        ("4.4.1", "failed", "hard"),
        ("5.2.2", "delayed", "soft"),
        ("2.0.0", "delivered", "delivered"),
        ("", "failed", "hard"),  # only the diagnostic code says it: 550
        ("9.9.9", "odd", "unknown"),
    ],
)
def test_how_a_report_is_read(letter, status, action, outcome):
    found = returns.read(report(letter.pk, status, action))
    assert found is not None and (found.outcome, found.address) == (outcome, "ben@lake.test")


def test_a_report_that_keeps_to_no_standard_is_understood(letter):
    said = EmailMessage()
    said["From"], said["Return-Path"] = "Postmaster <postmaster@old.test>", "<>"
    said.set_content(f"Sorry.\n550 5.1.1 <ben@lake.test> unknown\nMessage-ID: {mail.message_id(letter.pk)}\n")
    found = returns.read(bytes(said))
    assert found is not None and found.outcome == "hard"
    assert mail.letter_of(f"<{found.message_id}@") == letter.pk


def test_a_reply_of_a_person_is_no_report(letter):
    said = EmailMessage()
    said["From"], said["Subject"] = "rosa@lake.test", "Re: 550 questions"
    said.set_content("Thank you! 5.1.1")
    assert returns.read(bytes(said)) is None


def test_random_bytes_are_survived():
    import random

    for seed in range(200):
        returns.read(random.Random(seed).randbytes(300) + report(seed)[: seed * 4])


def test_only_who_knows_our_message_id_can_say_that_a_letter_arrived(letter):
    """Anybody can write to the mailbox of returns."""
    send()
    forged = report(letter.pk, "2.0.0", "delivered").replace(
        mail.message_id(letter.pk).encode(), b"<made.up@lake.test>"
    )
    assert take(forged).attempt_id is None
    letter.refresh_from_db()
    assert letter.state == "sent"
    take(report(letter.pk, "2.0.0", "delivered"))
    letter.refresh_from_db()
    assert letter.state == "delivered"


def test_a_maildir_is_read_and_emptied(letter, tmp_path):
    send()
    box = mailbox.Maildir(tmp_path / "returns", create=True)
    box.add(report(letter.pk))
    box.add(b"From: rosa@lake.test\r\n\r\nHello")
    assert taking.take_in_all(raw=boxes.messages(str(tmp_path / "returns")), at=NOON) == (2, 1)
    assert list(mailbox.Maildir(tmp_path / "returns").keys()) == []


def test_a_mail_service_tells_by_webhook(letter, rf):
    from homeroom.notices import webhooks

    send()
    told = {"RecordType": "Bounce", "Type": "HardBounce", "TypeCode": 1, "ID": 42, "MessageID": "abc",
            "Email": "ben@lake.test", "BouncedAt": "2026-09-14T17:05:00Z", "Description": "No such user",
            "Metadata": {"letter": str(letter.pk)}}  # fmt: skip
    request = rf.post("/", json.dumps(told), content_type="application/json")
    request._dont_enforce_csrf_checks = True
    for each in webhooks.reports("postmark", request):
        taking.take_in(report=each, source="postmark", at=NOON)
    letter.refresh_from_db()
    assert letter.state == "unreachable" and Bounce.objects.get().outcome == "hard"


# Reports that name no message of ours


def forged(letter: Letter, to: str = "ben@lake.test") -> bytes:
    """What anybody can write who knows the address."""
    return report(letter.pk, to=to).replace(mail.message_id(letter.pk).encode(), b"<made.up@lake.test>")


@pytest.mark.clause("XIII.C.0m")
def test_a_forged_return_moves_nobodys_letters_to_paper(letter):
    lives_at("ben")
    send()
    row = take(forged(letter))
    letter.refresh_from_db()
    assert (row.attempt_id, letter.state, letter.channel) == (None, "sent", "email")
    assert came_back(["ben@lake.test"], NOON) == frozenset()
    assert list(bounced.to_look_at()) == [row]


@pytest.mark.clause("XIII.C.0m")
def test_whoever_got_a_letter_cannot_speak_of_the_address_of_another(letter):
    """The Message-ID is real, the address in the report is somebody else's."""
    send()
    take(report(letter.pk, to="rosa@lake.test"))
    assert came_back(["rosa@lake.test", "ben@lake.test"], NOON) == {"ben@lake.test"}


@pytest.mark.clause("XIII.C.0m")
def test_a_person_looks_at_it_and_says_whether_it_counts(letter):
    lives_at("ben")
    send()
    row = take(forged(letter))
    with pytest.raises(Refused, match="technology director"):
        taking.look_at(actor=Actor("kim", "Kim", frozenset({"clerk"})), at=NOON, bounce=row.pk, believe=True)
    taking.look_at(actor=DANA, at=NOON, bounce=row.pk, believe=True)
    letter.refresh_from_db()
    assert (letter.state, letter.channel) == ("queued", "paper")
    assert came_back(["ben@lake.test"], NOON) == {"ben@lake.test"} and not bounced.to_look_at().exists()
    with pytest.raises(Refused, match="already"):
        taking.look_at(actor=DANA, at=NOON, bounce=row.pk, believe=False)


def test_the_list_is_worked_through_on_its_page(letter, town):
    send()
    row, client = take(forged(letter)), town.client("dana")
    assert "name no message of ours" in client.get("/notices/reports").content.decode()
    assert town.client("kim").get("/notices/reports").status_code == 403
    client.post("/notices/reports", {"report": row.pk, "believe": "no"})
    row.refresh_from_db()
    assert (row.believed, row.looked_by_name) == (False, "Dana Reyes")
    assert came_back(["ben@lake.test"], NOON) == frozenset()
    assert "Nothing to look at" in client.get("/notices/reports").content.decode()
