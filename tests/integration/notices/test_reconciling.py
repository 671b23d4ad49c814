"""Nobody is forgotten: what is missing, stuck or in vain is found, and set going once."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from homeroom.notices.actions import building, notices, reconciling
from homeroom.notices.models import Attempt, Clock, Letter, Notice
from homeroom.people import actions as people
from homeroom.people.models import Person
from tests.integration.notices.conftest import DANA, FACTS, NOON, TODAY, approve, hours, lives_at, parent

pytestmark = pytest.mark.django_db


def release(kind: str = "users", **more: object) -> Notice:
    row = notices.draft_notice(
        actor=DANA, at=NOON, kind=kind, title="Yearly", who={}, facts=FACTS.get(kind, {}), **more
    )
    return notices.release_notice(actor=DANA, at=NOON, notice=row, since=NOON if kind == "providers" else None)


def test_a_notice_whose_building_was_cut_off_is_built_to_the_end(words, monkeypatch):
    monkeypatch.setattr(building, "PORTION", 2)
    row = release()
    assert building.build(at=NOON, notice=row, portions=1) == 2
    row.refresh_from_db()
    assert row.built_at is None and Letter.objects.count() == 2
    assert reconciling.reconcile(at=hours(1)).missing == 8
    assert reconciling.reconcile(at=hours(2)).missing == 0
    assert Letter.objects.values("reader").distinct().count() == Letter.objects.count() == 10


def test_a_letter_that_was_lost_or_stuck_comes_back_into_the_queue(words):
    row = release(follow_until=TODAY + timedelta(days=9))
    building.build(at=NOON, notice=row)
    Letter.objects.filter(reader="ben").delete()
    Letter.objects.filter(reader="leah").update(next_at=None)
    found = reconciling.reconcile(at=hours(1))
    assert (found.missing, found.stuck) == (1, 1)
    assert reconciling.reconcile(at=hours(1)).sentence == ""


def test_an_address_that_came_later_gives_a_letter_its_way(words):
    Person.objects.filter(pk="ben").update(email="")
    building.build(at=NOON, notice=release())
    assert Letter.objects.get(reader="ben").state == "unreachable"
    assert reconciling.reconcile(at=hours(1)).reachable == 0
    lives_at("ben")
    assert reconciling.reconcile(at=hours(2)).reachable == 1
    letter = Letter.objects.get(reader="ben")
    assert (letter.state, letter.channel) == ("queued", "paper")


def test_the_same_dead_address_is_not_tried_again_by_itself(words):
    building.build(at=NOON, notice=release())
    letter = Letter.objects.get(reader="ben")
    Attempt.objects.create(letter=letter, channel="email", state="returned", address="ben@lake.test", begun_at=NOON)
    Letter.objects.filter(pk=letter.pk).update(state="unreachable", channel="")
    assert reconciling.reconcile(at=hours(1)).reachable == 0
    Person.objects.filter(pk="ben").update(email="ben.new@lake.test")
    assert reconciling.reconcile(at=hours(2)).reachable == 1


@pytest.mark.clause("XIII.C.0")
def test_the_yearly_clock_stops_with_the_last_letter_and_newcomers_have_their_own(family):
    parent("leah", "lind")
    approve("providers")
    row = release("providers", follow_until=TODAY + timedelta(days=200))
    building.build(at=NOON, notice=row)
    row.refresh_from_db()
    assert row.clock is not None and row.due_at is not None
    assert {letter.reader_id for letter in Letter.objects.all()} == {"ben", "leah", "ana", "tou", "rosa", "lind"}
    Letter.objects.exclude(reader="rosa").update(state="delivered", delivered_at=hours(5))
    assert reconciling.reconcile(at=hours(6)).finished == 0
    Letter.objects.filter(reader="rosa").update(state="delivered", delivered_at=hours(7))
    assert reconciling.reconcile(at=hours(8)).finished == 1
    row.clock.refresh_from_db()
    assert row.clock.state(hours(9)) == "met" and row.clock.met_at == hours(7)

    later = NOON + timedelta(days=40)
    people.add_people(actor=DANA, people=[Person(id="nora", given_name="Nora", email="nora@lake.test")], at=later)
    people.give_role(
        actor=DANA, person="nora", role="student", school="birch", first_day=later.date(), at=later, grade="7"
    )
    assert reconciling.reconcile(at=later).missing == 1
    nora = Letter.objects.get(reader="nora")
    own = Clock.objects.get(about=f"letter:{nora.pk}")
    assert own.due_at == nora.due_at and own.due_at > later + timedelta(days=29)
    row.clock.refresh_from_db()
    assert row.clock.state(later) == "met", "one late enrolment does not make a year late"


def test_status_and_reconcile_at_the_command_line(words, monkeypatch):
    from click.testing import CliRunner

    from homeroom.site import cli, migrate

    monkeypatch.setattr(migrate, "bring_up_to_date", lambda: None)

    def run(*arguments: str) -> tuple[int, dict]:
        with CliRunner().isolation() as (out, _err, _):
            code = cli.run(list(arguments))
            return code, json.loads(out.getvalue())

    Person.objects.filter(pk="ben").update(email="")
    row = release()
    code, found = run("notices", "reconcile", "--json")
    assert code == 1 and found["missing"] == 10
    code, found = run("notices", "reconcile", "--json")
    assert code == 0 and found["missing"] == 0
    code, said = run("notices", "status", "--json")
    assert code == 1 and said["need_a_person"] == 1
    assert said["notices"][0]["id"] == row.pk and said["notices"][0]["letters"] == 10
