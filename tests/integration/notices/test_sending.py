"""Letters go out by real SMTP, on good days and on bad ones; nobody twice, nobody forgotten."""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.mail import get_connection

from homeroom.journal.models import Entry
from homeroom.notices import actions, sent_notes
from homeroom.notices.actions import letters, sending
from homeroom.notices.models import Attempt, Letter, Notice
from homeroom.people.models import Person
from tests.integration.notices.conftest import DANA, FACTS, NOON, hours, lives_at, parent
from tests.integration.notices.server import GREY, Server

pytestmark = pytest.mark.django_db

SMTP = "django.core.mail.backends.smtp.EmailBackend"
READERS = ["ben", "leah", "ana", "olsen", "kim"]


@pytest.fixture
def notice(words) -> Notice:
    return actions.open_notice(actor=DANA, at=NOON, kind="users", about="x", recipients=READERS, facts={})


def send(server: Server, at=NOON) -> sending.Batch:
    connection = get_connection(SMTP, host="127.0.0.1", port=server.port, timeout=5)
    return sending.send_batch(at=at, connection=connection)


def states() -> dict[str, int]:
    return dict(Counter(Letter.objects.values_list("state", flat=True)))


def test_a_letter_goes_out_once_and_is_sent_not_delivered(notice):
    with Server() as server:
        assert send(server).sent == 5 and send(server).claimed == 0
        assert sorted(server.to) == sorted(f"{each}@lake.test" for each in READERS)
    assert states() == {"sent": 5}
    assert Entry.objects.filter(verb="notices.letter.sent").count() == 5


def test_the_home_language_comes_first_with_english_beneath(notice):
    with Server() as server:
        send(server)
        mail = next(each for each in server.taken if each["To"] == "ana@lake.test")
        body = mail.get_content()
    assert mail["Subject"].startswith("El uso de Internet")
    assert body.index("Estimado/a Ana Morales") < body.index("Dear Ana Morales")
    assert mail["Content-Language"] == "es" and mail["Auto-Submitted"] == "auto-generated"
    assert not mail.is_multipart(), "no picture that reports home"


def test_what_did_not_come_back_within_a_day_counts_from_when_it_was_sent(notice):
    with Server() as server:
        send(server)
    assert letters.settle(at=hours(23)) == 0
    assert letters.settle(at=hours(24)) == 5
    assert {letter.delivered_at for letter in Letter.objects.all()} == {NOON}
    assert letters.settle(at=hours(25)) == 0


def test_a_mail_server_that_is_down_for_an_hour_costs_nothing_but_time(notice):
    down = Server()  # never started, so nobody listens
    for minutes in (0, 1, 6, 21, 51):
        batch = send(down, NOON + timedelta(minutes=minutes))
        assert batch.sent == 0 and "cannot be used" in batch.trouble
    assert states() == {"queued": 5}
    with Server() as server:
        assert send(server, hours(0.9)).claimed == 0, "it waits before it tries again"
        assert send(server, hours(2)).sent == 5
        assert len(server.taken) == 5
    assert {each.state for each in Attempt.objects.all()} == {"sent"}


def test_greylisting_is_asked_again_later_with_the_same_name(notice):
    with Server(lambda address, count: GREY if count == 1 else "") as server:
        first = send(server)
        assert (first.sent, first.delayed) == (0, 5)
        assert send(server, hours(0.01)).claimed == 0
        assert send(server, hours(0.1)).sent == 5
        assert len({str(mail["Message-ID"]) for mail in server.taken}) == 5
    assert sorted(set(Attempt.objects.values_list("number", "state"))) == [(1, "delayed"), (2, "sent")]


def test_half_of_a_batch_is_taken_and_the_other_half_goes_out_later(notice):
    with Server(most=2) as server:
        first = send(server)
        assert first.sent == 2 and "closed the connection" in first.trouble
        assert states() == {"sent": 2, "queued": 3}
        server.most = None
        assert send(server, hours(1)).sent == 3
        assert sorted(server.to) == sorted(f"{each}@lake.test" for each in READERS)


def test_a_batch_ends_before_another_worker_may_take_it_up(notice, monkeypatch):
    """A slow server: else what it has taken, and no database knows of yet, would be sent again."""
    minutes = iter(range(0, 100, 2))
    monkeypatch.setattr(sending, "time", SimpleNamespace(monotonic=lambda: next(minutes) * 60.0))
    with Server() as server:
        connection = get_connection(SMTP, host="127.0.0.1", port=server.port, timeout=5)
        first = sending.send_batch(at=NOON, connection=connection)
        assert first.sent == 2 and "slow" in first.trouble and states() == {"sent": 2, "queued": 3}
        monkeypatch.undo()
        assert send(server, hours(1)).sent == 3
        assert sorted(server.to) == sorted(f"{each}@lake.test" for each in READERS)


def test_an_address_that_is_refused_for_good_falls_back_to_paper(notice):
    lives_at("leah")
    with Server(lambda address, count: "550 5.1.1 No such user" if address[:4] in ("leah", "kim@") else "") as server:
        batch = send(server)
    assert (batch.sent, batch.failed) == (3, 2)
    leah, kim = Letter.objects.get(reader="leah"), Letter.objects.get(reader="kim")
    assert (leah.state, leah.channel, leah.next_at) == ("queued", "paper", None)
    assert kim.state == "unreachable" and "5.1.1" in kim.why


@pytest.mark.parametrize("email", ["leah@lake.test, mum@lake.test", "leah@lake.test\nBcc: all@lake.test"])
def test_what_is_no_address_holds_up_nobody_else(notice, email):
    """Rosters hold such things. Before, every letter behind it in the batch waited with it."""
    lives_at("leah")
    Person.objects.filter(pk="leah").update(email=email)
    Letter.objects.exclude(reader="leah").update(next_at=hours(1))  # Leah's is the first in the batch
    with Server() as server:
        batch = send(server, hours(2))
        assert (batch.claimed, batch.sent, batch.failed) == (5, 4, 1)
        assert "all@lake.test" not in server.to
    row = Letter.objects.get(reader="leah")
    assert (row.state, row.channel) == ("queued", "paper") and "no address" in row.why


def test_e_mail_that_no_server_takes_for_two_days_goes_out_on_paper(notice):
    lives_at("ben")
    with Server(lambda address, count: GREY) as server:
        for hour in (0, 1, 10, 30, 49):
            send(server, hours(hour))
    ben = Letter.objects.get(reader="ben")
    assert (ben.state, ben.channel) == ("queued", "paper") and "Greylisted" in ben.why


def test_paper_comes_in_time_where_the_clock_is_near(words):
    lives_at("ben")
    actions.open_notice(actor=DANA, at=NOON, kind="users", about="x", recipients=["ben"], facts={}, due_at=hours(72))
    with Server(lambda address, count: GREY) as server:
        send(server)
        send(server, hours(1))
        assert Letter.objects.get().channel == "email"
        send(server, hours(3))
    assert Letter.objects.get().channel == "paper"


def test_words_that_change_while_letters_go_out_change_nothing(notice, words):
    from tests.integration.notices.conftest import approve

    before = dict(Letter.objects.values_list("reader", "sha256"))
    newer = approve("users")
    assert newer.number == 2
    with Server() as server:
        send(server)
        body = next(each for each in server.taken if each["To"] == "ben@lake.test").get_content()
    assert "School Internet access is there for learning" in body
    assert dict(Letter.objects.values_list("reader", "sha256")) == before
    assert notice.template.number == 1


def test_a_stopped_notice_sends_nothing_more(notice):
    from homeroom.notices.actions import notices

    notices.stop_notice(actor=DANA, at=NOON, notice=notice, reason="Wrong list.")
    with Server() as server:
        assert send(server).claimed == 0
    assert states() == {"stopped": 5}


def test_a_worker_that_died_after_claiming_leaves_letters_that_are_taken_up_again(notice):
    _, claimed = sending._claim(NOON)
    assert len(claimed) == 5 and states() == {"sending": 5}
    with Server() as server:
        assert send(server, hours(0.1)).claimed == 0, "another worker may still be at it"
        assert send(server, hours(0.2)).sent == 5
        assert len(server.taken) == 5
    assert Attempt.objects.count() == 5, "it is the same try that went on"


def test_two_workers_never_take_the_same_letter(notice):
    first, second = sending._claim(NOON)[1], sending._claim(NOON)[1]
    assert len(first) == 5 and second == []


def test_a_parent_barred_by_order_gets_nothing_and_an_open_question_is_held(words):
    parent("ben", "rosa", receives_mail=False, court_order=True)
    parent("ben", "olsen", court_order=True)
    parent("ben", "lind", legal_custody=False)
    parent("ben", "kim", court_order=True, receives_mail=True)
    from homeroom.notices.actions import building, notices

    row = notices.draft_notice(
        actor=DANA, at=NOON, kind="parents", title="Yearly", who={"schools": ["birch"]}, facts=FACTS["parents"]
    )
    row = notices.release_notice(actor=DANA, at=NOON, notice=row)
    building.build(at=NOON, notice=row)
    assert dict(Letter.objects.values_list("reader", "state")) == {"olsen": "held", "kim": "queued"}
    with Server() as server:
        send(server)
        assert server.to == ["kim@lake.test"]
    held = Letter.objects.get(reader="olsen")
    letters.decide_held(actor=DANA, letter=held, send=False, reason="Order of 3 March.", at=NOON)
    held.refresh_from_db()
    assert held.state == "stopped"


class TestWhatAKilledWorkerLeaves:
    """Exactly once, as far as a mail server lets anybody: a line in a file stands before the database knows."""

    def left(self, notice, sent: int) -> tuple[sent_notes.Notes, list[Attempt]]:
        """A worker that sent some letters and noted them, and never came to write that down."""
        token, claimed = sending._claim(NOON)
        notes = sent_notes.Notes(token)
        for attempt in claimed[:sent]:
            notes.add(attempt.pk)
        return notes, claimed

    def test_what_it_noted_is_written_down_first_and_not_sent_again(self, notice):
        notes, claimed = self.left(notice, 3)
        os.close(notes._fd)  # as a kill does
        with Server() as server:
            assert send(server, hours(0.2)).sent == 2
            assert len(server.taken) == 2
        assert states() == {"sent": 5} and not list(sent_notes._folder().glob("sent-*"))
        assert Entry.objects.filter(verb="notices.letter.sent").count() == 5
        noted = [attempt.letter_id for attempt in claimed[:3]]
        assert set(Letter.objects.filter(pk__in=noted).values_list("sent_at", flat=True)) == {hours(0.2)}

    def test_while_it_lives_its_file_is_its_own(self, notice):
        notes, _ = self.left(notice, 3)
        with Server() as server:
            assert send(server).claimed == 0
        assert states() == {"sending": 5} and notes._path.exists()

    def test_a_torn_line_names_no_letter(self, notice):
        notes, claimed = self.left(notice, 1)
        os.write(notes._fd, f"{claimed[1].pk}".encode())  # killed before the end of the line
        os.close(notes._fd)
        with Server() as server:
            assert send(server, hours(0.2)).sent == 4
        assert states() == {"sent": 5}

    def test_where_the_database_fails_the_file_stays_for_the_next(self, notice, monkeypatch):
        monkeypatch.setattr(sending, "_sent", lambda taken, actor, at: 1 / 0 if taken else None)
        with Server() as server:
            with pytest.raises(ZeroDivisionError):
                send(server)
            monkeypatch.undo()
            send(server, hours(0.2))
            assert len(server.taken) == 5, "nothing goes out twice"
        assert states() == {"sent": 5}
