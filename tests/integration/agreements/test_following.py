"""IX.C.6: agreements follow the roster, and whoever signs meanwhile does not wait for a whole district."""

from __future__ import annotations

from datetime import timedelta

import pytest

from homeroom.agreements import actions, jobs
from homeroom.agreements.actions import opening
from homeroom.agreements.models import Agreement, Slot
from homeroom.agreements.queries import following
from homeroom.base.actor import SYSTEM
from homeroom.journal import queries as journal
from homeroom.people import actions as people
from homeroom.people.models import Enrolment
from tests.integration.agreements.conftest import STUDENT, TODAY, actor, approve
from tests.town import NOON

pytestmark = pytest.mark.django_db


def followed(since: int) -> list:
    return list(journal.all_entries().filter(id__gt=since, verb="agreements.roster-followed"))


def open_places() -> set[tuple[str, str, str]]:
    rows = Slot.objects.filter(closed_on=None, agreement__closed_on=None)
    return set(rows.values_list("agreement__person_id", "part", "holder_id"))


@pytest.mark.clause("IX.C.6")
def test_a_district_is_followed_in_portions_with_the_same_end(signing, monkeypatch):
    together = open_places()
    Slot.objects.all().delete()
    Agreement.objects.all().delete()
    monkeypatch.setattr(opening, "TOGETHER", 2)
    head = journal.head().id
    done = actions.follow_roster(actor=SYSTEM, at=NOON)
    assert open_places() == together and done.slots == len(together)
    entries = followed(head)
    assert len(entries) == -(-done.agreements // 2) and sum(each.data["slots"] for each in entries) == done.slots
    assert not actions.follow_roster(actor=SYSTEM, at=NOON) and followed(head) == entries


@pytest.mark.clause("IX.C.6")
def test_nothing_is_written_where_nothing_moved(signing, monkeypatch):
    monkeypatch.setattr(opening, "_follow", lambda *_: pytest.fail("the writer's place was taken"))
    assert not actions.follow_roster(actor=SYSTEM, at=NOON)


@pytest.mark.clause("IX.C.6")
def test_an_act_about_one_person_concerns_their_students_and_children_alone(signing):
    head = journal.head().id
    people.end_enrolment(
        actor=SYSTEM, enrolment=Enrolment.objects.get(person="olsen", group="7b"),
        last_day=TODAY - timedelta(days=1), at=NOON,
    )  # fmt: skip
    found = following.concerned(head)
    assert {"olsen", "ben"} <= found and not {"ana", "rosa"} & found
    assert following.concerned(journal.head().id) == set()
    people.set_up_district(actor=SYSTEM, name="Lake District", at=NOON)
    assert following.concerned(head) is None


@pytest.mark.clause("IX.C.6")
def test_the_worker_looks_at_everybody_once_and_then_at_whom_it_concerns(town, monkeypatch):
    monkeypatch.setattr(jobs, "_seen", jobs.Seen())
    asked = []
    real = actions.follow_roster
    monkeypatch.setattr(actions, "follow_roster", lambda **said: asked.append(said["ids"]) or real(**said))
    approve(actions.add_version(actor=actor("dana"), at=NOON, kind="student", words=STUDENT))
    jobs.follow(NOON)
    people.end_enrolment(
        actor=SYSTEM, enrolment=Enrolment.objects.get(person="olsen", group="7b"),
        last_day=TODAY - timedelta(days=1), at=NOON,
    )  # fmt: skip
    place = people.PlaceIn("lind", "7b", "teacher", TODAY, primary=True)
    people.enrol_all(actor=SYSTEM, places=[place], at=NOON)
    jobs.follow(NOON)
    jobs.follow(NOON)
    assert asked[0] is None and len(asked) == 2 and "ana" not in asked[1]
    assert ("ben", "teacher", "lind") in open_places() and ("ben", "teacher", "olsen") not in open_places()
