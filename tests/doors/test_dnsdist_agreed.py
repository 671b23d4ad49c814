"""VI: nothing is remembered by dnsdist before every door that lives judges by the newest rules."""

from __future__ import annotations

import fcntl
import socket
import struct
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from homeroom.doors.dns.answers import Page
from homeroom.doors.dns.relay import IN_FORCE, introduced
from homeroom.doors.dnsdist.agreed import GONE, Agreed
from homeroom.doors.dnsdist.node import Writer
from homeroom.doors.status import read_statuses
from homeroom.site import cli
from tests.doors.dns_process import put_in_force
from tests.doors.dns_scene import AT


class FakeDoor:
    """Says what it is told to say, once it is asked."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(5)
        self.endpoint = self.socket.getsockname()

    def say(self, mark: str) -> None:
        """Answer the question that came first."""
        asked, who = self.socket.recvfrom(200)
        assert asked == introduced(IN_FORCE)
        self.socket.sendto(mark.encode(), who)


@pytest.fixture
def doors() -> Iterator[tuple[FakeDoor, FakeDoor]]:
    made = FakeDoor(), FakeDoor()
    yield made
    for each in made:
        each.socket.close()


def test_all_doors_must_say_the_same(doors):
    one, other = doors
    agreed = Agreed([one.endpoint, other.endpoint], now=0.0)
    assert not agreed.look("new", 0.1), "nobody said anything yet"
    one.say("new")
    other.say("old")
    assert not agreed.look("new", 0.2)
    other.say("new")
    assert agreed.look("new", 0.3)
    assert not agreed.look("newer", 0.4), "what holds for one bundle holds for no other"
    agreed.close()


def test_a_door_that_is_gone_is_waited_for_no_longer_until_it_speaks_again(doors):
    one, other = doors
    agreed = Agreed([one.endpoint, other.endpoint], now=0.0)
    agreed.look("new", 0.0)
    one.say("new")
    assert not agreed.look("new", GONE), "the other may only be slow"
    one.say("new")
    assert agreed.look("new", GONE + 0.1)
    other.say("old")
    assert not agreed.look("new", GONE + 0.2), "back, with rules from before"
    agreed.close()


def test_with_no_door_there_is_nobody_to_wait_for():
    assert Agreed([], now=0.0).look("new", 0.0)


def test_a_door_that_comes_back_with_older_rules_takes_the_word_of_all_doors_back(tmp_path):
    put_in_force(tmp_path)
    agree = True
    writer = Writer(tmp_path, tmp_path / "tables", Page(), lambda mark: agree)

    def agreed_on() -> int:
        return struct.unpack_from("<4Q", (tmp_path / "tables" / "control").read_bytes())[3]

    assert writer.poll(AT) and agreed_on() == writer.generation
    agree = False
    writer.poll(AT)
    assert agreed_on() == 0 and not writer.apart, "it may only need a moment"
    agree = True
    writer.poll(AT)
    assert agreed_on() == writer.generation


def test_one_process_keeps_a_folder_and_who_only_writes_once_is_no_part_that_went_down(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HOMEROOM_HOME", str(tmp_path))
    monkeypatch.setenv("HOMEROOM_DNS_RELAY_LISTEN", "127.0.0.1:9")
    put_in_force(tmp_path)
    words = ["node", "dns", "--write", str(tmp_path / "tables")]
    assert cli.run(words) == 0
    assert read_statuses(tmp_path, datetime.now(UTC)) == {}
    with (tmp_path / "tables" / "lock").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert cli.run(words) == 2
    assert "keeps" in capsys.readouterr().err and cli.run(words) == 0
