"""XIV.B.3: a told accident goes when its time is over; V.C.2: whoever supervises is led to what was told them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from homeroom.base.actor import Actor
from homeroom.board import queries as board
from homeroom.filtering import jobs
from homeroom.filtering.actions import accidents
from homeroom.filtering.models import InadvertentAccess, ToldAccident
from homeroom.filtering.queries import accidents as queries
from homeroom.journal.models import Entry
from homeroom.people.models import Supervision
from tests.town import LONG_AGO, NOON

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
DAY = timedelta(days=1)
DANA = Actor("dana", "Dana Reyes", frozenset({"technology_director"}))
LINK = 'href="/accidents"'


def told() -> ToldAccident:
    olsen = Actor("olsen", "Maja Olsen", frozenset({"teacher"}))
    return accidents.tell_accident(actor=olsen, at=NOON, site="odd.test", met_at=NOON, words="An ad.")


@pytest.mark.clause("XIV.B.3")
def test_what_was_told_goes_the_day_after_its_time_and_what_is_open_stays(town):
    met = {"host": "odd.test", "clause": "VI", "profile": "student", "blocked_at": NOON, "asked_at": NOON}
    on_page, open_one = InadvertentAccess.objects.create(**met, alias="a1b2"), told()
    for each in (on_page, told()):
        accidents.close_accident(actor=DANA, at=NOON, accident=each, note="Talked with her.")
    over = NOON + board.kept(queries.KEPT, NOON)
    assert jobs.purge_accidents(over) is None and ToldAccident.objects.count() == 2
    assert jobs.purge_accidents(over + DAY) == "Deleted 2 told accidents."
    assert list(ToldAccident.objects.all()) == [open_one] and not InadvertentAccess.objects.exists()
    entry = Entry.objects.get(verb="filtering.accidents.purged")
    assert entry.data == {"accidents": 2} and entry.clause == "XIV.B.3"
    assert jobs.purge_accidents(over + DAY) is None


def test_the_desk_and_the_table_of_numbers_say_how_long(town):
    client = town.client("dana")
    assert "deleted after 400 days" in client.get("/accidents").content.decode()
    assert "keep_told_accidents" in client.get("/board/parameters?group=retention").content.decode()


@pytest.mark.clause("V.C.2")
def test_a_teacher_who_supervises_somebody_is_led_to_the_desk(town):
    client = town.client("moua")
    assert LINK not in client.get("/why").content.decode()
    over = Supervision.objects.create(employee_id="olsen", supervisor_id="moua", first_day=LONG_AGO)
    assert LINK in client.get("/why").content.decode()
    row = told()
    over.delete()
    assert LINK in client.get("/why").content.decode(), "one that came to them still waits"
    accidents.close_accident(
        actor=Actor("moua", "Kao Moua", frozenset({"teacher"})), at=NOON, accident=row, note="Talked with her."
    )
    assert LINK not in client.get("/why").content.decode()


def test_a_student_is_led_nowhere_by_it(town):
    Supervision.objects.create(employee_id="olsen", supervisor_id="ben", first_day=LONG_AGO)
    assert LINK not in town.client("ben").get("/agreements/mine", follow=True).content.decode()
