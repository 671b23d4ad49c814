"""The order of judgement: what outweighs what, shown case by case and held for generated cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeroom.kernel.decision.ask import Ask, Source, Who, scopes_of
from homeroom.kernel.decision.bundle import Bundle, Listing, Slot
from homeroom.kernel.decision.decide import decide, explain
from homeroom.kernel.decision.decision import Allow, Block, Kind, Rewrite
from homeroom.kernel.decision.overlay import Overlay, Rule
from homeroom.kernel.decision.policy import policy_from_json
from homeroom.kernel.decision.roll import Roll
from homeroom.kernel.decision.steps import STEPS
from homeroom.kernel.lists.names import suffixes

AT = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
DAY = timedelta(days=1)

STUDENT_LAW = [
    {"material": "obscene", "clause": "VI.Alt3.A.obscene"},
    {"material": "harmful-to-minors", "clause": "VI.Alt3.A.htm"},
]
POLICY = policy_from_json(
    {
        "alternative": "3",
        "strictest": "unknown",
        "categories": [
            {"id": "pornography", "title": "Pornography", "clause": "V.A.1.a", "reason": "Explicit.",
             "legal": ["obscene", "harmful-to-minors"]},
            {"id": "games", "title": "Games", "clause": "III.2", "reason": "Distracts."},
            {"id": "malware", "title": "Malware", "clause": "V.A.4b", "reason": "Harms.", "kind": "safety"},
        ],
        "profiles": [
            {"id": "student", "title": "Students", "audience": "student", "legal": STUDENT_LAW,
             "blocked": ["games", "malware"], "safe_search": True, "youtube": "strict"},
            {"id": "adult", "title": "Staff", "audience": "adult", "legal": STUDENT_LAW[:1], "blocked": ["malware"]},
            {"id": "unknown", "title": "Unknown", "audience": "unknown", "legal": STUDENT_LAW, "blocked": ["games"]},
            {"id": "little", "title": "Preschool", "audience": "student", "legal": STUDENT_LAW, "otherwise": "block"},
        ],
        "essentials": ["homeroom.test"],
        "canaries": {"use-application-dns.net": "nxdomain"},
        "safe_search": {"www.google.com": "forcesafesearch.google.com"},
        "youtube": {"strict": {"www.youtube.com": "restrict.youtube.com"}},
    }
)  # fmt: skip

SLOTS = (
    Slot("sinfonietta", "v1", "pornography"),
    Slot("ut1", "v7", "games"),
    Slot("ut1", "v7", "malware"),
    Slot("other", "v2", "pornography"),
)
LISTED = {"porn.test": 1, "games.test": 2, "evil.test": 4, "both.test": 3, "twice.test": 9}


class FakeTable:
    """A handful of suffixes; the real table has tests of its own."""

    slots: Sequence[Slot] = SLOTS

    def mask(self, host: str, path: str = "", qtype: str = "") -> int:
        mask = 0
        for suffix in suffixes(host):
            mask |= LISTED.get(suffix, 0)
        return mask

    def listings(self, host: str, path: str = "", qtype: str = "") -> Sequence[Listing]:
        return [
            Listing(slot=bit, line=10 + bit, text=suffix, pattern=suffix)
            for suffix in suffixes(host)
            for bit in range(len(SLOTS))
            if LISTED.get(suffix, 0) >> bit & 1
        ]

    def plain(self, host: str) -> int:
        return self.mask(host)

    def first_line(self, host: str, slots: int) -> tuple[int, int] | None:
        found = (each for each in self.listings(host) if slots >> each.slot & 1)
        return next(((each.slot, each.line) for each in found), None)


def bundle(*rules: Rule) -> Bundle:
    roll = Roll({}, strictest="unknown")
    return Bundle(id="b1", table=FakeTable(), policy=POLICY, overlay=Overlay(rules, "o1"), roll=roll)


def rule(effect: str, host: str, scope: str = "everyone", **more: object) -> Rule:
    values = {"id": f"{effect}-{host}-{scope}", "effect": effect, "host": host, "scope": scope, "reason": "Tried."}
    return Rule(**{**values, **more})  # type: ignore[arg-type]


BEN = Who(
    person="ben", profile="student", role="student", school="birch", alias="a1", source=Source.ADDRESS,
    scopes=scopes_of(person="ben", role="student", school="birch", classes=("7b",)),
)  # fmt: skip
OLSEN = Who(
    person="olsen", profile="adult", role="teacher", school="birch", source=Source.ADDRESS,
    scopes=scopes_of(person="olsen", role="teacher", school="birch", classes=()),
)  # fmt: skip
NOBODY = Who(person=None, profile="no-such-profile")


@pytest.mark.parametrize(
    ("who", "host", "verdict", "kind", "clause"),
    [
        (BEN, "wiki.test", Allow, Kind.DISTRICT, "III.1"),
        (BEN, "porn.test", Block, Kind.STATUTORY, "VI.Alt3.A.obscene"),
        (BEN, "cdn.porn.test", Block, Kind.STATUTORY, "VI.Alt3.A.obscene"),
        (BEN, "notporn.test", Allow, Kind.DISTRICT, "III.1"),
        (OLSEN, "porn.test", Block, Kind.STATUTORY, "VI.Alt3.A.obscene"),
        (BEN, "games.test", Block, Kind.DISTRICT, "III.2"),
        (OLSEN, "games.test", Allow, Kind.DISTRICT, "III.1"),
        (NOBODY, "games.test", Block, Kind.DISTRICT, "III.2"),
        (OLSEN, "evil.test", Block, Kind.SAFETY, "V.A.4b"),
        (BEN, "both.test", Block, Kind.STATUTORY, "VI.Alt3.A.obscene"),
        (BEN, "www.google.com", Rewrite, Kind.SAFETY, "III.2"),
        (OLSEN, "www.google.com", Allow, Kind.DISTRICT, "III.1"),
        (BEN, "mail.google.com", Allow, Kind.DISTRICT, "III.1"),
        (OLSEN, "use-application-dns.net", Block, Kind.SAFETY, "V.A.4d"),
    ],
)
def test_each_audience_gets_its_own_answer(who: Who, host: str, verdict: type, kind: Kind, clause: str) -> None:
    decision = decide(Ask(who, host), bundle(), AT)
    assert (type(decision), decision.kind, decision.clause) == (verdict, kind, clause)


def test_a_block_names_the_very_line() -> None:
    decision = decide(Ask(BEN, "www.games.test"), bundle(), AT)
    assert decision.rule is not None
    assert decision.as_json()["rule"] == {
        "list": "ut1", "file": "", "version": "v7", "line": 11, "text": "games.test",
    }  # fmt: skip
    assert decision.category == "games" and decision.bundle == "b1"


def test_an_innocent_name_that_leads_to_a_listed_one_is_judged_by_it() -> None:
    decision = decide(Ask(BEN, "pictures.test", via=("cdn.porn.test", "192.0.2.1")), bundle(), AT)
    assert isinstance(decision, Block) and decision.kind is Kind.STATUTORY
    assert "cdn.porn.test" in decision.reason and "pictures.test" in decision.reason


@pytest.mark.parametrize("scope", ["everyone", "school:birch", "role:student", "class:7b", "person:ben"])
def test_no_rule_opens_what_the_law_locks(scope: str) -> None:
    decision = decide(Ask(BEN, "porn.test"), bundle(rule("allow", "porn.test", scope)), AT)
    assert isinstance(decision, Block) and decision.kind is Kind.STATUTORY


def test_a_wrong_listing_is_opened_by_a_correction_that_names_the_category() -> None:
    corrected = rule("correct", "porn.test", categories=frozenset({"pornography"}))
    assert isinstance(decide(Ask(BEN, "porn.test"), bundle(corrected), AT), Allow)
    other = rule("correct", "porn.test", categories=frozenset({"games"}))
    assert isinstance(decide(Ask(BEN, "porn.test"), bundle(other), AT), Block)


def test_what_a_correction_opened_says_so_and_names_its_reason() -> None:
    corrected = rule("correct", "porn.test", categories=frozenset({"pornography"}), reason="It is a library")
    decision = decide(Ask(BEN, "www.porn.test"), bundle(corrected), AT)
    assert (decision.category, decision.clause) == ("list-correction", "III.2")
    assert "porn.test is listed as “Pornography”, but that listing is corrected: It is a library." in decision.reason
    assert decision.rule is not None and decision.rule.text == "correct porn.test for everyone"
    assert decide(Ask(BEN, "plain.test"), bundle(corrected), AT).category == ""


def test_a_correction_of_one_category_leaves_the_other_standing() -> None:
    corrected = rule("correct", "both.test", categories=frozenset({"pornography"}))
    decision = decide(Ask(BEN, "both.test"), bundle(corrected), AT)
    assert isinstance(decision, Block) and decision.category == "games"


def test_a_correction_of_a_hoster_does_not_open_what_is_listed_below_for_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(LISTED, "blogs.test", 1)
    monkeypatch.setitem(LISTED, "worst.blogs.test", 1)
    corrected = bundle(rule("correct", "blogs.test"))
    assert isinstance(decide(Ask(BEN, "blogs.test"), corrected, AT), Allow)
    assert isinstance(decide(Ask(BEN, "fine.blogs.test"), corrected, AT), Allow)
    for via in ((), ("192.0.2.1",)):
        below = decide(Ask(BEN, "www.worst.blogs.test", via=via), corrected, AT)
        assert isinstance(below, Block) and below.kind is Kind.STATUTORY
        assert below.rule is not None and below.rule.text == "worst.blogs.test"
    both = bundle(rule("correct", "blogs.test"), rule("correct", "worst.blogs.test"))
    assert isinstance(decide(Ask(BEN, "www.worst.blogs.test"), both, AT), Allow)


@pytest.mark.parametrize(
    ("host", "path", "pattern", "speaks"),
    [
        ("site.test", "", "site.test", True),
        ("site.test", "", "www.site.test", True),
        ("www.site.test", "", "site.test", True),
        ("a.site.test", "", "site.test", True),
        ("site.test", "", "a.site.test", False),
        ("site.test", "", "site.test/bad", False),
        ("site.test", "/bad", "site.test/bad", True),
        ("site.test", "/bad/page", "www.site.test/bad", True),
        ("site.test", "/bad", "site.test/bad/page", False),
        ("site.test", "/bad", "site.test/badly", False),
        ("192.0.2.1", "", "192.0.2.1/32", True),
        ("192.0.2.1", "", "192.0.2.0/24", True),
        ("192.0.2.1", "", "192.0.2.1/bad", False),
        ("site.test", "", r"(^|\.)site\d?\.test", True),
    ],
)
def test_which_lines_a_correction_speaks_of(host: str, path: str, pattern: str, speaks: bool) -> None:
    assert rule("correct", host, path=path).corrects(pattern) is speaks


def test_a_local_rule_opens_what_the_district_chose_to_block() -> None:
    decision = decide(Ask(BEN, "games.test"), bundle(rule("allow", "games.test", "class:7b")), AT)
    assert isinstance(decision, Allow) and decision.rule is not None
    assert "games.test" in decision.rule.text


def test_a_rule_for_another_class_does_not_reach_ben() -> None:
    assert isinstance(decide(Ask(BEN, "games.test"), bundle(rule("allow", "games.test", "class:8a")), AT), Block)


def test_the_narrower_scope_counts_then_the_longer_name_then_the_block() -> None:
    wide, narrow = rule("block", "chess.test"), rule("allow", "chess.test", "class:7b")
    assert isinstance(decide(Ask(BEN, "chess.test"), bundle(wide, narrow), AT), Allow)
    short, long = rule("block", "test"), rule("allow", "chess.test")
    assert isinstance(decide(Ask(BEN, "www.chess.test"), bundle(short, long), AT), Allow)
    tie = (rule("allow", "chess.test"), rule("block", "chess.test"))
    assert isinstance(decide(Ask(BEN, "chess.test"), bundle(*tie), AT), Block)


def test_a_rule_counts_from_its_start_until_just_before_its_end() -> None:
    grant = rule("allow", "games.test", "class:7b", starts=AT, until=AT + DAY)
    judged = bundle(grant)
    moments = [AT - timedelta(seconds=1), AT, AT + DAY - timedelta(seconds=1), AT + DAY]
    assert [type(decide(Ask(BEN, "games.test"), judged, at)) for at in moments] == [Block, Allow, Allow, Block]
    assert judged.overlay.next_change(AT - DAY) == AT
    assert judged.overlay.next_change(AT) == AT + DAY
    assert judged.overlay.next_change(AT + DAY) is None


def test_a_rule_for_a_path_leaves_the_rest_of_the_site_alone() -> None:
    judged = bundle(rule("block", "wiki.test", path="/games"))
    paths = ["/games", "/games/chess", "/games?x=1", "/gamesroom", "/", ""]
    verdicts = [decide(Ask(BEN, "wiki.test", path), judged, AT).verdict for path in paths]
    assert verdicts == ["block", "block", "block", "allow", "allow", "allow"]


def test_an_exact_rule_leaves_subdomains_alone() -> None:
    judged = bundle(rule("block", "wiki.test", exact=True))
    assert [decide(Ask(BEN, host), judged, AT).verdict for host in ("wiki.test", "en.wiki.test")] == ["block", "allow"]


def test_without_standing_only_what_is_needed_to_gain_it_is_reached() -> None:
    closed = replace(BEN, closed=(("IX.C.1", "Ben has not signed the agreement."),))
    refused = decide(Ask(closed, "wiki.test"), bundle(), AT)
    assert isinstance(refused, Block) and refused.kind is Kind.STANDING and refused.clause == "IX.C.1"
    assert isinstance(decide(Ask(closed, "sign.homeroom.test"), bundle(), AT), Allow)
    granted = bundle(rule("allow", "wiki.test", "person:ben"))
    assert isinstance(decide(Ask(closed, "wiki.test"), granted, AT), Block)


def test_a_profile_may_open_only_what_is_named() -> None:
    tiny = replace(BEN, profile="little")
    judged = bundle(rule("allow", "pbs.test"))
    assert [decide(Ask(tiny, host), judged, AT).verdict for host in ("pbs.test", "wiki.test")] == ["allow", "block"]


def test_an_allow_rule_does_not_unlock_safe_search() -> None:
    decision = decide(Ask(BEN, "www.google.com"), bundle(rule("allow", "google.com")), AT)
    assert isinstance(decision, Rewrite) and decision.target == "forcesafesearch.google.com"


def test_a_block_one_asked_for_oneself_says_so() -> None:
    own = rule("block", "feed.test", "person:ben", asked_by_self=True)
    decision = decide(Ask(BEN, "feed.test"), bundle(own), AT)
    assert isinstance(decision, Block) and decision.asked_by_self


def test_explain_shows_every_step_in_order_and_the_same_answer() -> None:
    ask = Ask(BEN, "both.test")
    explanation = explain(ask, bundle(), AT)
    assert [said.step for said in explanation.said] == [step.__name__ for step in STEPS]
    assert explanation.decision == decide(ask, bundle(), AT)
    later = {said.step: said.decision for said in explanation.said}["district_category"]
    assert later is not None and later.category == "games"


hosts = st.sampled_from([*LISTED, "www.porn.test", "wiki.test", "www.google.com", "test"])
scopes = st.sampled_from(["everyone", "school:birch", "role:student", "class:7b", "person:ben", "class:8a"])
rules = st.builds(
    rule,
    st.sampled_from(["allow", "block"]),
    hosts,
    scopes,
    id=st.uuids().map(str),
    exact=st.booleans(),
    path=st.sampled_from(["", "/", "/a"]),
    until=st.sampled_from([None, AT, AT + DAY]),
)


@given(rules=st.lists(rules, max_size=6), host=hosts, who=st.sampled_from([BEN, OLSEN, NOBODY]))
def test_whatever_rules_there_are_the_law_stays_locked(rules: list[Rule], host: str, who: Who) -> None:
    if FakeTable().mask(host) & 0b1001:
        decision = decide(Ask(who, host), bundle(*rules), AT)
        assert isinstance(decision, Block) and decision.kind is Kind.STATUTORY


@given(rules=st.lists(rules, max_size=6), host=hosts, path=st.sampled_from(["", "/", "/a/b"]))
def test_the_order_in_which_rules_were_made_does_not_matter(rules: list[Rule], host: str, path: str) -> None:
    first = decide(Ask(BEN, host, path), bundle(*rules), AT)
    again = decide(Ask(BEN, host, path), bundle(*reversed(rules)), AT)
    assert first == again


@given(rules=st.lists(rules, max_size=4), host=hosts)
def test_people_whom_no_rule_tells_apart_get_the_same_answer(rules: list[Rule], host: str) -> None:
    judged = bundle(*rules)
    twin = replace(BEN, person="bo", scopes=frozenset(BEN.scopes & judged.overlay.mentioned) | {"person:bo"})
    mine, theirs = (decide(Ask(who, host), judged, AT) for who in (BEN, twin))
    assert replace(mine, person=None) == replace(theirs, person=None)
