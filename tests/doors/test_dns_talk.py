"""Conversations with the DNS door: who asks what, and what is answered."""

from __future__ import annotations

from datetime import timedelta

import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rdatatype
import pytest

from homeroom.doors.dns.answers import Page
from homeroom.doors.dns.flight import Waiting
from homeroom.doors.dns.special import Designated
from homeroom.kernel.decision.overlay import Rule
from tests.doors.dns_scene import (
    AT,
    BEN,
    LEAH,
    OLSEN,
    STRANGER,
    Scene,
    addresses,
    bundle,
    codes,
    query,
    texts,
)

pytestmark = pytest.mark.clause("VI.Alt3.A.obscene")


@pytest.fixture
def scene() -> Scene:
    scene = Scene()
    scene.upstream = {
        ("lake.test", "A"): ["192.0.2.7"],
        ("lake.test", "AAAA"): ["2001:db8::7"],
        ("www.google.com", "A"): ["192.0.2.80"],
        ("forcesafesearch.google.com", "A"): ["192.0.2.81"],
        ("cloak.test", "CNAME"): ["tracker.games.test"],
        ("tracker.games.test", "A"): ["192.0.2.9"],
        ("borrowed.test", "A"): ["192.0.2.10", "198.51.100.66"],
        ("borrowed.test", "AAAA"): ["2001:db8::66"],
        ("hint.test", "HTTPS"): ["1 . alpn=h2 ipv4hint=198.51.100.66"],
        ("service.test", "HTTPS"): ["1 games.test. alpn=h2"],
    }
    return scene


class TestAllowed:
    def test_the_upstreams_answer_is_passed_on(self, scene: Scene) -> None:
        answer = scene.ask("lake.test")
        assert addresses(answer) == ["192.0.2.7"]
        assert answer.flags & dns.flags.RA
        assert scene.notes.count("allow") == 1
        assert not scene.notes.lines

    def test_the_name_comes_back_as_it_was_written(self, scene: Scene) -> None:
        answer = scene.ask("LaKe.TeSt")
        assert answer.question[0].name.to_text() == "LaKe.TeSt."
        assert answer.answer[0].name.to_text() == "LaKe.TeSt."
        assert scene.asked == [("lake.test", "A")]

    def test_the_same_question_is_not_asked_twice(self, scene: Scene) -> None:
        for address in (BEN, LEAH, OLSEN, BEN):
            assert addresses(scene.ask("lake.test", address=address)) == ["192.0.2.7"]
        assert scene.asked == [("lake.test", "A")]
        assert scene.notes.count("allow") == 4

    def test_a_name_that_does_not_exist_is_said_not_to_and_remembered(self, scene: Scene) -> None:
        for _ in range(2):
            answer = scene.ask("nowhere.test")
            assert answer.rcode() == dns.rcode.NXDOMAIN
            assert answer.authority[0].ttl == 60  # the smaller of the SOA's own time and its minimum
        assert len(scene.asked) == 1

    def test_a_type_that_the_name_does_not_have_gives_no_data(self, scene: Scene) -> None:
        answer = scene.ask("lake.test", "MX")
        assert (answer.rcode(), answer.answer) == (dns.rcode.NOERROR, [])

    def test_times_to_live_count_down(self, scene: Scene) -> None:
        assert scene.ask("lake.test").answer[0].ttl == 300
        for seconds in range(100, 300):
            scene.tick(100 if seconds == 100 else 1)
            left = 300 - seconds
            told = scene.ask("lake.test").answer[0].ttl
            # Never longer than it holds, and shorter by no more than a thirtieth, or to the second near its end.
            assert left - left // 30 <= told <= left
        scene.tick(1)
        assert scene.ask("lake.test").answer[0].ttl == 300
        assert len(scene.asked) == 2

    def test_who_asks_first_is_told_the_whole_time_left(self, scene: Scene) -> None:
        scene.ask("lake.test")
        scene.tick(100.5)
        assert scene.ask("lake.test", address=OLSEN).answer[0].ttl == 200

    def test_the_root_is_passed_on(self, scene: Scene) -> None:
        assert scene.ask(".", "NS").rcode() in (dns.rcode.NXDOMAIN, dns.rcode.NOERROR)


class TestBlocked:
    @pytest.mark.parametrize("kind", ["A", "AAAA", "HTTPS", "SVCB", "TXT", "MX", "TYPE65280"])
    def test_every_type_alike_and_never_asked_upstream(self, scene: Scene, kind: str) -> None:
        answer = scene.ask("www.porn.test", kind, use_edns=0)
        assert answer.rcode() == dns.rcode.NXDOMAIN
        assert answer.authority[0].rdtype == dns.rdatatype.SOA
        assert answer.authority[0].ttl == 10
        assert not scene.asked

    @pytest.mark.parametrize(
        ("host", "address", "code", "words"),
        [
            ("porn.test", BEN, 16, "Required by law: pornography (VI.Alt3.A.obscene)"),
            ("games.test", BEN, 15, "Blocked by the district: games (III.2)"),
            ("evil.test", BEN, 15, "Blocked for safety: malware (V.A.4b)"),
            ("lake.test", "10.1.0.7", 18, "Network closed for this person (IX.B)"),
            ("mine.test", BEN, 17, "Blocked at your own wish: local-rule (III.2)"),
        ],
    )
    def test_the_reason_says_who_stands_behind_it(self, host: str, address: str, code: int, words: str) -> None:
        scene = Scene([Rule(id="r1", effect="block", host="mine.test", scope="person:ben", asked_by_self=True)])
        answer = scene.ask(host, address=address, use_edns=0)
        assert (codes(answer), texts(answer)) == ([code], [words])

    def test_without_edns_no_reason_is_given(self, scene: Scene) -> None:
        assert scene.ask("porn.test", use_edns=False).opt is None

    def test_it_is_recorded_with_the_line_each_time(self, scene: Scene) -> None:
        for _ in range(3):
            scene.ask("www.porn.test")
        assert scene.notes.count("block") == 3
        noted = [(each.alias, each.host, each.list, each.line) for each in scene.notes.lines]
        assert noted == [("grey-heron", "www.porn.test", "sinfonietta", 10)] * 3

    def test_a_shared_answer_is_recorded_under_each_ones_own_pseudonym(self, scene: Scene) -> None:
        scene.ask("games.test", address=BEN)
        scene.ask("games.test", address=LEAH)
        assert [each.alias for each in scene.notes.lines] == ["grey-heron", "red-fox"]

    def test_who_is_not_known_gets_the_strictest(self, scene: Scene) -> None:
        assert scene.ask("games.test", address=STRANGER).rcode() == dns.rcode.NXDOMAIN
        scene.upstream["games.test", "A"] = ["192.0.2.11"]
        assert addresses(scene.ask("games.test", address=OLSEN)) == ["192.0.2.11"]

    def test_the_block_page_may_stand_in_its_place(self) -> None:
        scene = Scene(page=Page(ipv4=bytes([10, 0, 0, 2])))
        assert addresses(scene.ask("porn.test", "A")) == ["10.0.0.2"]
        for kind in ("AAAA", "HTTPS", "MX"):
            answer = scene.ask("porn.test", kind, use_edns=0)
            assert (answer.rcode(), answer.answer, codes(answer)) == (dns.rcode.NOERROR, [], [16])

    def test_a_reason_that_does_not_fit_is_left_out(self, scene: Scene) -> None:
        long = ".".join(["a" * 60] * 3 + ["b" * 55]) + ".porn.test"
        answer = scene.ask(long, use_edns=0, payload=512)
        assert answer.rcode() == dns.rcode.NXDOMAIN
        assert len(answer.to_wire()) <= 512


class TestCloaking:
    @pytest.mark.parametrize(("host", "kind"), [
        ("cloak.test", "A"), ("borrowed.test", "A"), ("borrowed.test", "AAAA"), ("hint.test", "HTTPS"),
        ("service.test", "HTTPS"),
    ])  # fmt: skip
    def test_what_an_answer_leads_to_is_judged(self, scene: Scene, host: str, kind: str) -> None:
        for _ in range(2):
            assert scene.ask(host, kind).rcode() == dns.rcode.NXDOMAIN
        assert scene.notes.lines[0].host == host
        assert scene.notes.count("block") == 2

    def test_for_each_audience_by_its_own_rules(self, scene: Scene) -> None:
        assert scene.ask("cloak.test").rcode() == dns.rcode.NXDOMAIN
        assert addresses(scene.ask("cloak.test", address=OLSEN)) == ["192.0.2.9"]


class TestRewritten:
    def test_a_search_engine_answers_in_its_locked_form(self, scene: Scene) -> None:
        answer = scene.ask("www.google.com")
        assert [rrset.rdtype for rrset in answer.answer] == [dns.rdatatype.CNAME, dns.rdatatype.A]
        assert answer.answer[0][0].target.to_text() == "forcesafesearch.google.com."  # type: ignore[attr-defined]
        assert answer.answer[1].name.to_text() == "forcesafesearch.google.com."
        assert addresses(answer) == ["192.0.2.81"]
        assert scene.notes.count("rewrite") == 1

    @pytest.mark.parametrize("kind", ["HTTPS", "SVCB", "TXT"])
    def test_other_types_hold_nothing(self, scene: Scene, kind: str) -> None:
        answer = scene.ask("www.google.com", kind)
        assert (answer.rcode(), answer.answer) == (dns.rcode.NOERROR, [])
        assert not scene.asked

    def test_an_adult_gets_the_usual_form(self, scene: Scene) -> None:
        assert addresses(scene.ask("www.google.com", address=OLSEN)) == ["192.0.2.80"]

    def test_a_target_may_be_an_address(self, scene: Scene) -> None:
        assert addresses(scene.ask("ya.ru", "A")) == ["213.180.193.56"]
        assert scene.ask("ya.ru", "AAAA").answer == []
        assert not scene.asked


class TestSpecialNames:
    def test_a_canary_tells_the_device_that_this_network_filters(self, scene: Scene) -> None:
        answer = scene.ask("use-application-dns.net", use_edns=0)
        assert (answer.rcode(), codes(answer)) == (dns.rcode.NXDOMAIN, [])
        assert scene.ask("mask.icloud.com").rcode() == dns.rcode.NOERROR

    def test_a_canary_is_never_the_block_page(self) -> None:
        scene = Scene(page=Page(ipv4=bytes([10, 0, 0, 2])))
        assert scene.ask("use-application-dns.net").rcode() == dns.rcode.NXDOMAIN

    def test_no_device_is_led_elsewhere_by_discovery(self, scene: Scene) -> None:
        for name, kind in (("_dns.resolver.arpa", "SVCB"), ("resolver.arpa", "A"), ("x.resolver.arpa", "TXT")):
            answer = scene.ask(name, kind)
            assert (answer.rcode(), answer.answer) == (dns.rcode.NOERROR, [])
        assert not scene.asked

    def test_our_own_doh_is_told_where_it_has_a_name(self) -> None:
        scene = Scene(designated=Designated("dns.lake.test", 8443, ("10.0.0.2",)))
        record = scene.ask("_dns.resolver.arpa", "SVCB").answer[0][0].to_text()
        assert record == (
            '1 dns.lake.test. alpn="h2" port="8443" ipv4hint="10.0.0.2" dohpath="/dns-query{?dns}"'
        )  # fmt: skip

    def test_local_and_unreal_names_do_not_leave_the_house(self, scene: Scene) -> None:
        assert addresses(scene.ask("localhost")) == ["127.0.0.1"]
        assert scene.ask("a.onion").rcode() == dns.rcode.NXDOMAIN
        assert scene.ask("a.invalid").rcode() == dns.rcode.NXDOMAIN
        assert not scene.asked
        scene.ask("notlocalhost.test")
        assert scene.asked == [("notlocalhost.test", "A")]


class TestRefused:
    def test_any_is_refused(self, scene: Scene) -> None:
        assert scene.ask("lake.test", "ANY").rcode() == dns.rcode.REFUSED

    def test_another_opcode_is_not_implemented(self, scene: Scene) -> None:
        message = query("lake.test")
        message.set_opcode(dns.opcode.NOTIFY)
        reply = scene.send(message.to_wire())
        assert reply is not None
        assert reply[3] & 15 == dns.rcode.NOTIMP

    def test_an_unknown_version_of_edns_is_told_ours(self, scene: Scene) -> None:
        reply = scene.send(query("lake.test", use_edns=1).to_wire())
        assert reply is not None
        answer = dns.message.from_wire(reply)
        assert (answer.rcode(), answer.edns) == (dns.rcode.BADVERS, 0)

    def test_without_any_rules_nothing_is_answered(self) -> None:
        scene = Scene(with_bundle=False)
        answer = scene.ask("lake.test", use_edns=0)
        assert (answer.rcode(), codes(answer)) == (dns.rcode.SERVFAIL, [14])
        scene.talk.use(bundle())
        scene.upstream["lake.test", "A"] = ["192.0.2.7"]
        assert addresses(scene.ask("lake.test")) == ["192.0.2.7"]


@pytest.mark.clause("III.2")
class TestRulesInForce:
    def test_a_new_rule_counts_at_once(self, scene: Scene) -> None:
        assert addresses(scene.ask("lake.test"))
        scene.talk.use(bundle("b2", [Rule(id="r1", effect="block", host="lake.test")]))
        answer = scene.ask("lake.test", use_edns=0)
        assert (answer.rcode(), codes(answer)) == (dns.rcode.NXDOMAIN, [15])
        assert scene.notes.lines[0].bundle == "b2"

    def test_a_rule_for_one_person_leaves_the_others(self, scene: Scene) -> None:
        scene.talk.use(bundle("b2", [Rule(id="r1", effect="block", host="lake.test", scope="person:ben")]))
        assert scene.ask("lake.test", address=BEN).rcode() == dns.rcode.NXDOMAIN
        assert addresses(scene.ask("lake.test", address=LEAH))
        assert scene.ask("lake.test", address=BEN).rcode() == dns.rcode.NXDOMAIN

    def test_a_window_opens_and_closes_to_the_second(self) -> None:
        starts, until = AT + timedelta(minutes=5), AT + timedelta(minutes=6)
        scene = Scene([Rule(id="r1", effect="allow", host="games.test", starts=starts, until=until)])
        scene.upstream["games.test", "A"] = ["192.0.2.11"]
        assert scene.ask("games.test").rcode() == dns.rcode.NXDOMAIN
        scene.tick(299)
        assert scene.ask("games.test").rcode() == dns.rcode.NXDOMAIN
        scene.tick(1)
        assert addresses(scene.ask("games.test"))
        scene.tick(59)
        assert addresses(scene.ask("games.test"))
        scene.tick(1)
        assert scene.ask("games.test").rcode() == dns.rcode.NXDOMAIN

    def test_a_clock_set_back_brings_a_closed_window_back(self) -> None:
        scene = Scene([Rule(id="r1", effect="allow", host="games.test", until=AT + timedelta(minutes=1))])
        scene.upstream["games.test", "A"] = ["192.0.2.11"]
        scene.tick(120)
        assert scene.ask("games.test").rcode() == dns.rcode.NXDOMAIN
        scene.wall -= 100
        scene.tick()
        assert addresses(scene.ask("games.test"))

    def test_who_waits_while_the_rules_change_is_judged_by_the_new_ones(self, scene: Scene) -> None:
        late: list[bytes] = []
        waiting = scene.talk.datagram(query("lake.test").to_wire(), bytes([10, 1, 0, 5]))
        assert isinstance(waiting, Waiting)
        waiting.send = late.append
        scene.talk.use(bundle("b2", [Rule(id="r1", effect="block", host="lake.test")]))
        scene.play()
        assert [dns.message.from_wire(each).rcode() for each in late] == [dns.rcode.NXDOMAIN]

    def test_who_waits_may_be_sent_elsewhere_by_the_new_ones(self, scene: Scene) -> None:
        late: list[bytes] = []
        waiting = scene.talk.datagram(query("www.google.com").to_wire(), bytes([10, 1, 0, 9]))
        assert isinstance(waiting, Waiting)
        waiting.send = late.append
        newer = bundle("b2")
        newer.roll._single[bytes([10, 1, 0, 9])] = {"person": "ben"}  # type: ignore[index]
        scene.talk.use(newer)
        scene.play()
        assert addresses(dns.message.from_wire(late[0])) == ["192.0.2.81"]
