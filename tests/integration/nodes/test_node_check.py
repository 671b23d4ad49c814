"""`homeroom check` on a filter node speaks of the node: it keeps no records that could be missed."""

from __future__ import annotations

import secrets
import socket
from datetime import timedelta

import pytest
from django.utils import timezone

from homeroom.doors import bundle_file
from homeroom.doors.nodes import place, signing
from homeroom.doors.status import write_status
from homeroom.site import checks
from tests.doors.dns_process import put_in_force

PARTS = ("node", "dns", "proxy", "dnsdist", "squid")


@pytest.fixture
def district(tmp_path, settings, monkeypatch):
    """A node on which everything is well, with dnsdist and Squid listening."""
    settings.HOME = tmp_path
    tmp_path.chmod(0o700)
    seed = secrets.token_bytes(32)
    key = signing.public(seed)
    told = {"district": signing.fingerprint(key), "first_key": key, "chain": [], "ticket_key": "00" * 32, "node": 1,
            "name": "north-1"}  # fmt: skip
    made = place.settle(tmp_path, told, centre="https://centre.test", seed=seed, trust="")
    put_in_force(made.home)
    tell(made.home)
    with socket.create_server(("127.0.0.1", 0)) as engine:
        for name in ("DNS", "PROXY"):
            monkeypatch.setenv(f"HOMEROOM_NODE_{name}_LISTEN", f"127.0.0.1:{engine.getsockname()[1]}")
        yield made


def tell(home, **trouble):
    for name in PARTS:
        said = {"bundle": bundle_file.current_id(home), "trouble": trouble.get(name, "")}
        write_status(home, name, said, timezone.now())


def sentences(at=None):
    return [each.sentence for each in checks.look(at or timezone.now())[1]]


def test_a_well_node_has_nothing_to_say_and_needs_no_database(district):
    good, troubles = checks.look(timezone.now())
    assert troubles == [] and good == ["home folder", "bundles", "parts", "certificates", "engines"]


def test_the_home_of_one_district_is_that_part_of_the_node(district, settings):
    settings.HOME = district.home
    assert sentences() == []


def test_what_fell_silent_is_named_with_how_to_start_it(district):
    said = sentences(timezone.now() + timedelta(minutes=1))
    assert len(said) == len(PARTS)
    assert all(each.startswith("north-1: ") and "Start it with:" in each for each in said)


def test_a_part_in_trouble_or_behind_is_named(district):
    tell(district.home, node="The centre centre.test cannot be reached.")
    write_status(district.home, "dns", {"bundle": "another"}, timezone.now())
    current = bundle_file.current_id(district.home)
    assert sentences() == [
        "north-1: node says: The centre centre.test cannot be reached.",
        f"north-1: dns serves bundle another, but {current} is in force. Look at its log.",
    ]


def test_a_node_without_a_bundle_or_a_door_is_told_what_to_do(district):
    for path in (district.home / "run").iterdir():
        path.unlink()
    (district.home / "bundles" / "current").unlink()
    said = " ".join(sentences())
    assert "homeroom node run" in said and "no door ran here yet" in said
    assert "north-1: no bundle came from https://centre.test yet" in said
    assert "homeroom build" not in said, "a node builds nothing"


def test_an_engine_that_does_not_answer_is_named(district, monkeypatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("HOMEROOM_NODE_DNS_LISTEN", f"127.0.0.1:{port}")
    assert sentences() == [
        f"Nothing answers on 127.0.0.1:{port} (HOMEROOM_NODE_DNS_LISTEN). Is dnsdist running, and on that address?"
    ]
