"""Bundles on disk: what is published is what is opened, and the last good one keeps serving."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from homeroom.doors import bundle_file
from homeroom.doors.bundle_watch import BundleWatch

AT = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
POLICY = {
    "alternative": "3",
    "strictest": "unknown",
    "categories": [],
    "profiles": [{"id": "unknown", "title": "Unknown", "audience": "unknown", "legal": []}],
}
RULE = {"id": "r1", "effect": "block", "host": "games.test", "reason": "It distracts."}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    bundle_file.publish(tmp_path, at=AT, journal=1, rules="", policy=POLICY, overlay=[RULE], roll={})
    return tmp_path


def test_what_is_published_is_what_is_opened(home: Path) -> None:
    bundle = bundle_file.open_bundle(home)
    assert bundle.id == bundle_file.current_id(home)
    assert [rule.host for rule in bundle.overlay.rules] == ["games.test"]
    assert bundle_file.manifest(home, bundle.id)["serial"] == 1


def test_publishing_the_same_again_changes_nothing(home: Path) -> None:
    before = bundle_file.current_id(home)
    assert bundle_file.publish(home, at=AT, journal=9, overlay=[RULE]) == before


def test_one_new_part_leaves_the_others_in_force(home: Path) -> None:
    bundle_file.publish(home, at=AT, journal=2, overlay=[])
    bundle = bundle_file.open_bundle(home)
    assert bundle.overlay.rules == ()
    assert bundle.policy.strictest == "unknown"


def test_an_older_bundle_can_still_be_opened(home: Path) -> None:
    older = bundle_file.current_id(home)
    bundle_file.publish(home, at=AT, journal=2, overlay=[])
    assert len(bundle_file.open_bundle(home, older).overlay.rules) == 1


def test_the_watch_swaps_once_for_each_new_bundle(home: Path) -> None:
    watch = BundleWatch(home)
    assert watch.poll() and not watch.poll()
    bundle_file.publish(home, at=AT, journal=2, overlay=[])
    assert watch.poll() and not watch.poll()


@pytest.mark.parametrize("part", ["policy", "overlay", "roll", "manifest"])
@pytest.mark.parametrize("damage", [b"", b"{", b'{"half":', b"\xff\xfe"])
def test_a_damaged_part_is_refused_and_the_last_good_bundle_serves(home: Path, part: str, damage: bytes) -> None:
    watch = BundleWatch(home)
    watch.poll()
    good = watch.bundle
    other = [{**RULE, "host": "chess.test"}]
    roll = {"persons": {"p1": {}}}
    policy = {**POLICY, "alternative": "2"}
    name = bundle_file.publish(home, at=AT, journal=2, overlay=other, policy=policy, roll=roll)
    said = bundle_file.manifest(home, name)
    path = home / "bundles" / (f"manifest-{name}.json" if part == "manifest" else said[part])
    path.write_bytes(damage)
    assert not watch.poll()
    assert watch.bundle is good
    assert str(path) in watch.trouble


def test_a_damaged_part_is_written_again_when_published_again(home: Path) -> None:
    name = bundle_file.current_id(home)
    said = bundle_file.manifest(home, name)
    (home / "bundles" / said["overlay"]).write_bytes(b"[]")
    with pytest.raises(bundle_file.BadBundle):
        bundle_file.open_bundle(home)
    bundle_file.publish(home, at=AT, journal=1, overlay=[RULE])
    assert bundle_file.open_bundle(home).overlay.rules[0].host == "games.test"


def test_a_manifest_that_names_a_missing_part_is_a_sentence(home: Path) -> None:
    data = json.dumps({"rules": "", "policy": "policy-0.json", "overlay": "", "roll": ""}).encode()
    name = bundle_file._digest(data)
    (home / "bundles" / f"manifest-{name}.json").write_bytes(data)
    with pytest.raises(bundle_file.BadBundle, match=r"policy-0\.json"):
        bundle_file.open_bundle(home, name)


def test_before_anything_is_published_the_watch_says_what_to_do(tmp_path: Path) -> None:
    watch = BundleWatch(tmp_path)
    assert not watch.poll() and watch.bundle is None
    assert "homeroom build" in watch.trouble


ROLL = {"persons": {"ben": {"profile": "unknown", "alias": "a1b2"}, "ana": {"profile": "unknown"}}}


def test_pseudonyms_are_a_part_of_their_own_and_no_roll_holds_them(home: Path) -> None:
    """XIV.B.3: what is kept to explain an old answer tells nobody's pseudonym."""
    name = bundle_file.publish(home, at=AT, journal=2, roll=ROLL)
    assert bundle_file.open_bundle(home).roll.person("ben").alias == "a1b2"
    said = bundle_file.manifest(home, name)
    assert "a1b2" not in (home / "bundles" / said["roll"]).read_text()
    (home / "bundles" / said["aliases"]).unlink()
    assert bundle_file.open_bundle(home).roll.person("ben").alias == ""
    assert bundle_file.open_bundle(home).roll.person("ben").person == "ben"


def test_a_new_month_changes_the_pseudonyms_and_leaves_the_roll(home: Path) -> None:
    before = bundle_file.manifest(home, bundle_file.publish(home, at=AT, journal=2, roll=ROLL))
    watch = BundleWatch(home)
    assert watch.poll()
    next_month = {"persons": {**ROLL["persons"], "ben": {"profile": "unknown", "alias": "c3d4"}}}
    after = bundle_file.manifest(home, bundle_file.publish(home, at=AT, journal=2, roll=next_month))
    assert after["roll"] == before["roll"] and after["aliases"] != before["aliases"]
    assert watch.poll() and watch.bundle is not None
    assert watch.bundle.roll.person("ben").alias == "c3d4"
