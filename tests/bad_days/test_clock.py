"""A clock that jumps by hours: rules follow the time of day, everything else follows time that cannot jump."""

from __future__ import annotations

from datetime import timedelta

import pytest

from homeroom.doors.spool import Spool
from homeroom.kernel import spoolline
from homeroom.kernel.decision.overlay import Rule
from tests.doors.dns_scene import AT, BEN, Scene, addresses

HOURS = (5, -5, 24 * 400, -24 * 400)


def scene(**options):
    made = Scene(**options)
    made.upstream["ok.test", "A"] = ["300", "192.0.2.1"]
    return made


@pytest.mark.parametrize("hours", HOURS)
def test_remembered_answers_live_by_monotonic_time(hours):
    house = scene()
    house.ask("ok.test")
    house.wall += hours * 3600
    house.tick(100)
    answer = house.ask("ok.test")
    # A machine with much to do takes seconds itself; hours would be the jump.
    assert addresses(answer) == ["192.0.2.1"] and 180 <= answer.answer[0].ttl <= 200
    assert house.asked == [("ok.test", "A")]  # neither asked again nor kept for ever
    house.tick(250)
    house.ask("ok.test")
    assert len(house.asked) == 2


@pytest.mark.parametrize("hours", HOURS)
def test_a_client_at_its_limit_stays_there_for_a_second_and_no_longer(hours):
    house = scene(rate=5)
    for _ in range(5):
        house.ask("porn.test")
        house.wall += hours * 3600
        house.tick(0)
    limited = house.talk.counts["limited"]
    house.ask("porn.test")
    assert house.talk.counts["limited"] > limited
    house.tick(1.1)
    limited = house.talk.counts["limited"]
    house.ask("porn.test")
    assert house.talk.counts["limited"] == limited


def test_a_rule_holds_exactly_while_the_clock_says_so_whichever_way_it_jumps():
    rule = Rule(
        id="1", effect="block", host="ok.test", owner="A. Olsen", reason="Test week.",
        starts=AT + timedelta(hours=1), until=AT + timedelta(hours=2),
    )  # fmt: skip
    house = scene(rules=[rule])
    assert addresses(house.ask("ok.test"))
    for hours, closed in ((1.5, True), (-2, False), (1.6, True), (30, False), (-29.9, True), (-0.2, True)):
        house.wall += hours * 3600
        house.tick(0.01)
        inside = rule.in_force(AT.fromtimestamp(house.wall, AT.tzinfo))
        assert inside is (not addresses(house.ask("ok.test"))), (hours, closed)


def test_counts_go_to_the_hour_that_the_clock_shows_and_none_is_lost(tmp_path):
    spool, cells = Spool(tmp_path, "dns"), 0
    at = AT
    for hours in (0, 5, -9, 400, -396, 0):
        at += timedelta(hours=hours)
        spool.cell("birch", "student", "allow", "district", "")[0] += 1
        cells += 1
        spool.flush(at)
    spool.close(at)
    (path,) = (tmp_path / "spool").glob("*.log")
    counts = [count for line in path.read_bytes().splitlines() for count in spoolline.read(line).counts]
    assert sum(count.n for count in counts) == cells
    assert {count.hour % 3600 for count in counts} == {0}


@pytest.mark.parametrize("hours", HOURS)
def test_what_waits_for_an_upstream_is_answered_across_a_jump(hours):
    house = scene()
    late = []
    from ipaddress import ip_address

    from tests.doors.dns_scene import query

    reply = house.talk.datagram(query("ok.test").to_wire(), ip_address(BEN).packed)
    reply.send = late.append
    house.wall += hours * 3600
    house.tick(0.2)
    house.play()
    assert len(late) == 1
