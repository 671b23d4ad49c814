"""A door that has met many questions answers each as a door that meets it first, byte for byte and in its record."""

from __future__ import annotations

import dns.edns
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeroom.doors.dns import wire
from homeroom.doors.dns.answers import Page
from homeroom.doors.dns.forms import LONGEST, Forms
from homeroom.doors.dns.refusals import MOST_SHAPES
from homeroom.kernel.decision.overlay import Rule
from tests.doors.dns_scene import BEN, LEAH, OLSEN, STRANGER, Scene, addresses, bundle, query

hosts = st.sampled_from(
    ["porn.test", "www.porn.test", "WWW.Porn.Test", "a.b.c.porn.test", "games.test", "x.games.test", "evil.test",
     "lake.test", "deep.lake.test", "mine.test", "www.google.com", "use-application-dns.net", "mask.icloud.com",
     "foo.localhost", "notlocalhost", "a.onion", "odd name.games.test", "x" * 60 + ".games.test", "evil.test.",
     ".".join(["y" * 60] * 3) + ".porn.test", "_dns.resolver.arpa", "10.0.0.1", "x" * 50 + ".test"]
)  # fmt: skip
kinds = st.sampled_from(["A", "AAAA", "HTTPS", "MX", "ANY", "TYPE65280"])
forms = st.sampled_from([{"use_edns": False}, {"use_edns": 0, "payload": 512}, {"use_edns": 0}, {"want_dnssec": True}])
people = st.sampled_from([BEN, LEAH, OLSEN, STRANGER, "10.1.0.7", "10.9.0.1"])
RULES = [
    Rule(id="r1", effect="block", host="mine.test", scope="person:ben"),
    Rule(id="r2", effect="correct", host="evil.test"),
    Rule(id="r3", effect="allow", host="x.games.test", scope="class:7b"),
]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(hosts, kinds, forms, people), min_size=1, max_size=25),
    st.sampled_from([[], RULES]),
    st.sampled_from([Page(), Page(ipv4=bytes([10, 0, 0, 2]))]),
)
def test_what_was_asked_before_changes_no_answer(
    asked: list[tuple[str, str, dict[str, int], str]], rules: list[Rule], page: Page
) -> None:
    seasoned = Scene(rules, page=page)
    for host, kind, form, person in [*asked, *asked]:
        packet = query(host, kind, id=7, **form).to_wire()
        fresh = Scene(rules, page=page)
        seasoned.notes.lines.clear()
        assert seasoned.send(packet, person) == fresh.send(packet, person)
        assert seasoned.notes.lines == fresh.notes.lines


def test_a_name_on_a_known_ground_costs_no_second_judgement(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene()
    for host in ("porn.test", "www.porn.test"):
        scene.ask(host)
    monkeypatch.setattr("homeroom.doors.dns.rules.decide", None)
    scene.ask("deep.www.porn.test")
    assert (scene.notes.lines[-1].host, scene.notes.lines[-1].category) == ("deep.www.porn.test", "pornography")
    assert scene.notes.count("block") == 3


def test_new_rules_make_new_refusals() -> None:
    scene = Scene()
    for host in ("a.games.test", "b.games.test", "c.games.test"):
        scene.ask(host)
    scene.upstream["c.games.test", "A"] = ["192.0.2.4"]
    scene.talk.use(bundle("b2", [Rule(id="r1", effect="allow", host="c.games.test")]))
    assert addresses(scene.ask("c.games.test")) == ["192.0.2.4"]
    scene.ask("b.games.test")
    assert scene.notes.lines[-1].bundle == "b2"


def test_shapes_stay_few_whatever_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("homeroom.doors.dns.refusals.MOST_SHAPES", 3)
    scene = Scene()
    for kind in range(1000, 1010):
        for host in ("a.games.test", "b.games.test"):
            scene.ask(host, f"TYPE{kind}")
    assert len(scene.talk.plain.shapes) <= 3 < MOST_SHAPES


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_question_read_fast_is_read_right(data: st.DataObject) -> None:
    """Whatever bytes come: a form once learnt never makes of a packet what reading it with care would not."""
    reader, packets = Forms(), []
    for host, kind, form in data.draw(st.lists(st.tuples(hosts, kinds, forms), min_size=1, max_size=4)):
        packets.append(query(host, kind, **form).to_wire())
        found = wire.read_query(packets[-1])
        assert found is not None
        reader.learn(packets[-1], found)
    packet = bytearray(data.draw(st.sampled_from(packets)))
    for _ in range(data.draw(st.integers(0, 3))):
        packet[data.draw(st.integers(0, len(packet) - 1))] = data.draw(st.integers(0, 255))
    mutated = bytes(packet[: data.draw(st.integers(len(packet) - 3, len(packet)))])
    read = reader.read(mutated)
    if read is not None:
        assert read.query(mutated) == wire.read_query(mutated)
        assert len(mutated) <= LONGEST


def test_a_form_with_options_is_never_learnt() -> None:
    reader = Forms()
    packet = query("lake.test", use_edns=0, options=[dns.edns.GenericOption(10, b"12345678")]).to_wire()
    found = wire.read_query(packet)
    assert found is not None
    reader.learn(packet, found)
    assert reader.read(packet) is None
