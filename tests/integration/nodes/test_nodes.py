"""Filter nodes: enrolled once, given only what their own district signed, heard once for each file."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import Client

from homeroom.base.actor import SYSTEM
from homeroom.base.errors import Refused
from homeroom.doors import bundle_file, whole_file
from homeroom.doors.nodes import place, signing
from homeroom.doors.nodes.place import Place
from homeroom.doors.nodes.signing import BadStatement
from homeroom.journal.models import Entry
from homeroom.nodes import actions, keys, queries
from homeroom.nodes.actions import traffic
from homeroom.nodes.models import Node
from homeroom.site import cli
from tests.doors.dns_process import put_in_force
from tests.doors.dns_scene import ROLL_JSON

AT = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)


class District:
    """A district without a web application: a home, a key, what it would serve."""

    def __init__(self, home: Path) -> None:
        self.home, self.seed = home, secrets.token_bytes(32)
        home.mkdir()
        put_in_force(home)
        self.first = signing.public(self.seed)
        self.id = signing.fingerprint(self.first)
        self.chain: list[dict[str, str]] = []

    def publish(self, **parts: object) -> None:
        bundle_file.publish(self.home, at=AT, journal=2, **parts)  # type: ignore[arg-type]

    def statement(self, **other: object) -> bytes:
        name = bundle_file.current_id(self.home)
        said = bundle_file.manifest(self.home, name)
        files = [f"manifest-{name}.json", *(said[part] for part in bundle_file.PARTS if said[part])]
        facts = {
            "format": 1, "district": self.id, "serial": said["serial"], "manifest": name, "born": said["born"],
            "files": {each: hashlib.sha256(self.file(each)).hexdigest() for each in files}, **other,
        }  # fmt: skip
        return signing.bundle_statement(self.seed, facts)

    def file(self, name: str) -> bytes:
        return (self.home / "bundles" / name).read_bytes()

    def enrol(self, root: Path) -> Place:
        told = {"district": self.id, "first_key": self.first, "chain": self.chain, "ticket_key": "00" * 32, "node": 1,
                "name": "north"}  # fmt: skip
        return place.settle(root, told, centre="https://centre.test", seed=secrets.token_bytes(32), trust="")


@pytest.fixture
def birch(tmp_path: Path) -> District:
    return District(tmp_path / "birch")


@pytest.fixture
def cedar(tmp_path: Path) -> District:
    return District(tmp_path / "cedar")


def test_a_signed_bundle_is_put_in_force_and_opens(birch, tmp_path):
    here = birch.enrol(tmp_path / "node")
    assert here.take(birch.statement(), birch.file) == bundle_file.current_id(birch.home)
    assert bundle_file.open_bundle(here.home).id == bundle_file.current_id(birch.home)
    assert here.take(birch.statement(), birch.file) == "", "nothing is fetched twice"
    birch.publish(roll={**ROLL_JSON, "tokens": {}})
    fetched: list[str] = []
    here.take(birch.statement(), lambda name: fetched.append(name) or birch.file(name))
    assert len(fetched) == 2 and not any(name.startswith("rules") for name in fetched), "only what changed travels"
    assert here.home.stat().st_mode & 0o077 == 0


def test_what_is_not_signed_older_or_changed_is_refused_and_the_last_good_one_stays(birch, tmp_path):
    here = birch.enrol(tmp_path / "node")
    old = birch.statement()
    here.take(old, birch.file)
    birch.publish(roll={**ROLL_JSON, "tokens": {}})
    now = bundle_file.current_id(here.home)
    unsigned = json.dumps({**json.loads(birch.statement()), "signature": "AAAA"}).encode()
    changed = birch.statement().replace(b"serial", b"seriam")
    for bad in (unsigned, changed, b"noise", b"{}"):
        with pytest.raises(BadStatement):
            here.take(bad, birch.file)
    with pytest.raises(BadStatement, match="not what the district signed"):
        here.take(birch.statement(), lambda name: birch.file(name) + b" ")
    assert bundle_file.current_id(here.home) == now
    assert here.take(birch.statement(), birch.file)
    with pytest.raises(BadStatement, match="older"):
        here.take(old, birch.file)
    again = Place.at(tmp_path / "node", birch.id)
    with pytest.raises(BadStatement, match="older"):
        again.take(old, birch.file)  # also after a restart


def test_two_districts_on_one_node_never_meet(birch, cedar, tmp_path):
    root = tmp_path / "node"
    north, south = birch.enrol(root), cedar.enrol(root)
    north.take(birch.statement(), birch.file)
    south.take(cedar.statement(), cedar.file)
    before = {path: path.read_bytes() for path in south.home.rglob("*") if path.is_file()}
    ways = (
        (birch.statement(), birch.file),  # another district's own statement
        (birch.statement(district=cedar.id), birch.file),  # which claims to be ours
        (cedar.statement(district=birch.id), cedar.file),  # ours, made out to another
        (cedar.statement(serial=10**6, files={"../../x/node.json": "0" * 64}), cedar.file),  # a file elsewhere
    )
    for statement, fetch in ways:
        with pytest.raises(BadStatement):
            south.take(statement, fetch)
    for odd in ("../" + cedar.id, cedar.id.upper(), "", "a/b"):
        with pytest.raises(BadStatement):
            Place.at(root, odd)
    birch.publish(roll={"persons": {}})
    north.take(birch.statement(), birch.file)
    assert {path: path.read_bytes() for path in south.home.rglob("*") if path.is_file()} == before
    mine, other = (each.home / "keys" / "node.key" for each in (north, south))
    assert mine.read_bytes() != other.read_bytes()


def test_a_centre_cannot_introduce_itself_as_another_district(birch, cedar, tmp_path):
    told = {"district": birch.id, "first_key": cedar.first, "chain": [], "ticket_key": "00", "node": 1, "name": "x"}
    with pytest.raises(BadStatement):
        place.settle(tmp_path / "node", told, centre="https://x", seed=b"s" * 32, trust="")


def test_a_new_key_is_believed_only_where_the_old_one_vouches_for_it(birch, cedar, tmp_path):
    here = birch.enrol(tmp_path / "node")
    new = secrets.token_bytes(32)
    step = signing.next_key(birch.seed, signing.public(new))
    forged = signing.next_key(cedar.seed, signing.public(cedar.seed))
    assert signing.follow(tuple(here.keys), [forged]) == tuple(here.keys)
    birch.seed = new
    with pytest.raises(BadStatement, match="not signed"):
        here.take(birch.statement(), birch.file)
    here.keys = list(signing.follow(tuple(here.keys), [step]))
    assert here.take(birch.statement(), birch.file)


def test_a_key_that_was_replaced_signs_nothing_more(birch, tmp_path):
    """It is replaced because somebody may have got hold of it."""
    here = birch.enrol(tmp_path / "node")
    old, new = birch.seed, secrets.token_bytes(32)
    here.keys = list(signing.follow(tuple(here.keys), [signing.next_key(old, signing.public(new))]))
    with pytest.raises(BadStatement, match="not signed"):
        here.take(birch.statement(), birch.file)
    with pytest.raises(BadStatement, match="not signed"):
        here.take_leases(signing.lease_statement(old, birch.id, b""))
    stolen = signing.next_key(old, signing.public(secrets.token_bytes(32)))
    assert signing.follow(tuple(here.keys), [stolen]) == tuple(here.keys)
    birch.seed = new
    assert here.take(birch.statement(), birch.file)


def test_a_change_of_keys_that_broke_off_leaves_no_node_behind(centre, monkeypatch):
    first, write = keys.introduction()["first_key"], whole_file.put

    def full(path: Path, data: bytes) -> None:
        if path.name == "bundle.key":
            raise OSError("No space left on device")
        write(path, data)

    monkeypatch.setattr(whole_file, "put", full)
    with pytest.raises(OSError, match="No space"):
        keys.renew()
    assert keys.chain() == [], "what signs is still the first key"
    monkeypatch.setattr(whole_file, "put", write)
    new = keys.renew()
    assert signing.follow((first,), keys.chain()) == (first, new)


# The centre


@pytest.fixture
def centre(town, tmp_path, monkeypatch) -> Path:
    home = tmp_path / "centre"
    home.mkdir()
    monkeypatch.setenv("HOMEROOM_HOME", str(home))
    monkeypatch.setattr(queries, "_last", ("", "", b""))
    put_in_force(home)
    return home


class Machine:
    """A machine with a key that speaks to the centre."""

    def __init__(self) -> None:
        self.seed, self.node, self.client = secrets.token_bytes(32), 0, Client()

    def enrol(self, code: str):
        body = json.dumps({"code": code, "key": signing.public(self.seed)})
        answer = self.client.post("/nodes/enrol", body, content_type="application/json")
        self.node = answer.json()["node"] if answer.status_code == 200 else 0
        return answer

    def ask(self, method: str, path: str, body: bytes = b"", *, second: int | None = None, **headers: str):
        second = int(time.time()) if second is None else second
        signature = signing.request_signature(self.seed, method, path, body, second)
        headers = {"Homeroom-Node": f"{self.node} {second} {signature}", **headers}
        return self.client.generic(method, path, body, headers=headers)


@pytest.fixture
def machine(centre) -> Machine:
    made = Machine()
    assert made.enrol(actions.make_code(actor=SYSTEM, name="north-1", at=datetime.now(UTC))).status_code == 200
    return made


def test_a_code_enrols_one_machine_once_and_within_a_day(centre):
    now = datetime.now(UTC)
    code = actions.make_code(actor=SYSTEM, name="north-1", at=now)
    assert re.fullmatch("[0-9a-f]{48}", code), "a command line takes it for no option"
    first, second = Machine(), Machine()
    assert first.enrol(code).status_code == 200
    assert second.enrol(code).status_code == 403 and "homeroom nodes code" in second.enrol(code).content.decode()
    late = actions.make_code(actor=SYSTEM, name="north-2", at=now - timedelta(hours=25))
    assert second.enrol(late).status_code == 403
    with pytest.raises(Refused, match="already"):
        actions.make_code(actor=SYSTEM, name="north-1", at=now)
    assert {"nodes.code.made", "nodes.node.enrolled"} <= set(Entry.objects.values_list("verb", flat=True))
    assert code not in json.dumps(list(Entry.objects.values_list("data", flat=True)))


def test_a_cloned_machine_is_refused(centre, machine):
    clone = Machine()
    clone.seed = machine.seed
    answer = clone.enrol(actions.make_code(actor=SYSTEM, name="north-2", at=datetime.now(UTC)))
    assert answer.status_code == 403 and "cloned" in answer.content.decode()


def test_a_bundle_is_given_by_etag_and_fits_what_a_node_checks(machine, centre, tmp_path):
    answer = machine.ask("GET", "/nodes/bundle")
    assert answer.status_code == 200
    assert machine.ask("GET", "/nodes/bundle", **{"If-None-Match": answer["ETag"]}).status_code == 304
    told = {**keys.introduction(), "node": machine.node, "name": "north-1"}
    here = place.settle(tmp_path / "node", told, centre="https://x", seed=machine.seed, trust="")

    def fetch(name: str) -> bytes:
        return b"".join(machine.ask("GET", f"/nodes/part/{name}").streaming_content)

    assert here.take(answer.content, fetch) == bundle_file.current_id(centre)
    bundle_file.publish(centre, at=AT, journal=3, roll={"persons": {}})
    changed = machine.ask("GET", "/nodes/bundle", **{"If-None-Match": answer["ETag"]})
    assert changed.status_code == 200 and here.take(changed.content, fetch)
    actions.renew_key(actor=SYSTEM, at=datetime.now(UTC))
    bundle_file.publish(centre, at=AT, journal=4, roll={"persons": {}, "tokens": {}})
    newer = machine.ask("GET", "/nodes/bundle").content
    with pytest.raises(BadStatement, match="not signed"):
        here.take(newer, fetch)
    here.keys = list(signing.follow(tuple(here.keys), machine.ask("GET", "/nodes/keys").json()["chain"]))
    assert here.take(newer, fetch)


@pytest.mark.parametrize("way", ["nothing", "another path", "another body", "old", "a stranger", "ended", "noise"])
def test_nobody_but_a_node_of_ours_is_heard(machine, way):
    path, body = "/nodes/spool/dns-1-2.log", b"data"
    if way == "nothing":
        answer = machine.client.post(path, body, content_type="application/octet-stream")
    elif way == "noise":
        answer = machine.client.get("/nodes/bundle", headers={"Homeroom-Node": "x y z"})
    elif way == "old":
        answer = machine.ask("POST", path, body, second=int(time.time()) - 3600)
    elif way == "a stranger":
        machine.seed = secrets.token_bytes(32)
        answer = machine.ask("POST", path, body)
    elif way == "ended":
        actions.end_node(actor=SYSTEM, name="north-1", reason="Sold.", at=datetime.now(UTC))
        answer = machine.ask("POST", path, body)
    else:
        second = int(time.time())
        other = ("/nodes/health", body) if way == "another path" else (path, b"other")
        signature = signing.request_signature(machine.seed, "POST", *other, second)
        headers = {"Homeroom-Node": f"{machine.node} {second} {signature}"}
        answer = machine.client.generic("POST", path, body, headers=headers)
    assert answer.status_code == 403


def test_a_file_is_taken_once_however_often_it_is_sent(machine, centre):
    for expected in (201, 200, 200):
        assert machine.ask("POST", "/nodes/spool/dns-4711-99.log", b"lines\n").status_code == expected
    found = list((centre / "spool").iterdir())
    assert [path.name for path in found] == [f"dns-n{machine.node}-4711-99.log"]
    found[0].unlink()  # the intake has taken it in
    assert machine.ask("POST", "/nodes/spool/dns-4711-99.log", b"lines\n").status_code == 200
    assert not list((centre / "spool").iterdir())
    for odd in ("x.log", "dns-1.log", "..%2Fkeys%2Fdjango.key"):
        assert machine.ask("POST", f"/nodes/spool/{odd}", b"x").status_code in (400, 403, 404)


def test_a_file_as_large_as_doors_make_them_is_taken(machine, centre):
    data = b"x" * (9 << 20)
    assert machine.ask("POST", "/nodes/spool/dns-4711-99.log", data).status_code == 201
    assert next((centre / "spool").iterdir()).read_bytes() == data
    assert machine.ask("POST", "/nodes/spool/dns-4711-100.log", b"x" * (traffic.LARGEST + 1)).status_code == 413


@pytest.mark.parametrize("number", ["²", "9" * 30])
def test_an_odd_number_of_a_node_is_no_trouble(machine, number):
    answer = machine.client.get("/nodes/bundle", HTTP_HOMEROOM_NODE=f"{number} {int(time.time())} x")
    assert answer.status_code == 403


def test_no_file_but_those_of_bundles_is_given_away(machine, centre):
    (centre / "keys").mkdir(exist_ok=True)
    for name in ("django.key", "current", ".lock", "rules-zz.table"):
        assert machine.ask("GET", f"/nodes/part/{name}").status_code == 404


def test_a_node_that_is_silent_behind_or_off_in_time_is_told_of(machine, centre):
    now = datetime.now(UTC)
    assert list(queries.silent(now)) == [], "a machine that has just enrolled has a moment"
    assert any("has not been heard" in each for each in queries.silent(now + timedelta(minutes=3)))
    good = {"bundle": bundle_file.current_id(centre), "clock": now.timestamp()}
    for said, word in (
        (good, ""), ({**good, "bundle": "0" * 16}, "serves bundle"), ({**good, "trouble": "The disk is full."}, "disk"),
        ({**good, "clock": now.timestamp() - 4000}, "clock"), ({**good, "clock": "noon", "doors": ["odd"]}, ""),
        ({**good, "doors": {"dns": {"trouble": "No rules are loaded."}}}, "The door dns"),
    ):  # fmt: skip
        assert machine.ask("POST", "/nodes/health", json.dumps(said).encode()).status_code == 204
        told = list(queries.silent(datetime.now(UTC)))
        assert any(word in each for each in told) if word else told == []
    later = now + timedelta(minutes=10)
    assert any("keeps deciding" in each for each in queries.silent(later))


def test_what_a_node_says_is_kept_for_living_nodes_only(machine, centre):
    node = Node.objects.get()
    actions.end_node(actor=SYSTEM, name="north-1", reason="Sold.", at=datetime.now(UTC))
    traffic.note_health(node=node, said={"bundle": "x"}, at=datetime.now(UTC))
    assert Node.objects.get().health == {}


@pytest.mark.parametrize(
    "url", ["http://127.evil.test", "http://localhost.evil.test", "http://evil.test//127.", "ftp://x"]
)
def test_a_node_enrols_over_an_open_line_with_this_machine_only(url):
    done = CliRunner().invoke(cli.homeroom, ["node", "enroll", url, "code"])
    assert done.exit_code == 2 and "https" in done.output
