"""A bundle that is broken on its way: the last good one keeps serving, and the status says so."""

from __future__ import annotations

import os
import signal
import time
from datetime import UTC, datetime

import pytest

from homeroom.doors import bundle_file
from homeroom.doors.bundle_watch import BundleWatch
from homeroom.kernel.decision.overlay import Rule
from tests.bad_days.house import ALLOWED, BLOCKED, publish, table, wait_for
from tests.doors.dns_scene import POLICY_JSON

DOORS = ("dns", "proxy")


def current(home):
    return bundle_file.manifest(home, bundle_file.current_id(home))


def cut(path):
    """Half-written, as by a disk that filled up without saying so."""
    data = path.read_bytes()
    replace(path, data[: len(data) // 2])


def flip(path):
    """A bit that fell over in the middle."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    replace(path, bytes(data))


def replace(path, data):
    """Another file under the same name, so that what a door has mapped stays as it was."""
    aside = path.with_name("aside")
    aside.write_bytes(data)
    aside.replace(path)


def publish_broken(home, part, how):
    """Publish a bundle that blocks new.test and break one part of it before any door can have seen it."""
    pointer = home / "bundles" / "current"
    before = pointer.read_bytes()
    more = [Rule(id="9", effect="block", host="more.test").as_json()]
    publish(
        home, ["new.test"], overlay=more, roll={"persons": {}}, changes={"new": {"profile": "student"}},
        policy={**POLICY_JSON, "essentials": ["new.test"]},
    )  # fmt: skip
    broken = pointer.read_bytes()
    replace(pointer, before)
    name = (
        f"manifest-{broken.decode()}.json" if part == "manifest" else bundle_file.manifest(home, broken.decode())[part]
    )
    how(home / "bundles" / name)
    replace(pointer, broken)


def serves_the_old(house):
    assert house.ask("games.test") == house.ask("games.test", tcp=True) == house.get("games.test") == BLOCKED
    assert house.ask("new.test") == house.get("new.test") == ALLOWED


def empty(path):
    """A file that lost all it held."""
    replace(path, b"")


def rubbish(path):
    """Something else under that name."""
    replace(path, os.urandom(5000))


@pytest.mark.parametrize("part", ["manifest", *bundle_file.PARTS])
@pytest.mark.parametrize("how", [cut, flip, empty, rubbish, os.unlink])
def test_whatever_is_broken_the_last_good_bundle_stays_and_the_next_good_one_is_taken(tmp_path, part, how):
    good = publish(tmp_path, ["games.test"])
    watch = BundleWatch(tmp_path)
    assert watch.poll() and watch.bundle.id == good
    publish_broken(tmp_path, part, how)
    if (part, how) != ("rules", flip):  # a line that fell over is found when it is read
        assert not watch.poll() and watch.bundle.id == good and watch.trouble.endswith(".")
    mended = publish(tmp_path, ["mended.test"])
    assert watch.poll() and watch.bundle.id == mended and not watch.trouble
    assert watch.bundle.table.mask("mended.test")


def test_publishing_one_part_beside_a_broken_manifest_keeps_the_lists(tmp_path):
    """Leaving a part out must never open what it blocks."""
    publish(tmp_path, ["games.test"])
    publish_broken(tmp_path, "manifest", cut)
    bundle_file.publish(tmp_path, at=datetime.now(UTC), journal=2, overlay=[])
    assert bundle_file.open_bundle(tmp_path).table.mask("games.test")
    for path in (tmp_path / "bundles").glob("manifest-*"):
        cut(path)
    with pytest.raises(bundle_file.BadBundle):
        bundle_file.publish(tmp_path, at=datetime.now(UTC), journal=2, overlay=[])
    whole = publish(tmp_path, ["games.test"])
    assert bundle_file.open_bundle(tmp_path).id == whole


def test_doors_keep_serving_beside_a_half_written_table(both):
    publish_broken(both.home, "rules", cut)
    for door in DOORS:
        trouble = wait_for(lambda door=door: both.status(door)["trouble"], f"{door} to tell")
        assert trouble.endswith("."), trouble
        assert both.status(door)["bundle"] == both.bundle
    serves_the_old(both)
    both.bundle = publish(both.home, ["after.test", "games.test"])
    for door in DOORS:
        wait_for(lambda door=door: both.status(door)["bundle"] == both.bundle, f"{door} to take the next bundle")
        assert both.status(door)["trouble"] == ""
    assert both.ask("after.test") == both.get("after.test") == BLOCKED


def test_a_line_that_fell_over_opens_nothing_and_harms_nobody_else(house):
    """Rows are checked when they are read: the name stays closed, every other one is answered."""
    path = house.home / "bundles" / current(house.home)["rules"]
    data = path.read_bytes()
    replace(path, data.replace(b"games.test", b"gbmes.test"))
    assert path.read_bytes() != data
    house.start(*DOORS)
    for _ in range(3):
        assert house.ask("ok.test") == house.get("ok.test") == ALLOWED
        assert refused_or_silent(lambda: house.ask("games.test", timeout=0.3))
        assert refused_or_silent(lambda: house.ask("games.test", timeout=0.3, tcp=True))
        assert refused_or_silent(lambda: house.get("games.test"))
    # In one go with others, as datagrams are taken in from a busy network.
    others = [f"o{number}.ok.test" for number in range(39)]
    codes = house.ask_many([*others[:20], "games.test", *others[20:]], seconds=1.2)
    assert codes.keys() >= set(others) and {codes[name] for name in others} == {0}
    assert house.alive()


def refused_or_silent(ask):
    try:
        return ask() != ALLOWED
    except OSError:
        return True


def test_a_pointer_to_nowhere_or_of_random_bytes_changes_nothing(both):
    pointer = both.home / "bundles" / "current"
    good = pointer.read_bytes()
    for data in (b"", b"0" * 16, b"\xff\xfe\0", b"../../etc/passwd", b"x" * 5000):
        replace(pointer, data)
        time.sleep(0.25)
        serves_the_old(both)
    for door in DOORS:
        wait_for(lambda door=door: both.status(door)["trouble"], f"{door} to tell")
    replace(pointer, good)
    for door in DOORS:
        wait_for(lambda door=door: not both.status(door)["trouble"], f"{door} to be well again")


def test_a_door_that_starts_beside_a_broken_bundle_serves_the_last_that_opens(house):
    publish_broken(house.home, "rules", cut)
    house.start(*DOORS)
    serves_the_old(house)
    for door in DOORS:
        status = house.status(door)
        assert status["bundle"] == house.bundle and status["trouble"]
    house.bundle = publish(house.home, ["games.test", "mended.test"])
    for door in DOORS:
        wait_for(lambda door=door: house.status(door)["bundle"] == house.bundle, f"{door} to take the mended bundle")
    assert house.ask("mended.test") == house.get("mended.test") == BLOCKED


def test_a_door_that_finds_no_bundle_at_all_answers_nothing_and_opens_nothing(house):
    """Fail closed: without rules nobody is let through."""
    for path in (house.home / "bundles").iterdir():
        path.unlink()
    house.start(*DOORS)
    assert refused_or_silent(lambda: house.ask("ok.test", timeout=0.5))
    assert house.get("ok.test") != ALLOWED
    for door in DOORS:
        assert house.status(door)["trouble"]
    publish(house.home)
    for door in DOORS:
        wait_for(lambda door=door: house.status(door)["bundle"], f"{door} to open")
    assert house.ask("ok.test") == house.get("ok.test") == ALLOWED


def test_a_publisher_killed_at_every_step_leaves_the_old_bundle_or_the_new(tmp_path):
    old = publish(tmp_path, ["old.test"])
    died = {old: 0}
    for step in range(1, 200):
        child = os.fork()
        if not child:
            _publish_and_die(tmp_path, step)
        _, code = os.waitpid(child, 0)
        here = bundle_file.open_bundle(tmp_path)
        died[here.id] = died.get(here.id, 0) + 1
        if code == 0:
            break
    assert code == 0 and len(died) == 2, "the publisher was never killed, or never done"
    assert died[old] >= 5, died
    assert here.table.mask("new.test") and not here.table.mask("old.test")


def _publish_and_die(home, step):
    steps = [0]

    def dying(function):
        def counted(*arguments, **options):
            steps[0] += 1
            if steps[0] == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **options)

        return counted

    for name in ("fsync", "replace", "rename", "unlink"):
        setattr(os, name, dying(getattr(os, name)))
    try:
        finished = home / "bundles" / ".finished"
        finished.write_bytes(NEW)
        rules = bundle_file.install_rules(home, finished)
        overlay = [Rule(id="1", effect="block", host="more.test").as_json()]
        bundle_file.publish(home, at=datetime.now(UTC), journal=2, rules=rules, overlay=overlay, roll={"persons": {}})
    finally:
        os._exit(0)


NEW = table(["new.test"])
