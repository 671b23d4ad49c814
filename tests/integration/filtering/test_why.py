"""Why? Now, and as it was; and what is no longer kept."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta

import pytest

from homeroom.doors import bundle_file
from homeroom.filtering import publishing
from homeroom.filtering.actions import builds, purging, rules, sources
from homeroom.filtering.models import ListVersion, Published
from homeroom.filtering.queries import why

from .conftest import DANA

pytestmark = pytest.mark.django_db
THEN = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def test_the_steps_are_told_in_order_and_one_of_them_decided(town, house):
    house.add("casino", house.write("casino.txt", "bets.test"), "gambling")
    house.build()
    told = house.ask("http://www.bets.test/play", "ben")
    said = told.as_json()
    assert {"verdict", "kind", "clause", "category", "reason", "person", "profile", "rule", "bundle", "at"} <= set(said)
    assert (said["person"], said["profile"], said["rule"]["list"]) == ("ben", "student", "casino")
    assert [step.name for step in told.steps() if step.decided] == ["district_category"]
    sentences = "\n".join(told.sentences())
    assert "is blocked for Ben Haugen" in sentences and "line 1 of casino" in sentences
    assert all(step.looks_for for step in told.steps())


def test_nobody_in_particular_is_held_to_the_strictest(town, house):
    house.add("social", house.write("s.txt", "social.test"), "social-networks")
    house.build()
    assert house.verdict("social.test", "ben")[0] == "allow"
    assert house.verdict("social.test")[0] == "block"
    assert house.ask("social.test").explanation.decision.person is None


@pytest.mark.parametrize(
    ("target", "person", "said"), [("no..name", "ben", "empty label"), ("wiki.test", "noone", "Nobody had the id")]
)
def test_what_cannot_be_explained_is_said(town, house, target, person, said):
    house.build()
    with pytest.raises(why.CannotExplain, match=said):
        house.ask(target, person)


def test_before_anything_was_published_there_is_nothing_to_explain(town, house):
    with pytest.raises(why.CannotExplain, match="homeroom build"):
        house.ask("wiki.test")
    house.build()
    with pytest.raises(why.CannotExplain, match="no bundle yet"):
        why.explain("wiki.test", at=THEN)


@pytest.fixture
def past(town, house):
    """Two bundles: in March wiki.test was blocked by a rule, in April it no longer was."""
    rule = rules.add_rule(actor=DANA, effect="block", target="wiki.test", scope="everyone", reason="Quiz.", at=THEN)
    rules.end_rule(actor=DANA, rule=rule.pk, reason="Over.", at=THEN + 30 * DAY)
    return house


def test_a_past_answer_is_given_again_by_the_bundle_of_that_time(past):
    assert why.explain("wiki.test", person="ben", at=THEN + DAY).explanation.decision.verdict == "block"
    assert why.explain("wiki.test", person="ben", at=THEN + 31 * DAY).explanation.decision.verdict == "allow"
    old = why.explain("wiki.test", person="ben", at=THEN + DAY).explanation.decision.bundle
    again = why.explain("wiki.test", person="ben", at=THEN + 31 * DAY, bundle=old)
    assert again.explanation.decision.verdict == "block" and again.explanation.decision.bundle == old


def test_old_parts_are_kept_as_long_as_they_may_be_and_then_let_go(past, monkeypatch):
    monkeypatch.setattr(purging, "ORPHAN", timedelta(days=-400))  # the files were written just now
    folder = past.folder / "home" / "bundles"
    purging.purge(at=THEN + 60 * DAY)
    row = Published.objects.get(at=THEN)
    assert row.rules_purged_at is None  # it was in force until within the last 35 days
    purging.purge(at=THEN + 80 * DAY)
    row.refresh_from_db()
    assert row.rules_purged_at and (folder / f"manifest-{row.bundle}.json").exists()
    with pytest.raises(why.CannotExplain, match="no longer kept"):
        why.explain("wiki.test", person="ben", at=THEN + DAY)
    purging.purge(at=THEN + 500 * DAY)
    assert not (folder / f"manifest-{row.bundle}.json").exists()
    assert why.explain("wiki.test", person="ben", at=THEN + 500 * DAY)  # the one in force is never let go


def test_tables_and_files_of_replaced_versions_go_too(town, house, monkeypatch):
    monkeypatch.setattr(purging, "ORPHAN", timedelta(days=-400))
    path = house.write("casino.txt", "bets.test")
    house.add("casino", path, "gambling")
    house.build()
    path.write_text("bets.test\npoker.test\n")
    sources.update_source(actor=DANA, name="casino", at=datetime.now(UTC))
    house.build()
    tables = house.folder / "home" / "bundles"
    assert len(list(tables.glob("rules-*"))) == 2
    purging.purge(at=datetime.now(UTC) + 40 * DAY)
    assert len(list(tables.glob("rules-*"))) == 1
    assert len(list((house.folder / "home/lists/casino").glob("[0-9a-f]*"))) == 1
    assert ListVersion.objects.get(state="replaced").purged_at
    assert house.verdict("poker.test", "ben")[0] == "block"
    assert publishing.catch_up(datetime.now(UTC), publishing.Seen()) is None


@pytest.mark.clause("XIV.B.3")
def test_past_rolls_explain_old_answers_and_hold_no_pseudonyms(town, house, home):
    house.build()
    old = Published.objects.first()
    aliases = bundle_file.manifest(home, old.bundle)["aliases"]
    rules.add_rule(actor=DANA, effect="block", target="wiki.test", scope="everyone", reason="Quiz.", at=THEN)
    builds.publish(at=THEN + 40 * DAY)
    folder = home / "bundles"
    assert any(
        row.get("profile") == "student" for row in json.loads((folder / old.roll).read_text())["persons"].values()
    )
    assert '"alias"' not in (folder / old.roll).read_text()
    for path in folder.iterdir():
        os.utime(path, (0, 0))
    now = bundle_file.manifest(home, bundle_file.current_id(home))["aliases"]
    purging.purge(at=datetime.now(UTC))
    assert (folder / now).exists() and (folder / aliases).exists() == (now == aliases)
    past = bundle_file.open_bundle(home, old.bundle)
    assert past.roll.person("ben").person == "ben"
