"""XIV.B.3: pages of print files and addresses in reports go when their time is over, and not a day before."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from homeroom.base.errors import Refused
from homeroom.board import queries as board
from homeroom.journal.models import Entry
from homeroom.notices import actions, jobs
from homeroom.notices.actions import letters, printing, purging
from homeroom.notices.actions import returns as taking
from homeroom.notices.models import Attempt, Bounce, Letter, PrintRun
from homeroom.notices.queries import bounced
from homeroom.notices.returns import Report
from homeroom.people.models import Person
from tests.integration.notices.conftest import DANA, NOON, hours, lives_at

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
DAY = timedelta(days=1)
MAILED = hours(3)


@pytest.fixture
def run(words, tmp_path, settings) -> PrintRun:
    """Two letters in a print file whose pages were taken."""
    settings.HOME = tmp_path
    Person.objects.filter(pk__in=("ben", "leah")).update(email="")
    for id in ("ben", "leah"):
        lives_at(id)
    notice = actions.open_notice(actor=DANA, at=NOON, kind="users", about="x", recipients=["ben", "leah"], facts={})
    run = printing.make_run(actor=DANA, notice=notice, at=hours(1))
    assert run is not None and run.pieces == 2
    path = printing.path_of(run)
    path.parent.mkdir()
    path.write_bytes(b"%PDF pages")
    return run


def there(run: PrintRun) -> bool:
    return printing.path_of(run).exists()


def page(run: PrintRun) -> str:
    return reverse("notices:notice", args=[run.notice_id])


def run_link(run: PrintRun) -> str:
    return reverse("notices:run-file", args=[run.pk])


def mailed(run: PrintRun) -> None:
    printing.confirm_mailed(actor=DANA, run=run, on=MAILED.date(), at=MAILED)


@pytest.mark.clause("XIV.B.3")
def test_the_pages_go_the_day_after_their_time_and_the_proof_stays(run):
    mailed(run)
    over = MAILED + board.kept("print_files", MAILED)
    assert purging.purge(at=over) == (0, 0) and there(run)
    assert purging.purge(at=over + DAY) == (1, 0) and not there(run)
    letter = Letter.objects.get(reader="ben")
    assert letter.state == "delivered" and letter.content.subject and len(letter.sha256) == 64
    assert "1 Lake Road" in Attempt.objects.get(letter=letter).address
    entry = Entry.objects.get(verb="notices.purged")
    assert entry.data == {"print_files": 1, "reports": 0} and entry.clause == "XIV.B.3"
    run.refresh_from_db()
    with pytest.raises(Refused, match="deleted"):
        printing.file_of(actor=DANA, run=run, at=over + DAY)
    assert jobs.purge(over + 2 * DAY) is None and not there(run)


def test_pages_stay_while_a_letter_of_them_is_open_or_was_closed_lately(run):
    mailed(run)
    later = MAILED + timedelta(days=200)
    letter = Letter.objects.get(reader="ben")
    letters.came_back(actor=DANA, letter=letter, reason="Moved", at=MAILED + DAY)
    purging.purge(at=later)
    assert there(run)
    letters.hand_over(actor=DANA, letter=letter, on=later.date(), at=later)
    purging.purge(at=later + 80 * DAY)
    assert there(run)
    purging.purge(at=later + 91 * DAY)
    assert not there(run)


def test_a_file_that_nobody_mailed_stays_and_one_thrown_away_goes(run):
    purging.purge(at=MAILED + timedelta(days=400))
    assert there(run)
    printing.throw_away(actor=DANA, run=run, reason="The printer jammed.", at=MAILED)
    purging.purge(at=MAILED + 90 * DAY)
    assert there(run)
    purging.purge(at=MAILED + 91 * DAY)
    assert not there(run)


def test_the_page_says_that_the_pages_are_gone(run, town):
    client = town.client("dana")
    mailed(run)
    assert run_link(run) in client.get(page(run)).content.decode()
    PrintRun.objects.update(purged_at=MAILED + 91 * DAY)
    said = client.get(page(run)).content.decode()
    assert run_link(run) not in said and "pages were deleted" in said
    assert reverse("notices:manifest", args=[run.pk]) in said


def test_a_file_left_by_a_crash_is_deleted_by_the_next_run(run):
    PrintRun.objects.filter(pk=run.pk).update(purged_at=MAILED, void_at=MAILED)
    assert purging.purge(at=MAILED + DAY) == (0, 0) and not there(run)
    assert not Entry.objects.filter(verb="notices.purged").exists()


@pytest.mark.clause("XIV.B.3")
def test_addresses_in_reports_are_struck_out_and_the_report_is_known_still(words):
    said = Report(digest="d", outcome="hard", status="5.1.1", address="ben@lake.test", why="550 ben@lake.test unknown")
    row = taking.take_in(report=said, source="mailbox", at=NOON)
    over: datetime = NOON + board.kept("bounces", NOON)
    assert purging.purge(at=over) == (0, 0)
    assert purging.purge(at=over + DAY) == (0, 1)
    row.refresh_from_db()
    assert (row.address, row.why, row.message_id, row.outcome) == ("", "", "", "hard")
    assert taking.take_in(report=said, source="mailbox", at=over + DAY) == row and Bounce.objects.count() == 1
    assert purging.purge(at=over + 2 * DAY) == (0, 0)


def test_addresses_stay_for_as_long_as_they_are_believed():
    assert board.kept("bounces", NOON) >= bounced.BELIEVED
