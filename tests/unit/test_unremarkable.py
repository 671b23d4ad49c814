"""The shortcut for names of which nobody says anything says what `decide` says."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from homeroom.kernel.decision.ask import Ask, Who
from homeroom.kernel.decision.decide import decide
from homeroom.kernel.decision.decision import Allow, Block
from homeroom.kernel.decision.overlay import Rule
from homeroom.kernel.decision.unremarkable import Unremarkable
from tests.doors.dns_scene import AT, SLOTS, bundle

hosts = st.sampled_from(
    ["porn.test", "a.games.test", "lake.test", "deep.lake.test", "other.test", "test", "www.google.com", "google.com",
     "www.youtube.com", "use-application-dns.net", "homeroom.test", "198.51.100.66", "192.0.2.1", "."]
)  # fmt: skip
people = st.builds(
    Who,
    person=st.just("ben"),
    profile=st.sampled_from(["student", "adult", "unknown", "no such profile"]),
    closed=st.sampled_from([(), (("IX.B", "No agreement."),)]),
    scopes=st.sampled_from([frozenset({"everyone"}), frozenset({"everyone", "person:ben"})]),
)
rules = st.lists(
    st.builds(
        Rule,
        id=st.just("r"),
        effect=st.sampled_from(["block", "allow", "correct"]),
        host=st.sampled_from(["lake.test", "deep.lake.test", "porn.test", "test"]),
        exact=st.booleans(),
        scope=st.sampled_from(["everyone", "person:ben"]),
    ),
    max_size=2,
)


@given(hosts, people, rules)
@settings(max_examples=300)
def test_what_it_lets_pass_decide_lets_pass_in_its_last_step(host: str, who: Who, overlay: list[Rule]) -> None:
    judged_by = bundle(rules=overlay)
    quick = Unremarkable(judged_by)
    if quick.passes(who) and quick.name(host, "A"):
        decision = decide(Ask(who=who, host=host, qtype="A"), judged_by, AT)
        assert isinstance(decision, Allow)
        assert (decision.step, decision.category) == ("otherwise", "")


@given(hosts, people, rules)
@settings(max_examples=300)
def test_what_only_lists_speak_of_is_decided_as_decide_does(host: str, who: Who, overlay: list[Rule]) -> None:
    judged_by = bundle(rules=overlay)
    quick = Unremarkable(judged_by)
    hits = quick.hits(host)
    if not quick.passes(who) or hits < 0:
        return
    decision = decide(Ask(who=who, host=host, qtype="A"), judged_by, AT)
    found = quick.ground(who.profile, host, hits)
    assert isinstance(decision, Block) == bool(hits & quick.blocked(who.profile)) == (found is not None)
    if found and decision.rule:
        (block, slot), line = found
        assert (decision.step == "statutory") == (block >= 0)
        assert (decision.rule.list, decision.rule.version) == (SLOTS[slot].list, SLOTS[slot].version)
        assert (decision.category, decision.rule.line) == (SLOTS[slot].category, line)


@given(people, st.sampled_from(["other.test", "192.0.2.1", "a.example"]))
def test_all_such_decisions_of_one_person_differ_in_their_sentence_only(who: Who, host: str) -> None:
    judged_by = bundle()
    if Unremarkable(judged_by).passes(who):
        one, other = (decide(Ask(who=who, host=each), judged_by, AT) for each in (host, "third.example"))
        assert replace(one, reason="") == replace(other, reason="")


def test_most_names_are_unremarkable() -> None:
    quick = Unremarkable(bundle(rules=[Rule(id="r", effect="block", host="lake.test")]))
    assert quick.name("other.test")
    assert not any(quick.name(host) for host in ("lake.test", "a.lake.test", "porn.test", "www.google.com"))
