"""Bounds: sizes, rates, memory, many who ask the same, and days without any upstream."""

from __future__ import annotations

import dns.flags
import dns.message
import dns.rcode
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeroom.doors.dns import answers
from homeroom.doors.dns.audience import Client
from homeroom.doors.dns.cache import Bounded
from homeroom.doors.dns.flight import MOST_WAITING, Flight, Waiting
from homeroom.doors.dns.identity import Claim
from homeroom.doors.dns.known import Asked
from homeroom.doors.dns.upstream import MOST_TRIES, REST, STRIKES, TRY, Upstreams
from tests.doors.dns_scene import BEN, LEAH, OLSEN, Scene, addresses, bundle, codes, query

PACKED = bytes([10, 1, 0, 5])


@pytest.fixture
def scene() -> Scene:
    scene = Scene()
    scene.upstream = {
        ("lake.test", "A"): ["192.0.2.7"],
        ("many.test", "A"): [f"192.0.2.{n}" for n in range(1, 120)],
    }
    return scene


def ask_by_tcp(scene: Scene, name: str) -> dns.message.Message:
    client = scene.talk.client(Claim(PACKED))
    late: list[bytes] = []
    reply = scene.talk.stream(query(name).to_wire(), client)
    if isinstance(reply, Waiting):
        reply.send = late.append
        scene.play()
        reply = late[0]
    assert reply is not None
    return dns.message.from_wire(reply)


class TestSizes:
    @pytest.mark.parametrize(("options", "most"), [
        ({"use_edns": False}, 512), ({"use_edns": 0, "payload": 800}, 800), ({"use_edns": 0, "payload": 4096}, 1232),
        ({"use_edns": 0, "payload": 100}, 512),
    ])  # fmt: skip
    def test_what_does_not_fit_is_marked_and_left_out(self, scene: Scene, options: dict[str, int], most: int) -> None:
        for _ in range(2):  # remembered like any other
            reply = scene.send(query("many.test", **options).to_wire())
            assert reply is not None
            assert len(reply) <= most
            answer = dns.message.from_wire(reply)
            assert answer.flags & dns.flags.TC
            assert not answer.answer
            scene.tick(1)

    def test_by_tcp_it_is_whole(self, scene: Scene) -> None:
        scene.ask("many.test")
        for _ in range(2):
            assert len(addresses(ask_by_tcp(scene, "many.test"))) == 119


class TestRate:
    def test_over_it_a_real_client_is_sent_to_tcp_and_then_refused(self) -> None:
        scene = Scene(rate=10)
        packet = query("porn.test").to_wire()
        replies = [scene.send(packet) for _ in range(100)]
        kinds = [dns.message.from_wire(each) for each in replies if each]
        assert [each.rcode() for each in kinds[:10]] == [dns.rcode.NXDOMAIN] * 10
        assert all(each.flags & dns.flags.TC for each in kinds[10:20])
        assert all(each.rcode() == dns.rcode.REFUSED for each in kinds[20:])
        assert replies[-1] is None
        assert scene.notes.count("block") == 10
        assert ask_by_tcp(scene, "porn.test").rcode() == dns.rcode.NXDOMAIN

    def test_the_next_second_begins_anew(self) -> None:
        scene = Scene(rate=10)
        packet = query("porn.test").to_wire()
        for _ in range(30):
            scene.send(packet)
        scene.tick(1)
        assert dns.message.from_wire(scene.send(packet) or b"").rcode() == dns.rcode.NXDOMAIN

    def test_others_do_not_notice(self) -> None:
        scene = Scene(rate=10)
        for _ in range(500):
            scene.send(query("porn.test").to_wire(), BEN)
        assert scene.ask("games.test", address=LEAH).rcode() == dns.rcode.NXDOMAIN

    def test_new_rules_bring_no_new_allowance(self) -> None:
        scene = Scene(rate=10)
        for _ in range(100):
            scene.send(query("porn.test").to_wire())
        scene.talk.use(bundle("b2"))
        assert scene.send(query("porn.test").to_wire()) is None

    def test_by_tcp_too_much_is_refused(self) -> None:
        scene = Scene(rate=5)
        codes_seen = [ask_by_tcp(scene, "porn.test").rcode() for _ in range(8)]
        assert codes_seen == [dns.rcode.NXDOMAIN] * 5 + [dns.rcode.REFUSED] * 3

    def test_zero_is_no_limit(self) -> None:
        scene = Scene(rate=0)
        for _ in range(2_000):
            assert scene.send(query("porn.test", id=1).to_wire())


class TestTogether:
    def test_equal_questions_under_way_are_asked_once(self, scene: Scene) -> None:
        late: list[bytes] = []
        for name in ("lake.test", "LAKE.test"):
            for address in (PACKED, bytes([10, 1, 0, 9])):
                waiting = scene.talk.datagram(query(name).to_wire(), address)
                assert isinstance(waiting, Waiting)
                waiting.send = late.append
        assert len(scene.talk.wanted) == 1
        scene.play()
        assert len(late) == 4
        assert all(addresses(dns.message.from_wire(each)) == ["192.0.2.7"] for each in late)

    def test_only_so_many_may_wait_for_one_answer(self, scene: Scene) -> None:
        replies = [scene.talk.datagram(query("lake.test", id=n).to_wire(), PACKED) for n in range(MOST_WAITING + 5)]
        assert replies[-1] is None
        assert sum(isinstance(each, Waiting) for each in replies) <= MOST_WAITING

    def test_only_so_many_questions_may_be_under_way(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("homeroom.doors.dns.talk.MOST_FLIGHTS", 3)
        scene = Scene()
        replies = [scene.talk.datagram(query(f"n{n}.test", use_edns=0).to_wire(), PACKED) for n in range(5)]
        answer = dns.message.from_wire(replies[-1])  # type: ignore[arg-type]
        assert (answer.rcode(), codes(answer)) == (dns.rcode.SERVFAIL, [23])


class TestNobodyToAsk:
    def test_an_old_answer_serves_for_an_hour_and_says_so(self, scene: Scene) -> None:
        scene.ask("lake.test")
        scene.dead = True
        scene.tick(301)
        answer = scene.ask("lake.test", use_edns=0)
        assert addresses(answer) == ["192.0.2.7"]
        assert (answer.answer[0].ttl, codes(answer)) == (30, [3])
        scene.tick(3600)
        answer = scene.ask("lake.test", use_edns=0)
        assert (answer.rcode(), codes(answer)) == (dns.rcode.SERVFAIL, [22])

    def test_an_old_no_is_told_as_such(self, scene: Scene) -> None:
        scene.ask("nowhere.test")
        scene.dead = True
        scene.tick(100)
        answer = scene.ask("nowhere.test", use_edns=0)
        assert (answer.rcode(), codes(answer)) == (dns.rcode.NXDOMAIN, [19])

    def test_what_is_blocked_meanwhile_is_not_served_from_the_old(self, scene: Scene) -> None:
        from homeroom.kernel.decision.overlay import Rule

        scene.ask("lake.test")
        scene.dead = True
        scene.tick(301)
        scene.talk.use(bundle("b2", [Rule(id="r1", effect="block", host="lake.test")]))
        assert scene.ask("lake.test").rcode() == dns.rcode.NXDOMAIN

    def test_once_somebody_answers_again_so_do_we(self, scene: Scene) -> None:
        scene.dead = True
        assert scene.ask("lake.test").rcode() == dns.rcode.SERVFAIL
        scene.dead = False
        assert scene.ask("lake.test").rcode() == dns.rcode.SERVFAIL  # remembered for this second
        scene.tick(1)
        assert addresses(scene.ask("lake.test")) == ["192.0.2.7"]

    def test_blocks_need_no_upstream(self, scene: Scene) -> None:
        scene.dead = True
        assert scene.ask("porn.test", use_edns=0).rcode() == dns.rcode.NXDOMAIN

    def test_while_it_is_tried_again_the_old_answer_is_told(self, scene: Scene) -> None:
        scene.ask("lake.test")
        scene.tick(301)
        late: list[bytes] = []
        waiting = scene.talk.datagram(query("lake.test").to_wire(), PACKED)
        assert isinstance(waiting, Waiting)
        waiting.send = late.append
        scene.talk.impatient(scene.talk.wanted[0])
        assert addresses(dns.message.from_wire(late[0])) == ["192.0.2.7"]
        scene.play()
        assert len(late) == 1
        assert scene.ask("lake.test").answer[0].ttl == 300


class TestUpstreams:
    flight = Flight(Asked.about(b"\0", 2))

    def test_the_first_is_asked_and_then_the_others(self) -> None:
        upstreams = Upstreams([("192.0.2.1", 53), ("192.0.2.2", 53)])
        flight, asked = Flight(self.flight.asked), []
        while (index := upstreams.pick(flight)) is not None:
            upstreams.sent(flight, index, 0.0)
            asked.append(index)
        assert asked == [0, 1, 0]
        assert len(asked) <= MOST_TRIES

    def test_one_that_does_not_answer_rests_and_comes_back(self) -> None:
        upstreams = Upstreams([("192.0.2.1", 53), ("192.0.2.2", 53)])
        flights = [Flight(self.flight.asked) for _ in range(STRIKES)]
        for flight in flights:
            upstreams.sent(flight, 0, 10.0)
        assert upstreams.late(flights, 9.9 + TRY) == []
        assert upstreams.late(flights, 10.0 + TRY) == flights
        assert upstreams.pick(Flight(self.flight.asked)) == 1
        assert upstreams.to_probe(10.0 + TRY) == []
        assert upstreams.to_probe(10.0 + TRY + REST) == [0]
        upstreams.servers[0].good(0.01)
        assert upstreams.pick(Flight(self.flight.asked)) == 0

    def test_where_all_rest_they_are_asked_all_the_same(self) -> None:
        upstreams = Upstreams([("192.0.2.1", 53), ("192.0.2.2", 53)])
        for server in upstreams.servers:
            server.bad(1.0, gone=True)
        flight = Flight(self.flight.asked)
        assert upstreams.pick(flight) == 0
        upstreams.sent(flight, 0, 1.0)
        assert upstreams.pick(flight) == 1

    def test_without_any_there_is_nobody_to_ask(self) -> None:
        assert Upstreams([]).pick(Flight(self.flight.asked)) is None


class TestMemory:
    def test_what_is_remembered_has_a_bound_and_forgets_the_oldest(self) -> None:
        class Thing:
            weight = 100

        held: Bounded[int, Thing] = Bounded(10_000)
        for n in range(1_000):
            held.put(n, Thing())
            held.get(0)
        assert len(held) <= 120
        assert held.get(0) is not None
        assert held.get(1) is None
        assert held.get(999) is not None

    def test_answers_of_all_audiences_have_one_bound(self) -> None:
        scene = Scene(answers_limit=200_000, known_limit=200_000)
        for n in range(3_000):
            scene.ask(f"n{n}.games.test", address=(BEN, LEAH)[n % 2])
        held = sum(
            len(audience.young) + len(audience.old)
            for audience in {id(c.audience): c.audience for c in scene.talk.clients.met.values()}.values()
        )
        assert 100 < held < 600

    def test_strangers_beyond_number_do_not_fill_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("homeroom.doors.dns.audience.MOST_CLIENTS", 50)
        scene = Scene()
        for n in range(500):
            scene.ask("porn.test", address=f"203.0.{n // 256}.{n % 256}")
        assert len(scene.talk.clients.met) <= 50

    def test_a_question_with_options_of_its_own_is_not_worth_keeping(self, scene: Scene) -> None:
        import dns.edns

        option = dns.edns.GenericOption(10, b"12345678")
        scene.ask("lake.test", use_edns=0, options=[option])
        client = scene.talk.clients.met[PACKED]
        assert isinstance(client, Client)
        assert not client.audience.young


@given(st.binary(max_size=300))
@settings(max_examples=200)
def test_random_bytes_are_answered_or_met_with_silence(packet: bytes) -> None:
    scene = Scene()
    for each in (packet, query("lake.test").to_wire()[:12] + packet):
        reply = scene.send(each)
        assert reply is None or reply[:2] == each[:2]


@given(
    st.integers(0, 60), st.binary(min_size=1, max_size=8), st.sampled_from(["porn.test", "lake.test", "www.google.com"])
)
@settings(max_examples=200)
def test_mutated_questions_are_answered_or_met_with_silence(at: int, noise: bytes, name: str) -> None:
    scene = Scene()
    scene.upstream["lake.test", "A"] = ["192.0.2.7"]
    good = query(name, use_edns=0).to_wire()
    at %= len(good)
    packet = good[:at] + noise + good[at + len(noise) :]
    for _ in range(2):
        reply = scene.send(packet)
        assert reply is None or (reply[:2] == packet[:2] and reply[2] & 0x80)
        assert reply is None or len(reply) <= answers.UDP_SIZE


def test_olsen_is_not_told_what_ben_was(scene: Scene) -> None:
    scene.upstream["games.test", "A"] = ["192.0.2.11"]
    for _ in range(2):
        assert scene.ask("games.test", address=BEN).rcode() == dns.rcode.NXDOMAIN
        assert addresses(scene.ask("games.test", address=OLSEN)) == ["192.0.2.11"]
