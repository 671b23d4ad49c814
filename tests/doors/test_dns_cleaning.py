"""What an upstream says is checked and cleaned before it is told to anybody."""

from __future__ import annotations

import base64

import dns.message
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeroom.doors.dns import wire
from homeroom.doors.dns.cleaning import read_with_care
from homeroom.doors.dns.flight import Flight
from homeroom.doors.dns.known import Asked, Known, read_plain
from homeroom.doors.dns.upstream import Word, weigh
from tests.doors.dns_scene import Scene, addresses, codes, query, reply_to

ECH = base64.b64encode(b"\0\x0asecret key").decode()


def asked(name: str, kind: int, *, do: bool = False) -> Asked:
    return Asked.about(wire.text_name(name), kind, do=do)


def answer_of(name: str, kind: str, *lines: str, ttl: int = 300) -> dns.message.Message:
    reply = dns.message.make_response(query(name, kind), recursion_available=True)
    reply.answer.append(dns.rrset.from_text(name + ".", ttl, "IN", kind, *lines))
    return reply


class TestEncryptedHello:
    @pytest.mark.clause("V.A.4d")
    def test_it_is_taken_out_and_the_rest_stays(self) -> None:
        scene = Scene()
        scene.upstream["ech.test", "HTTPS"] = [f"1 . alpn=h2,h3 ipv4hint=192.0.2.1 ech={ECH} port=8443"]
        answer = scene.ask("ech.test", "HTTPS")
        assert answer.answer[0][0].to_text() == '1 . alpn="h2,h3" port="8443" ipv4hint="192.0.2.1"'

    def test_it_is_no_longer_mandatory(self) -> None:
        scene = Scene()
        scene.upstream["ech.test", "SVCB"] = [f"1 svc.test. mandatory=alpn,ech alpn=h2 ech={ECH}"]
        assert scene.ask("ech.test", "SVCB").answer[0][0].to_text() == '1 svc.test. mandatory="alpn" alpn="h2"'

    def test_an_answer_without_it_is_told_as_it_came(self) -> None:
        scene = Scene()
        scene.upstream["plain.test", "HTTPS"] = ["1 . alpn=h2", "2 other.test. port=99", "0 alias.test."]
        assert len(scene.ask("plain.test", "HTTPS").answer[0]) == 3

    def test_records_around_it_stay_whole(self) -> None:
        scene = Scene()
        scene.upstream["alias.test", "CNAME"] = ["deep.ech.test"]
        scene.upstream["deep.ech.test", "HTTPS"] = [f"1 . ech={ECH}", "2 other.deep.ech.test. port=99"]
        answer = scene.ask("alias.test", "HTTPS")
        assert [rrset.name.to_text() for rrset in answer.answer] == ["alias.test.", "deep.ech.test."]
        assert sorted(each.to_text() for each in answer.answer[1]) == ["1 .", '2 other.deep.ech.test. port="99"']

    def test_signatures_over_what_was_changed_go_with_it(self) -> None:
        reply = answer_of("ech.test", "HTTPS", f"1 . ech={ECH}")
        signature = "HTTPS 13 2 300 20270101000000 20260101000000 12345 test. AAAA"
        reply.answer.append(dns.rrset.from_text("ech.test.", 300, "IN", "RRSIG", signature))
        known = read_with_care(reply.to_wire(), asked("ech.test", wire.HTTPS, do=True), 0, private_ok=True)
        assert known.counts == (1, 0)
        assert not known.ad


class TestPrivateAddresses:
    @pytest.mark.parametrize(("kind", "private", "public"), [
        ("A", "192.168.1.1", "192.0.43.8"), ("A", "127.0.0.1", "192.0.43.8"), ("AAAA", "fd00::1", "2606:4700::1"),
    ])  # fmt: skip
    def test_under_a_public_name_they_are_taken_out(self, kind: str, private: str, public: str) -> None:
        scene = Scene()
        scene.upstream["mixed.example", kind] = [private, public]
        scene.upstream["only.example", kind] = [private]
        assert addresses(scene.ask("mixed.example", kind)) == [public]
        answer = scene.ask("only.example", kind, use_edns=0)
        assert (answer.rcode(), answer.answer, codes(answer)) == (0, [], [15])

    def test_under_the_districts_own_names_they_stay(self) -> None:
        scene = Scene()
        scene.upstream["files.test", "A"] = ["10.1.2.3"]
        scene.upstream["nottest", "A"] = ["10.1.2.3"]
        assert addresses(scene.ask("files.test")) == ["10.1.2.3"]
        assert addresses(scene.ask("nottest")) == []

    def test_they_are_no_hint_either(self) -> None:
        scene = Scene()
        scene.upstream["hint.example", "HTTPS"] = ["1 . alpn=h2 ipv4hint=10.0.0.1 ipv6hint=2606:4700::1"]
        record = scene.ask("hint.example", "HTTPS").answer[0][0].to_text()
        assert record == '1 . alpn="h2" ipv6hint="2606:4700::1"'


class TestLies:
    flight = Flight(asked("a.test", wire.A))

    def weigh(self, message: bytes) -> Known | Word:
        return weigh(message, self.flight, 0, (b"\4test\0",))

    def test_an_answer_to_another_question_is_a_lie(self) -> None:
        assert self.weigh(answer_of("b.test", "A", "192.0.2.1").to_wire()) is Word.LIE
        assert self.weigh(answer_of("a.test", "AAAA", "2001:db8::1").to_wire()) is Word.LIE

    def test_a_question_is_no_answer(self) -> None:
        assert self.weigh(query("a.test").to_wire()) is Word.LIE
        assert self.weigh(b"") is Word.LIE

    def test_a_truncated_one_is_asked_for_again(self) -> None:
        reply = answer_of("a.test", "A", "192.0.2.1")
        reply.flags |= 0x0200
        assert self.weigh(reply.to_wire()) is Word.CUT

    @pytest.mark.parametrize(
        ("code", "word"), [(2, Word.FAILED), (5, Word.FAILED), (1, Word.PLAIN), (4, Word.PLAIN), (9, Word.FAILED)]
    )
    def test_errors_are_told_apart(self, code: int, word: Word) -> None:
        reply = dns.message.make_response(query("a.test"))
        reply.set_rcode(code)  # type: ignore[arg-type]
        assert self.weigh(reply.to_wire()) is word

    def test_a_record_that_is_cut_off_is_no_answer(self) -> None:
        assert self.weigh(answer_of("a.test", "A", "192.0.2.1").to_wire()[:-2]) is Word.FAILED

    def test_another_case_of_the_name_is_the_same_name(self) -> None:
        assert isinstance(self.weigh(answer_of("A.tEsT", "A", "192.0.2.1").to_wire()), Known)


class TestTimes:
    def test_a_day_is_the_longest(self) -> None:
        reply = answer_of("a.test", "A", "192.0.2.1", ttl=2_000_000)
        known = read_with_care(reply.to_wire(), asked("a.test", wire.A), 50, private_ok=True)
        assert known.expires == 50 + 86_400

    def test_a_time_of_zero_serves_those_who_asked_together(self) -> None:
        scene = Scene()
        scene.upstream["now.test", "A"] = ["0", "192.0.2.1"]
        assert scene.ask("now.test").answer[0].ttl == 0
        scene.tick(1)
        scene.ask("now.test")
        assert len(scene.asked) == 2


names = st.sampled_from(["a.test", "b.a.test", "c.example"])
public = st.sampled_from(["192.0.43.8", "10.0.0.1", "198.51.100.66", "8.8.8.8"])


@given(st.lists(public, min_size=1, max_size=4), st.integers(0, 100_000), names, st.booleans())
@settings(max_examples=80)
def test_quick_and_careful_reading_agree(lines: list[str], ttl: int, target: str, ok: bool) -> None:
    zone = {("x.test", "CNAME"): [target], (target, "A"): [str(ttl), *dict.fromkeys(lines)]}
    message, wanted = reply_to(query("x.test", "A"), zone), asked("x.test", wire.A)
    quick = read_plain(message, 12 + len(wanted.question), 7, private_ok=ok)
    careful = read_with_care(message, wanted, 7, private_ok=ok)
    if quick is None:
        assert careful.cleaned or ttl > 86_400
        return
    for each in ("rcode", "ad", "body", "counts", "ttl_at", "via", "cleaned", "born", "expires"):
        assert getattr(quick, each) == getattr(careful, each), each


@given(st.binary(min_size=1, max_size=60), st.integers(0, 200))
@settings(max_examples=200)
def test_a_mutated_answer_is_known_or_refused(noise: bytes, at: int) -> None:
    good = reply_to(query("x.test", "HTTPS"), {("x.test", "HTTPS"): [f"1 . alpn=h2 ech={ECH}", "2 y.test."]})
    at %= len(good)
    message = good[:at] + noise + good[at + len(noise) :]
    outcome = weigh(message, Flight(asked("x.test", wire.HTTPS)), 0, (b"\4test\0",))
    if isinstance(outcome, Known):
        outcome.aged(5)
