"""Rosters taken in by people and by the clock: shown first, confirmed, fetched, and never half done."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from homeroom.base.actor import SYSTEM, Actor
from homeroom.base.errors import Refused
from homeroom.journal.models import Entry
from homeroom.people import roster_runs
from homeroom.people.models import Person, Role, RosterConnection, RosterRun
from homeroom.people.roster import progress
from tests.integration import oneroster_server as sis

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
AT = datetime(2026, 9, 14, 17, 0, tzinfo=UTC)
DANA = Actor(id="dana", name="Dana Reyes", roles=frozenset({"technology_director"}))
CLASS_LIST = b"id,first name,last name,role,school,grade\n1,Ida,Berg,student,North,7\n2,Jon,Vue,student,North,7\n"


@pytest.fixture(autouse=True)
def home(tmp_path, settings):
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()
    return settings.HOME


def upload(content: bytes = CLASS_LIST, name: str = "students.csv", at: datetime = AT, **how) -> RosterRun:
    return roster_runs.ask_run(actor=DANA, files=[roster_runs.Upload(name, [content])], at=at, **how)


def after_work(run: RosterRun, at: datetime = AT) -> RosterRun:
    roster_runs.work(at=at)
    run.refresh_from_db()
    return run


def taken_in(content: bytes, at: datetime = AT) -> RosterRun:
    run = after_work(upload(content, at=at), at)
    roster_runs.confirm_run(actor=DANA, run=run, at=at)
    return after_work(run, at)


def test_it_is_shown_before_anything_changes_and_taken_in_when_confirmed(home):
    run = after_work(upload())
    assert (run.state, run.report["added"]["persons"]) == ("shown", 2)
    assert not Person.objects.filter(pk="1").exists()
    roster_runs.confirm_run(actor=DANA, run=run, at=AT)
    assert after_work(run).state == "loaded"
    assert Role.objects.get(person="1").grade == "7"
    assert Entry.objects.get(verb="people.roster.loaded").actor == "dana"
    assert list((home / "rosters").iterdir()) == [], "its files are personal data and go"


def test_what_nobody_confirmed_is_never_taken_in():
    run = after_work(upload())
    roster_runs.work(at=AT)
    assert not Person.objects.filter(pk="1").exists()
    roster_runs.let_go(actor=DANA, run=run, at=AT)
    with pytest.raises(Refused, match="quicker"):
        roster_runs.confirm_run(actor=DANA, run=run, at=AT)


def test_a_second_click_is_told_that_somebody_was_quicker():
    run = after_work(upload())
    roster_runs.confirm_run(actor=DANA, run=run, at=AT)
    with pytest.raises(Refused, match="quicker"):
        roster_runs.confirm_run(actor=DANA, run=run, at=AT)


def test_guesses_are_taken_only_when_somebody_says_they_are_right():
    run = after_work(upload(CLASS_LIST.replace(b"last name", b"lst name")))
    assert run.report["guesses"]
    with pytest.raises(Refused, match="guessed"):
        roster_runs.confirm_run(actor=DANA, run=run, at=AT)
    roster_runs.confirm_run(actor=DANA, run=run, at=AT, accept_guesses=True)
    assert after_work(run).state == "loaded"


def test_columns_are_mapped_and_the_file_is_read_again():
    run = after_work(upload(b"Nr,Vorname,Nachname\n1,Ida,Berg\n"))
    assert run.state == "failed" or run.report["left_out"]
    roster_runs.map_columns(
        actor=DANA, run=run, mapped={"Nr": "id", "Vorname": "givenName", "Nachname": "familyName"}, at=AT
    )
    assert after_work(run).report["added"]["persons"] == 1


def test_many_who_leave_need_somebody_who_says_so():
    whole = b"id,first name,role,school\n" + b"".join(b"%d,Kid,student,North\n" % n for n in range(10))
    taken_in(whole)
    later = AT + timedelta(days=1)
    run = after_work(upload(b"id,first name,role,school\n1,Kid,student,North\n", at=later), later)
    with pytest.raises(Refused, match="students would leave"):
        roster_runs.confirm_run(actor=DANA, run=run, at=later)
    roster_runs.confirm_run(actor=DANA, run=run, at=later, remove_anyway=True)
    assert after_work(run, later).report["ended"]["roles"] == 9


@pytest.mark.parametrize("name", ["roster.xlsx", "roster.pdf", "roster"])
def test_what_is_no_csv_is_refused_at_once(home, name):
    with pytest.raises(Refused, match="no CSV file"):
        upload(name=name)
    assert not RosterRun.objects.exists()


def test_a_name_that_climbs_stays_in_its_folder(home):
    run = upload(name="../../../students.csv")
    assert [path.name for path in (roster_runs.folder(run) / "files").iterdir()] == ["students.csv"]


def test_a_damaged_zip_is_a_sentence_and_may_be_let_go():
    run = after_work(upload(b"PK\x03\x04 no zip", "roster.zip"))
    assert run.state == "failed"
    assert "damaged" in run.trouble
    roster_runs.let_go(actor=DANA, run=run, at=AT)


@pytest.mark.parametrize(("left", "again"), [("reading", "asked"), ("loading", "confirmed")])
def test_what_a_killed_worker_left_is_done_again(left, again):
    run = upload()
    RosterRun.objects.filter(pk=run.pk).update(state=left)
    roster_runs.mend(at=AT)
    run.refresh_from_db()
    assert run.state == again
    assert after_work(run).state in ("shown", "loaded")


def test_what_nobody_looked_at_goes_after_a_week(home):
    run = after_work(upload())
    roster_runs.purge(at=AT + timedelta(days=6))
    assert roster_runs.folder(run).exists()
    roster_runs.purge(at=AT + timedelta(days=8))
    run.refresh_from_db()
    assert (run.state, roster_runs.folder(run).exists()) == ("let_go", False)


def test_progress_is_told_beside_the_records(tmp_path):
    assert progress.told(tmp_path) == ("", 0)
    progress.Teller(tmp_path)("users", 40_000)
    assert progress.told(tmp_path) == ("users", 40_000)
    (tmp_path / "progress.json").write_text("{half")
    assert progress.told(tmp_path) == ("", 0)


class TestFetched:
    """A connection to a student information system."""

    @pytest.fixture
    def system(self):
        with sis.serving(sis.System("1.2", sis.district("1.2"))) as system:
            yield system

    def connect(self, system: sis.System, every_hours: int = 24) -> RosterConnection:
        return roster_runs.add_connection(
            actor=DANA, at=AT, name="sis", url=system.url, token_url=f"{system.url}/token", version="1.2",
            client_id=sis.CLIENT, secret=sis.SECRET, every_hours=every_hours,
        )  # fmt: skip

    def test_the_secret_is_hidden_in_the_records_and_in_the_journal(self, system):
        row = self.connect(system)
        assert sis.SECRET not in row.secret
        assert sis.SECRET not in json.dumps([entry.data for entry in Entry.objects.all()])

    def test_it_is_fetched_by_the_clock_and_taken_in_by_itself(self, system):
        row = self.connect(system)
        assert roster_runs.fetch_due(at=AT + timedelta(hours=23)) == []
        due = AT + timedelta(hours=24)
        run = roster_runs.fetch_due(at=due)[0]
        assert roster_runs.fetch_due(at=due) == []
        assert after_work(run, due).state == "confirmed"
        assert after_work(run, due).state == "loaded"
        assert Role.objects.get(person="s1").role == "student"
        row.refresh_from_db()
        assert row.since == "2026-09-15T16:00:00.000Z"

    def test_the_next_fetch_is_a_delta_and_after_a_week_everything_again(self, system):
        row = self.connect(system)
        for days, whole in ((0, True), (1, False), (7, True)):
            at = AT + timedelta(days=days)
            row.refresh_from_db()
            run = roster_runs.ask_pull(actor=SYSTEM, connection=row, at=at, by_itself=True)
            assert run.whole is whole
            after_work(run, at)
            assert after_work(run, at).state == "loaded", run.trouble

    def test_a_fetch_that_would_end_many_waits_for_a_person(self, system):
        row = self.connect(system)
        run = roster_runs.ask_pull(actor=DANA, connection=row, at=AT, by_itself=True)
        after_work(run)
        after_work(run)
        system.collections["users"] = system.collections["users"][:3]
        system.collections["enrollments"] = []
        later = AT + timedelta(days=8)
        run = roster_runs.ask_pull(actor=DANA, connection=row, at=later, whole=True, by_itself=True)
        assert after_work(run, later).state == "shown"
        assert Role.objects.on(later.date()).filter(role="student").count() == 3

    def test_a_server_that_fails_leaves_everything_and_says_why(self, system):
        row = self.connect(system)
        system.body = b"<html>"
        run = after_work(roster_runs.ask_pull(actor=DANA, connection=row, at=AT))
        assert (run.state, "no JSON" in run.trouble) == ("failed", True)
        assert not roster_runs.folder(run).exists()

    def test_one_fetch_at_a_time(self, system):
        row = self.connect(system)
        roster_runs.ask_pull(actor=DANA, connection=row, at=AT)
        with pytest.raises(Refused, match="on its way"):
            roster_runs.ask_pull(actor=DANA, connection=row, at=AT)

    def test_a_connection_that_is_ended_keeps_no_secret(self, system):
        row = self.connect(system)
        roster_runs.end_connection(actor=DANA, connection=row, at=AT)
        row.refresh_from_db()
        assert (row.secret, row.next_at) == ("", None)
