"""Numbers for pages: right, bounded, and silent about few people."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.db import connections
from django.test.utils import CaptureQueriesContext

from homeroom.activity import actions, queries
from homeroom.activity.models import BlockedRequest, HourCount, SpoolFile
from homeroom.activity.queries import hosts
from homeroom.doors.spool import Spool

from .writing import AT, block, who, write

pytestmark = pytest.mark.django_db(databases=["default", "activity"])

HOUR = int(AT.timestamp()) // 3600 * 3600


def count(n, verdict="allow", kind="district", category="", *, school="birch", hour=HOUR, door="dns"):
    HourCount.objects.create(
        hour=hour, school=school, profile="student", verdict=verdict, kind=kind, category=category, door=door, n=n
    )


def test_a_summary_says_how_much_and_by_whose_choice():
    count(100)
    count(7, "block", "statutory", "pornography")
    count(20, "block", "district", "games")
    count(5, "block", "district", "games", door="proxy")
    count(3, "rewrite", "safety", "safe-search")
    count(2, "block", "district", "games", school="cedar")
    count(50, hour=HOUR - 86400)
    found = queries.summary(AT - timedelta(hours=2), AT)
    assert (found.answers.n, found.allowed.n, found.blocked.n, found.rewritten.n) == (137, 100, 34, 3)
    assert [(share.key, share.n.n) for share in found.kinds] == [("district", 27), ("statutory", 7)]
    assert next((each.key, each.kind, each.n.n) for each in found.categories) == ("games", "district", 27)
    assert [(row.school, str(row.answers), str(row.blocked)) for row in found.schools] == [
        ("birch", "not told", "not told"),  # 137 less 135 would tell of Cedar
        ("cedar", "under 5", "under 5"),
    ]


@pytest.mark.clause("XIV.B.3")
def test_a_small_school_is_not_found_out_from_the_total_and_the_other_schools():
    for school, allowed, refused_there in (("birch", 100, 20), ("cedar", 1, 2), ("oak", 40, 10), ("elm", 30, 9)):
        count(allowed, school=school)
        count(refused_there, "block", school=school)
    found = queries.summary(AT - timedelta(hours=2), AT)
    assert (found.answers.n, found.blocked.n) == (212, 41)
    told = {row.school: (str(row.answers), str(row.blocked)) for row in found.schools}
    assert told == {
        "birch": ("120", "20"), "cedar": ("under 5", "under 5"), "elm": ("not told", "not told"), "oak": ("50", "10"),
    }  # fmt: skip


@pytest.mark.clause("XIV.B.3")
def test_where_one_school_alone_asked_little_the_district_tells_no_more():
    count(3)
    found = queries.summary(AT - timedelta(hours=2), AT)
    assert [each.n for each in (found.answers, found.allowed, found.blocked, found.schools[0].answers)] == [None] * 4


@pytest.mark.clause("XIV.B.3")
def test_the_hours_of_a_day_and_its_sum_tell_no_single_hour():
    for ago, n in ((1, 3), (2, 9), (3, 20)):
        count(n, hour=HOUR - ago * 3600)
    told = [hour.others for hour in queries.by_hour(AT, hours=4, school="birch")]
    assert told == [20, 0, 0, 0], "3 is hidden, and 9 with it"


@pytest.mark.clause("XIV.B.3")
def test_few_that_were_not_refused_are_not_found_out_either():
    count(2)
    count(30, "block", "district", "games")
    found = queries.summary(AT - timedelta(hours=2), AT, school="birch")
    assert (found.answers.n, found.allowed.n, found.blocked.n) == (32, None, None)
    assert [each.n.n for each in (*found.kinds, *found.categories)] == [None, None], "their sum would tell it"


@pytest.mark.clause("XIV.B.3")
def test_numbers_under_five_about_one_school_are_not_told():
    count(100)
    count(4, "block", "statutory", "self-harm")
    found = queries.summary(AT - timedelta(hours=2), AT, school="birch")
    assert str(found.blocked) == "under 5" and found.blocked.hidden
    assert [str(each.n) for each in found.categories] == ["under 5"]
    (hour,) = queries.by_hour(AT, hours=1, school="birch")
    assert hour.blocked == {} and hour.others == 100 and hour.hidden
    (hour,) = queries.by_hour(AT, hours=1)
    assert hour.blocked == {"statutory": 4} and not hour.hidden


def test_the_series_has_every_hour_oldest_first():
    count(10)
    count(6, "block", "statutory", "pornography", hour=HOUR - 5 * 3600)
    count(9, hour=HOUR - 24 * 3600)
    series = queries.by_hour(AT)
    assert len(series) == 24
    assert series[-1].at == datetime.fromtimestamp(HOUR, UTC) and series[-1].others == 10
    assert series[-6].blocked == {"statutory": 6}
    assert sum(hour.others for hour in series) == 10


def test_today_is_the_day_of_the_district():
    night = datetime(2026, 9, 1, 4, 30, tzinfo=UTC)  # 23:30 of 31 August in Minnesota
    count(1, hour=int(datetime(2026, 9, 1, 4, tzinfo=UTC).timestamp()))
    count(10, hour=int(datetime(2026, 9, 1, 5, tzinfo=UTC).timestamp()))
    assert queries.today(night).answers.n is None, "one answer at one school is not told"
    assert queries.today(datetime(2026, 9, 1, 5, 0, tzinfo=UTC)).answers.n == 10


def test_a_period_that_is_too_long_is_refused():
    with pytest.raises(queries.TooLong, match="400 days"):
        queries.summary(AT - timedelta(days=401), AT)


def refused(host, alias, n=1, school="birch", at=AT):
    BlockedRequest.objects.create(
        at=int(at.timestamp()), n=n, alias=alias, school=school, host=host, kind="district", category="games", line=1
    )


@pytest.mark.clause("XIV.B.3")
def test_top_hosts_tell_only_of_what_five_people_asked_for():
    for number in range(5):
        refused("games.test", f"a{number}", n=2)
        refused("other-school.test", f"a{number}", school="cedar")
    for _ in range(50):
        refused("one-child.test", "a1")
    for number in range(4):
        refused("four.test", f"a{number}")
    refused("unknown.test", "", n=6)
    found = queries.top_hosts("birch", AT - timedelta(days=1), AT + timedelta(seconds=1))
    assert [(row.host, row.n, row.people) for row in found.hosts] == [("games.test", 10, 5), ("unknown.test", 6, 6)]
    assert (found.hidden_hosts, found.hidden_n, found.complete) == (2, 54, True)


def test_top_hosts_read_a_bounded_number_of_rows(monkeypatch):
    monkeypatch.setattr(hosts, "NEWEST", 10)
    for number in range(8):
        refused("old.test", f"a{number}", at=AT - timedelta(hours=1))
        refused("new.test", f"a{number}")
    found = queries.top_hosts("birch", AT - timedelta(days=1), AT + timedelta(seconds=1))
    assert [row.host for row in found.hosts] == ["new.test"] and not found.complete


def test_no_question_reads_a_whole_table():
    """Every plan searches by an index; none scans."""
    if connections["activity"].vendor != "sqlite":
        pytest.skip("PostgreSQL rightly reads a small table whole; the plans are SQLite's")
    with CaptureQueriesContext(connections["activity"]) as caught:
        queries.summary(AT - timedelta(hours=2), AT)
        queries.summary(AT - timedelta(hours=2), AT, school="birch")
        queries.by_hour(AT)
        queries.top_hosts("birch", AT - timedelta(days=1), AT)
        queries.gaps(AT - timedelta(days=1), AT)
    with connections["activity"].cursor() as cursor:
        for query in caught.captured_queries:
            if not query["sql"].lstrip("( ").startswith("SELECT"):
                continue
            cursor.execute("EXPLAIN QUERY PLAN " + query["sql"])
            plan = [row[3] for row in cursor.fetchall()]
            assert not any(step.startswith("SCAN activity_") for step in plan), (query["sql"], plan)
            assert any("USING INDEX" in step or "USING COVERING INDEX" in step for step in plan), plan


def test_lag_says_how_far_the_intake_is_behind(tmp_path):
    assert queries.lag(tmp_path, AT) == queries.Lag()
    spool = Spool(tmp_path, "dns")
    spool.blocked(AT - timedelta(minutes=5), who(), "one.test", block())
    spool.blocked(AT - timedelta(seconds=4), who(), "two.test", block())
    found = queries.lag(tmp_path, AT)
    assert (found.files, found.age, found.late) == (1, 300.0, True) and found.bytes > 100
    actions.take_in(home=tmp_path, at=AT)
    assert queries.lag(tmp_path, AT) == queries.Lag()
    spool.blocked(AT - timedelta(seconds=4), who(), "three.test", block())
    found = queries.lag(tmp_path, AT)
    assert (found.age, found.late) == (4.0, False)


def test_gaps_say_what_is_missing():
    assert queries.gaps(AT - timedelta(days=1), AT).none
    seen = int((AT - timedelta(hours=1)).timestamp())
    SpoolFile.objects.create(name="dns-1-1.log", seen=seen, torn=1, damaged=2, lost_blocks=3, lost_answers=4)
    found = queries.gaps(AT - timedelta(days=1), AT)
    assert (found.torn, found.damaged, found.lost_blocks, found.lost_answers) == (1, 2, 3, 4) and not found.none


@pytest.fixture
def command(settings, tmp_path, monkeypatch):
    from homeroom.site import migrate
    from homeroom.site.commands.activity import activity

    settings.HOME = tmp_path
    monkeypatch.setattr(migrate, "bring_up_to_date", lambda: None)
    return lambda *arguments: CliRunner().invoke(activity, arguments, standalone_mode=False)


def test_the_command_line_takes_in_and_shows(command, tmp_path):
    write(tmp_path, files=1, at=datetime.now(UTC) - timedelta(hours=4))
    said = json.loads(command("show", "--json").output)
    assert said["answers"] == 0 and said["lag"]["files"] == 1
    assert "homeroom activity take-in" in command("show").output
    assert "Took in 40 answers" in command("take-in").output
    assert json.loads(command("take-in", "--json").output)["lines"] == 0
    said = json.loads(command("show", "--json").output)
    assert (said["answers"], said["blocked"], said["lag"]["files"]) == (40, 14, 0)
    assert said["schools"] == [{"school": "birch", "answers": 40, "blocked": 14}]
    told = command("show").output
    assert "14 refused" in told and "refused as games: 14 (district)" in told


def test_the_command_line_says_when_the_record_has_gaps(command, tmp_path):
    (tmp_path / "spool").mkdir()
    (tmp_path / "spool" / "dns-1-1.log").write_bytes(b"damaged\n")
    command("take-in")
    assert "1 damaged lines" in command("show").output


def test_a_file_that_cannot_be_read_is_an_exit_code(command, tmp_path):
    (tmp_path / "spool" / "dns-1-1.log").mkdir(parents=True)
    result = command("take-in")
    assert result.return_value == 1 and "cannot be read" in result.output
