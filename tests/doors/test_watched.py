"""XIII.A: answers that lead to watched names are counted by day as well, and never who asked for them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from types import SimpleNamespace

import pytest

from homeroom.doors.proxy.world import View
from homeroom.doors.spool import Spool
from homeroom.kernel import spoolline
from homeroom.kernel.decision.ask import Ask
from homeroom.kernel.decision.decide import decide
from homeroom.kernel.decision.watch import watched
from tests.doors.dns_scene import BEN, LEAH, OLSEN, Scene, bundle, query

AT = datetime(2026, 9, 1, 15, 59, 59, tzinfo=UTC)
DAY = int(datetime(2026, 9, 1, tzinfo=UTC).timestamp())
KEY = ("birch", "student", "allow", "district", "")


def lines(home) -> list[spoolline.Line]:
    return [
        spoolline.read(line)
        for path in sorted((home / "spool").glob("*.log"))
        for line in path.read_bytes().splitlines()
    ]


def tools(home) -> Counter:
    found: Counter = Counter()
    for line in lines(home):
        for tool in line.tools if isinstance(line, spoolline.Tools) else ():
            found[tool[:-1]] += tool.n
    return found


def counted(home) -> int:
    return sum(count.n for line in lines(home) if isinstance(line, spoolline.Counts) for count in line.counts)


class TestTheSpool:
    def test_a_watched_answer_counts_as_every_other_and_by_its_name(self, tmp_path):
        spool = Spool(tmp_path, "dns")
        spool.cell(*KEY)[0] += 2
        spool.watch(*KEY, "quiz.test")[0] += 3
        spool.watch("cedar", *KEY[1:], "quiz.test")[0] += 4
        spool.flush(AT)
        assert counted(tmp_path) == 9
        assert tools(tmp_path) == {(DAY, "student", "quiz.test"): 7}, "the schools are not told apart"

    def test_nothing_is_counted_twice_and_a_new_day_begins_at_midnight(self, tmp_path):
        spool = Spool(tmp_path, "dns")
        cell = spool.watch(*KEY, "quiz.test")
        for at in (AT, AT + timedelta(seconds=1), AT + timedelta(days=1)):
            cell[0] += 1
            spool.flush(at)
        spool.close(AT + timedelta(days=1))
        assert tools(tmp_path) == {(DAY, "student", "quiz.test"): 2, (DAY + 86400, "student", "quiz.test"): 1}

    @pytest.mark.clause("XIV.B.3")
    def test_the_line_has_no_place_for_a_school_an_hour_or_anybody(self):
        assert spoolline.Tool._fields == ("day", "profile", "domain", "n")
        with pytest.raises(spoolline.BadLine, match="whole day"):
            spoolline.read(spoolline.sealed('["tools",1,"dns",[[3600,"student","quiz.test",1]]]'))
        with pytest.raises(spoolline.BadLine):
            spoolline.read(spoolline.sealed('["tools",1,"dns",[[0,"student","quiz.test","a1b2",1]]]'))

    def test_many_names_come_out_as_they_went_in(self):
        rows = [spoolline.Tool(DAY, "student", f"t{n}.test", n) for n in range(450)]
        read = [spoolline.read(line) for line in spoolline.write_tools(5, "dns", rows)]
        assert [tool for line in read for tool in line.tools] == rows and len(read) == 3


class TestTheDnsDoor:
    @pytest.fixture
    def scene(self) -> Scene:
        scene = Scene()
        scene.talk.use(bundle(watched=("quiz.test", "games.test")))
        for name in ("quiz.test", "app.quiz.test", "other.test"):
            scene.upstream[name, "A"] = ["203.0.113.9"]
        return scene

    def named(self, scene: Scene) -> dict[str, int]:
        return {key[5]: cell[0] for key, cell in scene.notes.cells.items() if len(key) == 6}

    def test_each_answer_is_counted_also_those_that_are_remembered(self, scene):
        for _ in range(3):
            scene.ask("app.quiz.test")
        scene.ask("quiz.test", address=LEAH)
        scene.ask("other.test")
        assert self.named(scene) == {"quiz.test": 4}
        assert scene.notes.count("allow") == 5

    def test_those_told_in_one_batch_are_counted_too(self, scene):
        scene.ask("quiz.test")
        question = query("quiz.test").to_wire()
        told = scene.talk.remembered([question[2:]] * 5, [scene_address(BEN)] * 5)
        assert None not in told and self.named(scene) == {"quiz.test": 6}

    def test_profiles_are_told_apart_and_a_refusal_is_no_use(self, scene):
        scene.ask("quiz.test")
        scene.ask("quiz.test", address=OLSEN)
        scene.ask("games.test")
        assert sorted(key[1] for key in scene.notes.cells if len(key) == 6) == ["adult", "student"]

    def test_without_watched_names_nothing_is_asked(self):
        scene = Scene()
        scene.upstream["quiz.test", "A"] = ["203.0.113.9"]
        scene.ask("quiz.test")
        assert self.named(scene) == {} and watched("quiz.test", frozenset()) == ""


def scene_address(text: str) -> bytes:
    return ip_address(text).packed


class TestTheProxyDoor:
    def test_a_page_of_a_watched_name_is_counted_by_it(self, tmp_path):
        spool = Spool(tmp_path, "proxy")
        view = View.__new__(View)
        rules = bundle(watched=("quiz.test",))
        view._shared = SimpleNamespace(spool=spool, counts=Counter(), watch=SimpleNamespace(bundle=rules))
        for host in ("app.quiz.test", "other.test", "games.test"):
            ask = Ask(who=rules.roll.by_address(scene_address(BEN)), host=host)
            view.note(ask, decide(ask, rules, AT))
        spool.close(AT)
        assert tools(tmp_path) == {(DAY, "student", "quiz.test"): 1} and counted(tmp_path) == 3
