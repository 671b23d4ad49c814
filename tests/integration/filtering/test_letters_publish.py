"""XI.A: letters by the hundred, and the doors get a new bundle only where somebody reads otherwise, once a second."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from homeroom.doors import bundle_file, environment
from homeroom.filtering import publishing
from homeroom.notices.actions import letters, open_notice, returns, sending
from homeroom.notices.models import Attempt, Letter, Notice
from homeroom.notices.returns import Report
from homeroom.people.models import Role
from tests.integration.notices.conftest import DANA, approve, newcomer

from .conftest import AT

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
MANY = 200
IDS = [f"n{number:03}" for number in range(MANY)]
NOW = AT - timedelta(hours=3)


@pytest.fixture
def seen(town) -> publishing.Seen:
    """A worker that has published a town with two hundred more teachers, of whom none was told yet."""
    school = Role.objects.exclude(school=None).first().school
    for id in IDS:
        person = newcomer(id, email=f"{id}@lake.test")
        Role.objects.create(person=person, role="teacher", school=school, first_day=NOW.date() - timedelta(days=30))
    approve("users")
    open_notice(actor=DANA, at=NOW, kind="users", about="x", recipients=IDS, facts={})
    seen = publishing.Seen()
    publishing.catch_up(NOW, seen)
    return seen


def serial() -> int:
    """How many bundles there were."""
    home = environment.home()
    return bundle_file.manifest(home, bundle_file.current_id(home))["serial"]


def told(person: str) -> bool:
    bundle = bundle_file.open_bundle(environment.home())
    return "notice" not in [code for _, code in bundle.roll.person(person).closed]


def send(seen: publishing.Seen) -> datetime:
    """All letters go out, and the worker looks after each batch; when it looked last."""
    now = NOW
    while sending.send_batch(at=now).claimed:
        now += timedelta(seconds=0.3)
        publishing.catch_up(now, seen)
    return now + timedelta(seconds=2)


def report(attempt: Attempt, outcome: str, at: datetime) -> None:
    said = Report(digest=f"{attempt.pk}", outcome=outcome, message_id=attempt.message_id.strip("<>").partition("@")[0])
    returns.take_in(report=said, source="postmark", at=at)


@pytest.mark.clause("XI.A")
def test_what_is_only_sent_publishes_nothing(seen):
    before = serial()
    send(seen)
    assert serial() == before and not told("n000")
    assert Letter.objects.filter(state="sent").count() == MANY


@pytest.mark.clause("XI.A")
def test_two_hundred_deliveries_publish_a_few_bundles_and_open_the_network(seen):
    now = start = send(seen)
    before = serial()
    for number, attempt in enumerate(Attempt.objects.order_by("id")):
        now = start + timedelta(seconds=number / 100)  # a mail service reports a hundred in a second
        report(attempt, "delivered", now)
        if number % 10 == 0:
            publishing.catch_up(now, seen)
    assert not told("n199")
    publishing.catch_up(now + timedelta(seconds=1.1), seen)
    assert 1 <= serial() - before <= 4
    assert all(told(id) for id in IDS)


def test_what_settles_in_one_go_is_one_bundle(seen):
    send(seen)
    before, later = serial(), NOW + timedelta(hours=25)
    # The job's instant may be well before the commit: the worker has looked in between.
    publishing.catch_up(later + timedelta(seconds=5), seen)
    letters.settle(at=later)
    before = serial()
    publishing.catch_up(later + timedelta(seconds=7), seen)
    assert serial() == before + 1
    assert told("n000") and told("n199")


def test_what_comes_back_and_never_arrived_publishes_nothing(seen):
    now = send(seen)
    before = serial()
    for attempt in Attempt.objects.order_by("id")[:20]:
        now += timedelta(seconds=1.5)
        report(attempt, "hard", now)
        publishing.catch_up(now, seen)
    assert serial() == before and not told("n000")


def test_a_worker_killed_before_it_published_is_made_up_for(seen):
    now = send(seen)
    report(Attempt.objects.get(letter__reader="n000"), "delivered", now)
    assert publishing.catch_up(seen.at + timedelta(seconds=0.5), seen) is None  # it waits for more, and is killed
    assert not told("n000")
    publishing.catch_up(now, publishing.Seen())
    assert told("n000") and not told("n001")


def test_a_roll_that_another_process_made_is_made_anew(seen):
    now = send(seen)
    publishing.publish(now, parts=("roll",))
    report(Attempt.objects.get(letter__reader="n000"), "delivered", now)
    publishing.publish(now, parts=("roll",))
    letters.failed(attempt=Attempt.objects.get(letter__reader="n000"), why="550", at=now, returned=True)
    assert told("n000")
    publishing.catch_up(now + timedelta(seconds=2), seen)
    assert not told("n000")


def test_a_notice_that_standing_does_not_ask_for_publishes_nothing(seen):
    Notice.objects.update(kind="providers")
    Letter.objects.update(kind="providers")
    now = send(seen)
    before = serial()
    report(Attempt.objects.get(letter__reader="n000"), "delivered", now)
    publishing.catch_up(now + timedelta(seconds=2), seen)
    assert serial() == before
