"""Leases at filter nodes: signed, as soon as they change, never older than those that are there."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta

import pytest

from homeroom.doors import bundle_file, lease_file
from homeroom.doors.bundle_watch import BundleWatch
from homeroom.doors.dns.answers import Page
from homeroom.doors.dnsdist import tables
from homeroom.doors.dnsdist.classes import classes
from homeroom.doors.dnsdist.node import Writer
from homeroom.doors.nodes import place, signing
from homeroom.doors.nodes.runner import District as Runner
from homeroom.doors.nodes.signing import BadStatement
from homeroom.kernel.decision.roll import packed
from homeroom.nodes import keys
from tests import lease_rows
from tests.integration.nodes.test_nodes import AT, District, birch, cedar, centre, machine  # noqa: F401

HERE = "10.1.0.200"


def lines(*people: str) -> list[str]:
    return [lease_file.line([f"10.1.0.{200 + n}", "signin", {"person": who}]) for n, who in enumerate(people)]


def statement(district: District, *people: str, at=AT) -> bytes:
    lease_file.publish(district.home, lines(*people), at)
    return signing.lease_statement(district.seed, district.id, lease_file.data(district.home))


def test_whoever_signs_in_at_the_centre_is_known_at_the_node(birch, tmp_path):  # noqa: F811
    here = birch.enrol(tmp_path / "node")
    here.take(birch.statement(), birch.file)
    watch = BundleWatch(here.home)
    assert watch.poll() and watch.bundle.roll.by_address(packed(HERE)).person is None
    assert here.take_leases(statement(birch, "ben"))
    assert watch.poll() and watch.bundle.roll.by_address(packed(HERE)).person == "ben"
    assert here.take_leases(statement(birch, at=AT + timedelta(hours=1)))
    assert watch.poll() and watch.bundle.roll.by_address(packed(HERE)).person is None


def test_leases_of_others_changed_or_older_ones_are_not_taken(birch, cedar, tmp_path):  # noqa: F811
    here = birch.enrol(tmp_path / "node")
    old = statement(birch, "ben")
    assert here.take_leases(statement(birch, "leah", at=AT + timedelta(seconds=1)))
    assert not here.take_leases(old), "sent again by somebody"
    other = json.loads(old)
    other["said"] = other["said"].replace("ben", "nils")
    for bad in (statement(cedar, "ben"), json.dumps(other).encode(), b"", b"{}", secrets.token_bytes(50)):
        with pytest.raises(BadStatement, match="Those before stay"):
            here.take_leases(bad)
    assert lease_rows.read(here.home) == [[HERE, "signin", {"person": "leah"}]]


class Centre:
    """What a node's talk with the centre leads to, without a network."""

    def __init__(self, district: District) -> None:
        self.district, self.leases_tag, self.asked, self.etag = district, "", 0, ""

    def bundle(self) -> None:
        self.leases_tag = "-".join(map(str, lease_file.stamp(self.district.home) or ()))

    def leases(self) -> bytes:
        self.asked += 1
        return signing.lease_statement(self.district.seed, self.district.id, lease_file.data(self.district.home))

    def health(self, values: object) -> None:
        pass


def test_a_node_asks_for_leases_only_when_they_have_changed(birch, tmp_path):  # noqa: F811
    here = birch.enrol(tmp_path / "node")
    runner = Runner(here)
    runner.centre = talk = Centre(birch)
    runner.turn()
    assert (talk.asked, lease_rows.read(here.home)) == (0, []), "none were told yet"
    statement(birch, "ben")
    for _ in range(3):
        runner.turn()
    assert talk.asked == 1 and lease_rows.read(here.home) == [[HERE, "signin", {"person": "ben"}]]
    statement(birch, "ben", "leah", at=AT + timedelta(minutes=1))
    runner.turn()
    assert talk.asked == 2 and len(lease_rows.read(here.home)) == 2 and runner.trouble == ""


def test_the_centre_says_that_leases_changed_and_gives_them_to_nodes_alone(machine, centre, tmp_path):  # noqa: F811
    before = machine.ask("GET", "/nodes/bundle")
    assert before["Homeroom-Leases"] == "" and machine.ask("GET", "/nodes/leases").status_code == 404
    lease_file.publish(centre, lines("ben"), AT)
    after = machine.ask("GET", "/nodes/bundle", **{"If-None-Match": before["ETag"]})
    assert after.status_code == 304 and after["Homeroom-Leases"] != ""
    told = {**keys.introduction(), "node": machine.node, "name": "north-1"}
    here = place.settle(tmp_path / "node", told, centre="https://x", seed=machine.seed, trust="")
    assert here.take_leases(machine.ask("GET", "/nodes/leases").content)
    assert lease_rows.read(here.home) == [[HERE, "signin", {"person": "ben"}]]
    assert machine.client.get("/nodes/leases").status_code == 403, "a stranger learns nothing"


def test_the_tables_of_dnsdist_know_the_leases(birch):  # noqa: F811
    lease_file.publish(birch.home, [*lines("nils"), lease_file.line(["10.1.0.5", "signin", {"person": "leah"}])], AT)
    bundle = bundle_file.open_bundle(birch.home)
    numbers = tables._Numbers(bundle, classes(bundle, AT), tables.Places())
    hosts = {address: number for address, _, number in numbers.addresses(single=True)}
    assert hosts[packed(HERE)] == tables.HAND, "closed: the door says why"
    leah = numbers.of(bundle.roll.person("leah"))
    assert hosts[packed("10.1.0.5")] == leah, "whoever is there now, not whose address it is otherwise"
    assert len(hosts) == len(list(numbers.addresses(single=True)))


def test_dnsdist_learns_of_a_lease_that_began_or_ended_under_the_same_bundle(birch, tmp_path):  # noqa: F811
    writer = Writer(birch.home, tmp_path / "dnsdist", Page())
    told = []
    for people in ((), ("ben",), ()):
        lease_file.publish(birch.home, lines(*people), AT + timedelta(minutes=len(told)))
        assert writer.poll(AT) and not writer.poll(AT)
        told.append((tmp_path / "dnsdist" / f"tables-{writer.generation}").read_bytes())
    assert told[0] != told[1] and told[0] == told[2], "whoever has left is nobody there any more"
