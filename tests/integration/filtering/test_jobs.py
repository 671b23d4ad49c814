"""What the worker does: due lists, wanted builds, and how far they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from homeroom.doors.bundle_watch import BundleWatch
from homeroom.filtering import jobs, publishing, tables
from homeroom.filtering.actions import builds, choices, rules, sources
from homeroom.filtering.models import BuildRun, ListSource
from homeroom.filtering.queries import builds as build_queries
from homeroom.filtering.queries import lists

from .conftest import DANA

RECIPE = tables.recipe()

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_worker(monkeypatch):
    monkeypatch.setattr(jobs, "_seen", publishing.Seen())


def now() -> datetime:
    return datetime.now(UTC)


def test_a_worker_gives_a_fresh_house_its_first_bundle(town, house):
    assert "Published" in jobs.catch_up(now())
    assert jobs.catch_up(now()) is None
    assert house.verdict("wiki.test", "ben")[0] == "allow"


def test_a_list_that_was_added_is_fetched_built_and_served_without_anybody_waiting(town, house):
    path = house.write("casino.txt", "bets.test")
    sources.add_source(actor=DANA, name="casino", format="domains", category="gambling", location=str(path), at=now())
    assert "1 entry" in jobs.update(now())
    assert jobs.update(now()) is None
    assert "in force" in jobs.build(now())
    assert jobs.build(now()) is None
    assert house.verdict("bets.test", "ben")[0] == "block"
    assert ListSource.objects.get().next_at > now() + timedelta(hours=23)


def test_what_somebody_asked_for_is_done_and_its_progress_told(town, house):
    house.add("casino", house.write("casino.txt", "bets.test"), "gambling")
    house.build()
    sources.ask_update(actor=DANA, name="casino", at=now())
    builds.ask_build(actor=DANA, at=now())
    assert lists.progress("update:casino").wanted_at and build_queries.progress().wanted_at
    assert "nothing new" in jobs.update(now()) and "in force" in jobs.build(now())
    for row in (lists.progress("update:casino"), build_queries.progress()):
        assert row.wanted_at is None and not row.running
    assert lists.progress("update:casino").stage == "Nothing new."


def test_a_list_that_cannot_be_read_is_said_and_the_others_are_looked_at_all_the_same(town, house):
    for name in ("bad", "good"):
        path = house.write(f"{name}.txt", f"{name}.test")
        sources.add_source(actor=DANA, name=name, format="domains", category="gambling", location=str(path), at=now())
    house.write("bad.txt")
    said = jobs.update(now())
    assert "bad: The list is empty" in said and "good: 1 entry" in said
    fresh = {row["source"].name: row for row in lists.freshness(now())}
    assert "empty" in fresh["bad"]["trouble"] and fresh["good"]["trouble"] == ""


def test_a_decision_about_a_topic_lets_its_folder_be_read_with_the_next_build(town, house):
    folder = house.folder / "ut1" / "press"
    folder.mkdir(parents=True)
    (folder / "domains").write_text("paper.test\n")
    (house.folder / "ut1" / "games").mkdir()
    (house.folder / "ut1" / "games" / "domains").write_text("games.test\n")
    version = house.add("ut1", folder.parent, format="ut1")
    assert (
        version.counts == {"games": 1}
        and ["press", "“Press” needs a recorded decision before it is read."] in version.left_out
    )
    house.build()
    choices.decide_sensitive(actor=DANA, category="press", reason="Voted on 12 October.", at=now())
    choices.choose_category(actor=DANA, audience="student", category="press", blocked=True, reason="Voted.", at=now())
    assert house.verdict("paper.test", "ben")[0] == "allow"
    assert "2 entries" in jobs.build(now())
    assert house.verdict("paper.test", "ben") == ("block", "district", "III.2")
    version.refresh_from_db()
    assert version.counts == {"games": 1, "press": 1}


def test_after_an_upgrade_the_worker_builds_at_once(town, house, monkeypatch):
    house.add("casino", house.write("casino.txt", "bets.test"), "gambling")
    before = house.build()
    later = now() + timedelta(hours=1)
    assert jobs.build(later) is None
    monkeypatch.setattr(tables, "recipe", lambda: "the next version")
    assert "in force" in jobs.build(later)
    assert (BuildRun.objects.first().recipe, before.recipe) == ("the next version", RECIPE)
    assert jobs.build(later + timedelta(hours=1)) is None


def test_a_table_that_doors_cannot_read_any_more_is_replaced(town, house, home, monkeypatch):
    """The doors of the new version start with nothing to read; a moment later the worker has built it for them."""
    house.add("casino", house.write("casino.txt", "bets.test"), "gambling")
    run = house.build()
    path = home / "bundles" / run.table
    path.chmod(0o600)
    data = bytearray(path.read_bytes())
    data[8] -= 1  # the version of the format
    path.write_bytes(data)
    door = BundleWatch(home)
    assert not door.poll() and "older Homeroom" in door.trouble
    monkeypatch.setattr(tables, "recipe", lambda: "the next version")
    jobs.build(now() + timedelta(hours=1))
    door = BundleWatch(home)
    assert door.poll() and not door.trouble
    assert door.bundle.table.mask("bets.test")


def test_a_category_with_a_new_name_keeps_its_lists_its_choices_and_its_corrections(town, house, monkeypatch):
    house.add("casino", house.write("casino.txt", "bets.test", "wrong.test"), "gambling")
    house.build()
    choices.choose_category(
        actor=DANA, audience="adult", category="gambling", blocked=True, reason="Board", at=now()
    )  # fmt: skip
    rules.correct_listing(actor=DANA, target="wrong.test", categories=["gambling"], reason="Chess", at=now())
    monkeypatch.setattr(tables, "renamed", lambda: {"gambling": "dating"})
    monkeypatch.setattr(tables, "recipe", lambda: "the next version")
    assert jobs.build(now() + timedelta(hours=1))
    publishing.publish(now())
    assert house.ask("bets.test", "ben").explanation.decision.category == "dating"
    assert house.verdict("bets.test", "olsen")[0] == "block"
    assert house.verdict("wrong.test", "ben")[0] == "allow"
