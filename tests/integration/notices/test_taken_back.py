"""What somebody wrongly said about paper is taken back: both words stay, and what rested on the first falls away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.mail import get_connection

from homeroom.base.errors import Refused
from homeroom.journal.models import Entry
from homeroom.notices.actions import building, correcting, letters, notices, printing, reconciling, sending
from homeroom.notices.models import Attempt, Clock, Correction, Letter, Notice, PrintRun
from homeroom.notices.queries import delivered, progress
from homeroom.people.models import Guardianship, Person
from tests.integration.notices.conftest import (
    DANA,
    FACTS,
    NOON,
    OKAFOR,
    TODAY,
    approve,
    hours,
    lives_at,
    newcomer,
    parent,
)

LOCAL = "django.core.mail.backends.locmem.EmailBackend"
WHY = "Another file was meant."


@pytest.fixture
def yearly(town) -> Notice:
    """The notice of providers with its thirty days: Rosa by letter, Kim by e-mail; nobody else is asked for."""
    Guardianship.objects.all().delete()
    approve("providers")
    Person.objects.filter(pk="rosa").update(email="")
    lives_at("rosa")
    parent("ben", "rosa")
    row = notices.draft_notice(
        actor=DANA, at=NOON, kind="providers", title="Providers", facts=FACTS["providers"],
        who={"readers": [["rosa", ["ben"]], ["kim", ["ben"]]]},
    )  # fmt: skip
    row = notices.release_notice(actor=DANA, at=NOON, notice=row, since=NOON)
    building.build(at=NOON, notice=row)
    sending.send_batch(at=NOON, connection=get_connection(LOCAL))
    return row


def printed(notice: Notice) -> PrintRun:
    run = printing.make_run(actor=DANA, notice=notice, at=hours(1))
    assert run is not None
    return run


def of(who: str) -> Letter:
    return Letter.objects.get(reader=who)


def finish(at) -> None:
    letters.settle(at=at)
    reconciling.reconcile(at=at)


@pytest.mark.clause("XIII.C.0m")
def test_a_mailing_that_was_not_is_taken_back_and_nothing_rests_on_it(yearly):
    run = printed(yearly)
    printing.confirm_mailed(actor=OKAFOR, run=run, on=TODAY, at=hours(2))
    finish(hours(25))
    clock = Clock.objects.get(rule="provider-notice")
    assert clock.met_at and delivered("providers", TODAY, ["ben"])
    correcting.unsay_mailed(actor=DANA, run=run, reason=WHY, at=hours(48))
    clock.refresh_from_db()
    assert clock.met_at is None and clock.state(hours(48)) == "running" and clock.due_at == yearly.due_at
    assert (of("rosa").state, of("rosa").delivered_at, of("rosa").delivered_how) == ("printed", None, "")
    assert of("kim").state == "delivered", "who had it by e-mail keeps it"
    said = Correction.objects.get()
    assert (said.on, said.said_by_name, said.by_name, said.reason) == (TODAY, "Chidi Okafor", "Dana Reyes", WHY)
    acts = list(Entry.objects.filter(subject=f"print-file:{run.pk}").values_list("verb", flat=True))
    assert acts[-2:] == ["notices.print-file.mailed", "notices.print-file.mailing-taken-back"]


@pytest.mark.clause("XIII.C.0")
def test_taken_back_after_the_time_it_is_late_and_mailed_again_it_was_done_late(yearly):
    run = printed(yearly)
    printing.confirm_mailed(actor=DANA, run=run, on=TODAY, at=hours(2))
    finish(hours(25))
    after = yearly.due_at + timedelta(days=1)
    correcting.unsay_mailed(actor=DANA, run=run, reason=WHY, at=after)
    clock = Clock.objects.get(rule="provider-notice")
    assert clock.state(after) == "late"
    printing.confirm_mailed(actor=DANA, run=run, on=after.date(), at=after)
    finish(after)
    clock.refresh_from_db()
    assert clock.state(after) == "met-late" and of("rosa").state == "delivered"


def test_it_can_be_thrown_away_afterwards_and_the_letters_go_into_the_next_file(yearly):
    run = printed(yearly)
    printing.confirm_mailed(actor=DANA, run=run, on=TODAY, at=hours(2))
    correcting.unsay_mailed(actor=DANA, run=run, reason=WHY, at=hours(3))
    printing.throw_away(actor=DANA, run=run, reason="Lost in the copy room.", at=hours(3))
    again = printing.make_run(actor=DANA, notice=yearly, at=hours(4))
    assert again is not None and again.pieces == 1
    assert list(progress.corrections(of("rosa")).values_list("said", flat=True)) == ["mailed"]


def test_what_was_read_or_handed_over_meanwhile_stays(yearly):
    run = printed(yearly)
    printing.confirm_mailed(actor=DANA, run=run, on=TODAY, at=hours(2))
    letters.hand_over(actor=DANA, letter=of("rosa"), on=TODAY, at=hours(3))
    correcting.unsay_mailed(actor=DANA, run=run, reason=WHY, at=hours(4))
    assert (of("rosa").state, of("rosa").delivered_how) == ("delivered", "hand")


def test_only_what_was_said_is_taken_back_and_never_without_a_reason(yearly):
    run = printed(yearly)
    with pytest.raises(Refused, match="Nobody has said"):
        correcting.unsay_mailed(actor=DANA, run=run, reason=WHY, at=hours(2))
    printing.confirm_mailed(actor=DANA, run=run, on=TODAY, at=hours(2))
    with pytest.raises(Refused, match="Say why"):
        correcting.unsay_mailed(actor=DANA, run=run, reason=" ", at=hours(3))
    correcting.unsay_mailed(actor=DANA, run=run, reason=WHY, at=hours(3))
    with pytest.raises(Refused, match="Nobody has said"):
        correcting.unsay_mailed(actor=DANA, run=run, reason=WHY, at=hours(3))
    with pytest.raises(Refused, match="Nobody has said"):
        correcting.unsay_hand(actor=DANA, letter=of("rosa"), reason=WHY, at=hours(3))
    assert Correction.objects.count() == 1


@pytest.mark.clause("XIII.C.0m")
def test_a_hand_over_that_was_not_is_taken_back(yearly):
    finish(hours(25))
    letters.hand_over(actor=OKAFOR, letter=of("rosa"), on=TODAY, at=hours(26))
    finish(hours(26))
    clock = Clock.objects.get(rule="provider-notice")
    assert clock.met_at
    correcting.unsay_hand(actor=DANA, letter=of("rosa"), reason=WHY, at=hours(27))
    clock.refresh_from_db()
    assert clock.met_at is None
    assert (of("rosa").state, of("rosa").channel) == ("queued", "paper"), "it waits for a print file again"
    assert Attempt.objects.get(channel="hand").state == "void"
    assert "Chidi Okafor" in Correction.objects.get().said_by_name
    letters.hand_over(actor=DANA, letter=of("rosa"), on=TODAY, at=hours(28))
    assert of("rosa").delivered_how == "hand", "and it may be handed over after all"


@pytest.mark.parametrize(("sent", "left"), [(True, ("sent", "")), (False, ("unreachable", ""))])
def test_without_the_word_stands_what_the_mail_server_said(yearly, sent, left):
    """Kim's e-mail was out: whether it came back is looked at anew. A newcomer without any way has none."""
    who = of("kim")
    if not sent:
        newcomer("nora", email="")
        row = notices.open_notice(actor=DANA, at=NOON, kind="letter", about="x", recipients=["nora"],
                                  facts={"subject": "A", "words": "B"})  # fmt: skip
        who = row.letters.get()
    letters.hand_over(actor=DANA, letter=who, on=TODAY, at=hours(1))
    correcting.unsay_hand(actor=DANA, letter=who, reason=WHY, at=hours(2))
    who.refresh_from_db()
    assert (who.state, who.delivered_how) == left
    letters.settle(at=hours(25))
    who.refresh_from_db()
    assert who.state == ("delivered" if sent else "unreachable")


def test_what_the_reader_confirmed_is_theirs(yearly):
    letters.hand_over(actor=DANA, letter=of("rosa"), on=TODAY, at=hours(1))
    from homeroom.base.actor import Actor

    letters.confirm_read(actor=Actor("rosa", "Rosa"), letter=of("rosa"), at=hours(5))
    correcting.unsay_hand(actor=DANA, letter=of("rosa"), reason=WHY, at=hours(6))
    assert (of("rosa").delivered_how, of("rosa").delivered_at) == ("read", hours(5))


@pytest.mark.clause("XIII.C.0")
def test_a_letter_that_comes_back_after_all_were_delivered_opens_the_clock_again(yearly):
    printing.confirm_mailed(actor=DANA, run=printed(yearly), on=TODAY, at=hours(2))
    finish(hours(25))
    clock = Clock.objects.get(rule="provider-notice")
    assert clock.met_at
    letters.came_back(actor=DANA, letter=of("rosa"), reason="Moved away.", at=hours(200))
    clock.refresh_from_db()
    assert clock.met_at is None and clock.next_at


def test_it_is_done_and_seen_on_the_pages(yearly, town, monkeypatch):
    run = printed(yearly)
    printing.confirm_mailed(actor=OKAFOR, run=run, on=TODAY, at=hours(2))
    dana = town.client("dana")
    page = dana.get(f"/notices/{yearly.pk}").content.decode()
    assert f'action="/notices/print-files/{run.pk}/not-mailed"' in page
    dana.post(f"/notices/print-files/{run.pk}/not-mailed", {"reason": WHY})
    page = dana.get(f"/notices/{yearly.pk}").content.decode()
    assert "Chidi Okafor. Taken back by Dana Reyes:" in page and WHY in page and "It is in the mail" in page
    where = f"/notices/letters/{of('rosa').pk}"
    dana.post(where, {"act": "hand", "on": TODAY.isoformat()})
    assert "It was not handed over" in dana.get(where).content.decode()
    dana.post(where, {"act": "not-handed", "reason": "It lay in the wrong tray."})
    page = dana.get(where).content.decode()
    assert "It lay in the wrong tray." in page and "Said and taken back" in page and WHY in page
    assert "taken back" in page and "printed and thrown away" not in page
    assert town.client("olsen").post(f"/notices/print-files/{run.pk}/not-mailed", {"reason": WHY}).status_code == 403


@pytest.mark.clause("XIII.C.0m")
def test_a_print_file_that_is_taken_and_mailed_twice_is_one_sending(yearly, town, tmp_path, settings):
    """The same bytes each time, each time counted and warned of; the first word on the mailing counts."""
    settings.HOME = tmp_path
    run = printed(yearly)
    assert printing.make_run(actor=OKAFOR, notice=yearly, at=hours(1)) is None, "its letters are in no second file"
    first = printing.file_of(actor=DANA, run=run, at=hours(1))
    printing.path_of(run).unlink()
    assert printing.file_of(actor=OKAFOR, run=run, at=hours(2)) == first, "made anew it is the very same"
    assert run.copies == 2 and Entry.objects.filter(verb="notices.print-file.taken").count() == 2
    assert "take care not to mail it twice" in town.client("dana").get(f"/notices/{yearly.pk}").content.decode()
    printing.confirm_mailed(actor=DANA, run=run, on=TODAY, at=hours(3))
    again = printing.confirm_mailed(actor=OKAFOR, run=run, on=(NOON + timedelta(days=1)).date(), at=hours(30))
    assert (again.mailed_on, again.mailed_by) == (TODAY, "dana")
    assert of("rosa").attempts.count() == 1 and of("rosa").delivered_at == hours(0)
    printing.path_of(run).write_bytes(first)
    printing.path_of(run).unlink()
    PrintRun.objects.filter(pk=run.pk).update(sha256="0" * 64)
    run.refresh_from_db()
    with pytest.raises(Refused, match="cannot be made again as it was"):
        printing.file_of(actor=DANA, run=run, at=hours(31))
