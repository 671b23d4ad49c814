"""XIV.C.0: the filter's records about one person open under a recorded ground, and in no other way."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from homeroom.access.roll import aliases
from homeroom.activity import clauses
from homeroom.activity.actions import opening, purge
from homeroom.activity.models import BlockedRequest, HourCount, PurgeClock, ToolCount
from homeroom.base.errors import Refused
from homeroom.devices.actions import gate, telling
from homeroom.devices.models import Access, AccessUse, TellDuty
from homeroom.journal.models import Entry
from homeroom.kernel.policytext.claims import Looked
from homeroom.requests.actions import data
from homeroom.site import cli, migrate
from tests.policy.devices_at_lake import DANA, OKAFOR, threat, wanted

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
NOW = datetime(2026, 10, 2, 15, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def blocked(person: str, at: datetime, host: str) -> None:
    (alias,) = aliases(person, [at.date()])
    BlockedRequest.objects.using("activity").create(
        at=int(at.timestamp()), n=1, alias=alias, school="birch", profile="student", host=host, kind="district",
        clause="V.A.3", category="gambling", list="bets", version="1", line=1, bundle="b", door="dns",
    )  # fmt: skip


@pytest.fixture
def records(town):
    blocked("ben", NOW - DAY, "poker.test")
    blocked("ben", NOW - 5 * DAY, "casino.test")  # in September, under another code
    blocked("leah", NOW - DAY, "dice.test")
    blocked("ben", NOW - 20 * DAY, "long-ago.test")


def access(grant: bool = True, **more) -> Access:
    said = {"features": ("browsing",), "ground": "law", "purpose": "duty", "citation": "Minn. Stat. 121A.031",
            "looks_from": NOW - 7 * DAY, "looks_until": NOW, **more}  # fmt: skip
    row = gate.ask(actor=OKAFOR, wanted=wanted(NOW, **said), key=f"k{Access.objects.count()}", at=NOW)
    if grant and row.state == "asked":
        row = gate.answer(actor=DANA, access=row.pk, grant=True, words="The law demands it.", at=NOW)
    return row


@pytest.mark.clause("XIV.B.3", "XIV.C.0")
def test_it_shows_one_person_in_one_window_across_a_change_of_month(records):
    opened = opening.open_activity(actor=OKAFOR, access=access().pk, at=NOW)
    assert [row["host"] for row in opened.rows] == ["poker.test", "casino.test"]
    assert "alias" not in json.dumps(opened.as_json())


@pytest.mark.clause("XIV.C.0")
def test_each_read_is_a_use_and_stands_in_the_journal(records):
    row = access()
    for _ in range(2):
        opening.open_activity(actor=OKAFOR, access=row.pk, at=NOW)
    assert AccessUse.objects.filter(access=row, source="filter").count() == 2
    entries = Entry.objects.filter(verb="activity.opened")
    assert [(each.actor, each.data["student"], each.data["rows"]) for each in entries] == [("okafor", "ben", 2)] * 2


@pytest.mark.clause("XIV.D.1")
def test_in_an_emergency_it_starts_the_clock(records):
    said = threat(NOW, features=("browsing",), looks_from=NOW - DAY, looks_until=NOW)
    row = gate.ask(actor=OKAFOR, wanted=said, key="e", at=NOW)
    assert not TellDuty.objects.exists()
    opening.open_activity(actor=OKAFOR, access=row.pk, at=NOW)
    assert TellDuty.objects.get().due_at == NOW + timedelta(hours=72)


@pytest.mark.clause("XIV.C.0", "XIV.B.3")
@pytest.mark.parametrize(
    ("more", "grant", "at", "sentence"),
    [
        ({"features": ("location",)}, True, NOW, "does not cover Sites visited"),
        ({}, False, NOW, "not approved"),
        ({}, True, NOW + timedelta(hours=1), "time of this access is over"),
        ({"looks_from": None}, True, NOW, "does not name the time"),
        ({"looks_from": NOW - 90 * DAY, "looks_until": NOW - 60 * DAY}, True, NOW, "Nothing of that time is kept"),
    ],
)
def test_otherwise_it_is_refused_and_nothing_is_read(records, more, grant, at, sentence):
    row = access(grant, **more)
    with pytest.raises(Refused, match=sentence):
        opening.open_activity(actor=OKAFOR, access=row.pk, at=at)
    assert not AccessUse.objects.exists() and not Entry.objects.filter(verb="activity.opened").exists()


def test_without_any_access_it_is_refused(records):
    with pytest.raises(Refused, match="Ask for one first"):
        opening.open_activity(actor=DANA, access=99, at=NOW)


@pytest.mark.clause("XIV.C.0")
def test_the_command_says_it_too_and_is_refused_otherwise(records, monkeypatch):
    now = datetime.now(UTC)
    monkeypatch.setattr(migrate, "bring_up_to_date", lambda: None)
    blocked("ben", now - timedelta(minutes=5), "today.test")
    said = threat(now - timedelta(minutes=1), features=("browsing",), looks_from=now - DAY, looks_until=now + DAY)
    row, _ = telling.record_emergency(
        actor=OKAFOR, wanted=said, key="e", first_access=now - timedelta(minutes=1), at=now
    )

    def run(*words: str) -> tuple[int, str]:
        with CliRunner().isolation() as (out, err, _):
            code = cli.run(["activity", "open", *words])
            return code, out.getvalue().decode() + err.getvalue().decode()

    code, out = run("--access", str(row.pk), "--by", "dana", "--json")
    assert code == 0 and [each["host"] for each in json.loads(out)["rows"]] == ["today.test"]
    code, out = run("--access", "999", "--by", "dana")
    assert code == 2 and "Ask for one first" in out


def test_the_page_asks_before_it_reads(records, town):
    now = datetime.now(UTC)
    said = threat(now, features=("browsing",), looks_from=now - DAY, looks_until=now + DAY)
    row, _ = telling.record_emergency(actor=OKAFOR, wanted=said, key="e", first_access=now, at=now)
    blocked("ben", now, "today.test")
    client, url = town.client("okafor"), f"/device-access/{row.pk}/filter-records"
    assert "today.test" not in client.get(url).content.decode()
    assert not Entry.objects.filter(verb="activity.opened").exists()
    assert "today.test" in client.post(url).content.decode()
    assert town.client("olsen").post(url).status_code == 403


@pytest.mark.clause("VIII.D.1", "XIV.B.3")
def test_what_a_parent_asks_to_see_is_not_deleted_before_it_is_answered(records, tmp_path):
    # Asked on 2 October; without the request the purge of 5 November would take all of it.
    request = data.enter(
        actor=OKAFOR, student="ben", asked_by="rosa", wants=["filter"], words="What was refused to Ben?",
        identity="She came in with her card.", at=NOW,
    )  # fmt: skip
    blocked("ben", NOW - 40 * DAY, "too-old-already.test")
    later = NOW + 34 * DAY
    purge(home=tmp_path, at=NOW)
    PurgeClock.objects.using("activity").update(ran=int(later.timestamp()))
    purge(home=tmp_path, at=later)
    kept = set(BlockedRequest.objects.using("activity").values_list("host", flat=True))
    assert kept == {"poker.test", "casino.test", "long-ago.test"}, "Ben's of thirty days before; nobody else's"
    said = wanted(later, features=("browsing",), ground="law", purpose="duty", citation="Minn. Stat. 13.04",
                  looks_from=NOW - 60 * DAY, looks_until=later)  # fmt: skip
    row = gate.ask(actor=OKAFOR, wanted=said, key="late", at=later)
    gate.answer(actor=DANA, access=row.pk, grant=True, words="The law demands it.", at=later)
    opened = opening.open_activity(actor=OKAFOR, access=row.pk, at=later)
    assert [each["host"] for each in opened.rows] == ["poker.test", "casino.test", "long-ago.test"]
    data.refuse(actor=OKAFOR, request=request, answer="The court says no.", citation="Order of 1 October", at=later)
    purge(home=tmp_path, at=later)
    assert not BlockedRequest.objects.using("activity").exists()


@pytest.mark.clause("XIV.B.3")
def test_the_probe_sees_counts_that_outlived_their_time_and_not_what_a_request_holds(records):
    data.enter(
        actor=OKAFOR, student="ben", asked_by="rosa", wants=["filter"], words="What was refused to Ben?",
        identity="She came in with her card.", at=NOW,
    )  # fmt: skip
    later = NOW + 40 * DAY
    assert clauses.blocked_requests_kept_too_long(later) == Looked(4, 1), "Leah's alone is late"
    assert clauses.counts_kept_too_long(later).broken == 0
    HourCount.objects.using("activity").create(hour=0, n=1, school="birch", profile="student", verdict="allow")
    ToolCount.objects.using("activity").create(day=0, n=1, profile="student", domain="tool.test")
    assert clauses.counts_kept_too_long(later).broken == 2
