"""Bad days of filter nodes: the centre gone, a full disk, a wrong clock, a cloned machine, another district."""

from __future__ import annotations

import json
import secrets
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from homeroom.base.actor import SYSTEM
from homeroom.doors import bundle_file
from homeroom.doors.dns.answers import Page
from homeroom.doors.dnsdist.node import Writer
from homeroom.doors.nodes import place, runner, signing
from homeroom.doors.nodes.centre import Centre, Unreachable
from homeroom.kernel.decision.ask import Ask, Who
from homeroom.kernel.decision.decide import decide
from homeroom.kernel.decision.overlay import Rule
from homeroom.nodes import actions, keys, queries
from homeroom.nodes.models import Node, Shipped
from homeroom.nodes.views import machines
from tests.bad_days.test_disk import tiny
from tests.doors.dns_process import put_in_force
from tests.doors.dns_scene import AT, ROLL_JSON

DAY = 86_400
GAMES = Ask(who=Who(person="ben", profile="student"), host="games.test")


class Link(Centre):
    """The real client of a node; its requests go into the web application of this very process, or nowhere."""

    def __init__(self, **values) -> None:
        super().__init__("https://centre.test", **values)
        self.away = False

    def _ask(self, method, path, body=b"", extra=None):
        if self.away:
            raise Unreachable("The centre centre.test cannot be reached: no route.")
        second = int(time.time())
        signature = signing.request_signature(self._seed, method, path, body, second)
        headers = {"Homeroom-Node": f"{self._node} {second} {signature}", **(extra or {})}
        answer = Client().generic(method, path, body, headers=headers)
        said = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return answer.status_code, said, answer.headers


@pytest.fixture
def clock(monkeypatch):
    """The time of day at the centre and at the node, which may be moved apart."""

    class Clock:
        centre = node = time.time()

        def move(self, seconds: float) -> None:
            self.centre, self.node = self.centre + seconds, self.node + seconds

    made = Clock()
    monkeypatch.setattr(time, "time", lambda: made.node)
    monkeypatch.setattr(machines.timezone, "now", lambda: datetime.fromtimestamp(made.centre, UTC))
    return made


@pytest.fixture
def centre(town, tmp_path, monkeypatch, clock) -> Path:
    home = tmp_path / "centre"
    home.mkdir()
    monkeypatch.setenv("HOMEROOM_HOME", str(home))
    monkeypatch.setattr(queries, "_last", ("", "", b""))
    put_in_force(home)
    return home


def enrol(root: Path, clock, name: str = "north-1") -> runner.District:
    """A node of this district, which works."""
    code = actions.make_code(actor=SYSTEM, name=name, at=datetime.fromtimestamp(clock.centre, UTC))
    seed = secrets.token_bytes(32)
    body = json.dumps({"code": code, "key": signing.public(seed)})
    told = Client().post("/nodes/enrol", body, content_type="application/json").json()
    made = runner.District(place.settle(root, told, centre="https://centre.test", seed=seed, trust=""))
    made.centre = Link(node=told["node"], seed=seed)
    made.turn()
    return made


def block(centre: Path, *hosts: str) -> str:
    rules = [Rule(host, "block", host).as_json() for host in hosts]
    return bundle_file.publish(centre, at=AT, journal=2, overlay=rules)


def spool(district: runner.District, name: str) -> None:
    folder = district.place.home / "spool"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"a line\n")


def verdict(district: runner.District, ask: Ask) -> str:
    return decide(ask, bundle_file.open_bundle(district.place.home), datetime.now(UTC)).verdict


def test_the_centre_is_gone_for_three_days_and_everything_arrives_when_it_is_back(centre, tmp_path, clock):
    node = enrol(tmp_path / "node", clock)
    before = bundle_file.current_id(node.place.home)
    assert before == bundle_file.current_id(centre)
    node.centre.away = True
    for hour in range(72):
        clock.move(3600)
        spool(node, f"dns-4711-{hour}.log")
        node.turn()
        assert verdict(node, GAMES) == "block"
    said = node.status()
    assert said["waiting"] == 72 and "cannot be reached" in said["trouble"] and said["bundle"] == before
    assert clock.node - said["reached"] > 71 * 3600, "how old the rules may be is told"
    at = datetime.fromtimestamp(clock.centre, UTC)
    assert any("keeps deciding" in each for each in queries.silent(at))
    last = [block(centre, *(f"h{n}.test" for n in range(1, count))) for count in (2, 3, 4)][-1]
    node.centre.away = False
    node.turn()
    assert node.status()["waiting"] == 0 and node.status()["trouble"] == ""
    assert bundle_file.current_id(node.place.home) == last
    assert verdict(node, Ask(who=GAMES.who, host="h3.test")) == "block"
    arrived = sorted(path.name for path in (centre / "spool").glob("*.log"))
    assert len(arrived) == 72 and Shipped.objects.count() == 72
    assert list(queries.silent(at)) == []


def test_a_link_that_breaks_in_the_middle_sends_no_file_twice(centre, tmp_path, clock, monkeypatch):
    node = enrol(tmp_path / "node", clock)
    for number in range(6):
        spool(node, f"dns-1-{number}.log")
    ship, sent = node.centre.ship, []

    def breaks(name: str, data: bytes) -> None:
        ship(name, data)
        sent.append(name)
        if len(sent) == 3:
            raise Unreachable("The link broke before the answer came.")

    monkeypatch.setattr(node.centre, "ship", breaks)
    node.turn()
    node.turn()
    assert len(sent) == 7 and len(set(sent)) == 6, "one was sent twice"
    assert len(list((centre / "spool").glob("*.log"))) == 6 == Shipped.objects.count(), "and taken once"


@pytest.mark.parametrize("wrong", [-2 * DAY, -400, 400, 30 * DAY])
def test_a_node_whose_clock_is_wrong_goes_on_and_says_so(centre, tmp_path, clock, wrong):
    node = enrol(tmp_path / "node", clock)
    spool(node, "dns-1-1.log")
    clock.node += wrong
    block(centre, "new.test")
    node.turn()
    assert "clocks differ" in node.status()["trouble"] and node.status()["waiting"] == 1
    assert verdict(node, GAMES) == "block", "the last good bundle keeps serving"
    clock.node = clock.centre
    node.turn()
    assert node.status()["trouble"] == "" and node.status()["waiting"] == 0
    assert verdict(node, Ask(who=GAMES.who, host="new.test")) == "block"


def test_a_clock_that_is_a_little_wrong_is_told_at_the_centre(centre, tmp_path, clock):
    node = enrol(tmp_path / "node", clock)
    clock.node += 120
    node.turn()
    at = datetime.fromtimestamp(clock.centre, UTC)
    assert [each for each in queries.silent(at) if "120 seconds off" in each]


def test_a_full_disk_on_a_node_leaves_the_last_bundle_and_no_litter_and_the_next_one_comes(centre, tmp_path, clock):
    with tiny(tmp_path / "node") as root:
        node = enrol(root, clock)
        writer = Writer(node.place.home, node.place.home / "dnsdist", Page())
        assert writer.poll(AT)
        before, generation = bundle_file.current_id(node.place.home), writer.generation
        fill(root / "filler")
        many = [Rule(f"{n}", "block", f"h{n}.test").as_json() for n in range(4000)]
        bundle_file.publish(centre, at=AT, journal=2, overlay=many)
        node.turn()
        assert "No space left" in node.trouble and bundle_file.current_id(node.place.home) == before
        assert verdict(node, GAMES) == "block"
        assert not [path for path in root.rglob(".*") if path.is_file()], "nothing half written is left"
        (root / "filler").unlink()
        node.turn()
        assert bundle_file.current_id(node.place.home) == bundle_file.current_id(centre) != before
        fill(root / "filler")
        assert not writer.poll(AT) and "No space left" in writer.trouble and writer.generation == generation
        assert not list((node.place.home / "dnsdist").glob(".*"))
        (root / "filler").unlink()
        writer._again = 0.0  # a second later
        assert writer.poll(AT) and writer.generation == generation + 1 and writer.trouble == ""


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return


def test_a_machine_that_lives_twice_is_told_of_and_one_that_is_restarted_is_not(centre, tmp_path, clock):
    node = enrol(tmp_path / "node", clock)
    clone = runner.District(place.Place.at(tmp_path / "node", node.place.district))
    clone.centre = Link(node=node.place.node, seed=(node.place.home / "keys" / "node.key").read_bytes())

    def speak(district: runner.District, run: str) -> list[str]:
        clock.move(10)
        district.centre.health({**district.status(), "run": run})
        return list(queries.silent(datetime.fromtimestamp(clock.centre, UTC)))

    assert speak(node, "first") == speak(node, "restarted") == speak(node, "again") == []
    assert speak(clone, "clone") == []
    assert any("cloned" in each for each in speak(node, "again"))
    assert any("cloned" in each for each in speak(node, "again")), "it stays for an hour"
    clock.move(3700)
    node.centre.health({**node.status(), "run": "again"})
    assert list(queries.silent(datetime.fromtimestamp(clock.centre, UTC))) == []


@pytest.mark.parametrize("part", ["overlay", "policy", "manifest"])
def test_a_damaged_file_of_a_bundle_comes_anew(centre, tmp_path, clock, part):
    node = enrol(tmp_path / "node", clock)
    block(centre, "h.test")
    node.turn()
    name = bundle_file.current_id(node.place.home)
    ours = next(each for each in node.place.recent[-1] if each.startswith(part))
    (node.place.home / "bundles" / ours).write_text("half of it")
    with pytest.raises(bundle_file.BadBundle, match=r"homeroom node run|cannot be read"):
        bundle_file.open_bundle(node.place.home)
    asked = []
    fetch = node.centre.part
    node.centre.part = lambda wanted: (asked.append(wanted), fetch(wanted))[1]
    for _ in range(3):
        node.turn()
    assert bundle_file.current_id(node.place.home) == name and verdict(node, GAMES) == "block"
    assert asked == [ours] and node.centre.etag, "only what was damaged, and only once"


def test_a_replayed_answer_of_the_centre_changes_nothing(centre, tmp_path, clock):
    node = enrol(tmp_path / "node", clock)
    old = queries.statement()
    new = block(centre, "new.test")
    node.turn()
    node.centre.bundle = lambda: old
    node.turn()
    assert "older than the one in force" in node.trouble and bundle_file.current_id(node.place.home) == new


def test_nobody_of_one_district_gets_into_another(centre, town, tmp_path, clock, monkeypatch, settings):
    """Two installations have keys of their own: what one gave, to a person or a node, opens nothing at the other."""
    node = enrol(tmp_path / "node", clock)
    clerk = town.client("dana")
    assert clerk.get("/filter-nodes").status_code == 200
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.setenv("HOMEROOM_HOME", str(other))
    settings.SECRET_KEY = secrets.token_hex(32)
    put_in_force(other)
    bundle_file.publish(other, at=AT, journal=2, roll={**ROLL_JSON, "tokens": {}})
    monkeypatch.setattr(queries, "_last", ("", "", b""))
    assert clerk.get("/filter-nodes").status_code == 302, "the session is no session there"
    Node.objects.update(key=signing.public(secrets.token_bytes(32)))  # the other district's node of that number
    with pytest.raises(Unreachable, match="not signed by a node of this district"):
        node.centre.health({})
    with pytest.raises(Unreachable):
        node.centre.part(f"manifest-{bundle_file.current_id(other)}.json")
    assert keys.district() != node.place.district
    with pytest.raises(signing.BadStatement):
        node.place.take(queries.statement(), lambda name: (other / "bundles" / name).read_bytes())
