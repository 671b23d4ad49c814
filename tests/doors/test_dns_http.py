"""DNS over HTTPS: requests, headers, identities in the path, and HTTP/2 as a conversation (RFC 8484)."""

from __future__ import annotations

import base64
from ipaddress import ip_address

import dns.message
import dns.rcode
import h2.config
import h2.connection
import h2.events
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeroom.doors.dns.doh import Answer, Asking, Http2
from homeroom.doors.dns.http import MEDIA_TYPE, BadRequest, Request, Response, freshness, question_of
from homeroom.doors.dns.http1 import Http1
from homeroom.doors.dns.identity import Claim
from homeroom.kernel.decision.identity import chromeos_hash, doh_token_digest
from tests.doors.dns_scene import BEN, OLSEN, SALTS, STAFF_ROOM, STRANGER, TOKENS, Scene, addresses, query

QUESTION = query("games.test", id=0).to_wire()
HOME = ip_address(STRANGER).packed


def b64(packet: bytes) -> str:
    return base64.urlsafe_b64encode(packet).decode().rstrip("=")


def get(path: str = "/dns-query", packet: bytes = QUESTION) -> Request:
    return Request("GET", f"{path}?dns={b64(packet)}")


def post(path: str = "/dns-query", packet: bytes = QUESTION, kind: str = MEDIA_TYPE) -> Request:
    return Request("POST", path, kind, packet)


class TestRequests:
    @pytest.mark.parametrize("request_", [get(), post(), post(kind="Application/DNS-Message; x=y")])
    def test_a_question_is_found_by_get_and_by_post(self, request_: Request) -> None:
        assert question_of(request_, HOME) == (QUESTION, Claim(HOME))

    @pytest.mark.parametrize(
        ("request_", "status"),
        [
            (Request("GET", "/dns-query"), 400),
            (Request("GET", "/dns-query?dns="), 400),
            (Request("GET", "/dns-query?dns=%%%"), 400),
            (Request("GET", f"/dns-query?dns={b64(QUESTION)}&dns={b64(QUESTION)}"), 400),
            (get(packet=b"short"), 400),
            (post(packet=b""), 400),
            (post(packet=QUESTION[:2] + b"\x81\x80" + QUESTION[4:]), 400),
            (Request("GET", "/dns-query?dns=" + "A" * 100_000), 413),
            (post(packet=bytes(65_536)), 413),
            (post(kind="text/plain"), 415),
            (post(kind=""), 415),
            (Request("PUT", "/dns-query", MEDIA_TYPE, QUESTION), 405),
            (Request("GET", "/"), 404),
            (get("/dns-queryx"), 404),
            (get("/dns-query/a/b"), 404),
            (get("/dns-query/cros/a/b/c"), 404),
            (get("/dns-query/" + "x" * 600), 404),
        ],
    )
    def test_what_holds_no_question_is_told_why(self, request_: Request, status: int) -> None:
        with pytest.raises(BadRequest) as refused:
            question_of(request_, HOME)
        assert refused.value.status == status
        assert str(refused.value).endswith(".")


class TestIdentity:
    def ask(self, scene: Scene, path: str, address: str = STRANGER, name: str = "games.test") -> int:
        responses: list[Response] = []
        Asking(scene.talk).ask(get(path, query(name).to_wire()), ip_address(address).packed, responses.append)
        scene.play()
        return int(dns.message.from_wire(responses[0].body).rcode())

    @pytest.fixture
    def scene(self) -> Scene:
        scene = Scene()
        scene.upstream["games.test", "A"] = ["192.0.2.11"]
        return scene

    def profile(self, scene: Scene, path: str, address: str = STRANGER) -> str:
        self.ask(scene, path, address)
        return next(key[1] for key, cell in scene.notes.cells.items() if cell[0])

    def test_a_students_token_counts_from_anywhere(self, scene: Scene) -> None:
        assert self.profile(scene, f"/dns-query/{TOKENS['ben']}") == "student"

    def test_a_teachers_token_counts_from_a_network_of_the_district(self, scene: Scene) -> None:
        assert self.profile(scene, f"/dns-query/{TOKENS['olsen']}", STAFF_ROOM) == "adult"

    def test_a_teachers_token_is_nobodys_from_elsewhere_or_from_a_students_address(self, scene: Scene) -> None:
        for address in (STRANGER, BEN):
            assert self.ask(scene, f"/dns-query/{TOKENS['olsen']}", address) == dns.rcode.NXDOMAIN
        assert {key[1] for key in scene.notes.cells} == {"unknown"}
        assert scene.talk.counts["not_believed"] == 2

    def test_an_unknown_token_is_the_strictest_even_from_a_teachers_address(self, scene: Scene) -> None:
        assert self.profile(scene, "/dns-query/guess", OLSEN) == "unknown"
        assert scene.talk.counts["unknown_token"] == 1

    def test_what_nobody_knows_is_counted_for_every_question(self, scene: Scene) -> None:
        for n in range(3):
            self.ask(scene, f"/dns-query/guess-{n}")
            self.ask(scene, "/dns-query/cros/")
        assert (scene.talk.counts["unknown_token"], scene.talk.counts["unknown_chromeos"]) == (3, 3)

    def test_guessing_tokens_buys_no_new_allowance(self) -> None:
        scene = Scene(rate=5)
        codes = [self.ask(scene, f"/dns-query/guess-{n}") for n in range(8)]
        assert codes == [dns.rcode.NXDOMAIN] * 5 + [dns.rcode.REFUSED] * 3

    def test_without_a_claim_the_address_decides(self, scene: Scene) -> None:
        assert self.profile(scene, "/dns-query", OLSEN) == "adult"

    @pytest.mark.parametrize("salt", SALTS)
    @pytest.mark.parametrize("upper", [True, False])
    def test_a_chromebook_is_known_under_every_live_salt(self, scene: Scene, salt: str, upper: bool) -> None:
        hashed = chromeos_hash(salt, "ben@birch.test")
        assert self.profile(scene, f"/dns-query/cros/{hashed if upper else hashed.lower()}") == "student"
        assert scene.talk.counts["unknown_chromeos"] == 0

    @pytest.mark.parametrize(
        "path", ["", "/", "//", "/x", "/" + "0" * 64, "/" + chromeos_hash(SALTS[0], "eve@birch.test")]
    )
    def test_an_empty_or_unknown_identifier_is_the_strictest_and_counted(self, scene: Scene, path: str) -> None:
        assert self.profile(scene, "/dns-query/cros" + path, OLSEN) == "unknown"
        assert scene.talk.counts["unknown_chromeos"] == 1

    @pytest.mark.parametrize(
        ("device", "unknown"),
        [
            (chromeos_hash(SALTS[1], "VALUE_NOT_AVAILABLE"), 1),
            (chromeos_hash(SALTS[0], "DEVICE_NOT_MANAGED"), 1),
            ("nonsense", 1),
            (chromeos_hash(SALTS[0], "85729104-ef7a-5718d62e72ca"), 0),
            ("001064000001", 0),
            ("", 0),
        ],
    )
    def test_a_device_that_is_none_is_counted_and_changes_nothing(
        self, scene: Scene, device: str, unknown: int
    ) -> None:
        hashed = chromeos_hash(SALTS[0], "ben@birch.test")
        assert self.profile(scene, f"/dns-query/cros/{hashed}/{device}") == "student"
        assert scene.talk.counts["unknown_device"] == unknown

    def test_a_teachers_chromebook_at_home_is_not_believed(self, scene: Scene) -> None:
        path = f"/dns-query/cros/{chromeos_hash(SALTS[0], 'olsen@birch.test')}"
        assert self.ask(scene, path) == dns.rcode.NXDOMAIN
        assert self.ask(scene, path, STAFF_ROOM) == dns.rcode.NOERROR

    def test_the_token_itself_is_kept_nowhere(self, scene: Scene) -> None:
        self.ask(scene, f"/dns-query/{TOKENS['ben']}")
        kept = repr(list(scene.talk.clients.met))
        assert TOKENS["ben"] not in kept
        assert doh_token_digest(TOKENS["ben"]) in kept


class TestFreshness:
    def test_it_is_the_smallest_time_to_live(self) -> None:
        scene = Scene()
        scene.upstream["lake.test", "CNAME"] = ["deep.test"]
        scene.upstream["deep.test", "A"] = ["77", "192.0.2.7"]
        assert freshness(scene.send(query("lake.test").to_wire()) or b"") == 77
        assert freshness(scene.send(query("nowhere.test").to_wire()) or b"") == 60
        assert freshness(scene.send(query("porn.test", use_edns=0).to_wire()) or b"") == 10
        scene.dead = True
        assert freshness(scene.send(query("other.test").to_wire()) or b"") == 0

    @given(st.binary(max_size=80))
    def test_of_random_bytes_it_is_none(self, reply: bytes) -> None:
        assert freshness(reply) >= 0


class Browser:
    """A client of HTTP/2 that speaks to our side through memory."""

    def __init__(self, server: Http2) -> None:
        self.server = server
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
        self.h2.initiate_connection()
        self.events: list[h2.events.Event] = []

    def pump(self) -> None:
        for _ in range(20):
            out = self.h2.data_to_send()
            if out:
                self.server.receive(out)
            back = self.server.take()
            if back:
                for event in self.h2.receive_data(back):
                    self.events.append(event)
                    if isinstance(event, h2.events.DataReceived):
                        self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            if not out and not back:
                return

    def ask(self, request: Request) -> int:
        stream = self.h2.get_next_available_stream_id()
        headers = [(":method", request.method), (":path", request.target), (":scheme", "https"), (":authority", "dns")]
        if request.content_type:
            headers.append(("content-type", request.content_type))
        self.h2.send_headers(stream, headers, end_stream=not request.body)
        if request.body:
            for at in range(0, len(request.body), 16_000):
                self.h2.send_data(stream, request.body[at : at + 16_000])
                self.pump()
            self.h2.end_stream(stream)
        self.pump()
        return stream

    def response(self, stream: int) -> tuple[dict[str, str], bytes]:
        heads = [e for e in self.events if isinstance(e, h2.events.ResponseReceived) and e.stream_id == stream]
        body = [e.data for e in self.events if isinstance(e, h2.events.DataReceived) and e.stream_id == stream]
        return dict(heads[0].headers) if heads else {}, b"".join(body)  # type: ignore[arg-type]


class TestHttp2:
    def meet(self, scene: Scene) -> Browser:
        asking = Asking(scene.talk)
        return Browser(Http2(lambda request, answer: asking.ask(request, ip_address(BEN).packed, answer)))

    @pytest.mark.parametrize("request_", [get(), post()])
    def test_an_answer_has_its_type_length_and_age(self, request_: Request) -> None:
        browser = self.meet(Scene())
        headers, body = browser.response(browser.ask(request_))
        assert headers == {
            ":status": "200", "content-type": MEDIA_TYPE, "content-length": str(len(body)),
            "cache-control": "private, max-age=10",
        }  # fmt: skip
        assert dns.message.from_wire(body).rcode() == dns.rcode.NXDOMAIN

    def test_answers_come_in_whatever_order_the_upstream_has_them(self) -> None:
        scene = Scene()
        scene.upstream["lake.test", "A"] = ["192.0.2.7"]
        browser = self.meet(scene)
        slow = browser.ask(get(packet=query("lake.test").to_wire()))
        quick = browser.ask(get())
        assert browser.response(slow)[0] == {}
        assert browser.response(quick)[0][":status"] == "200"
        scene.play()
        browser.pump()
        assert addresses(dns.message.from_wire(browser.response(slow)[1])) == ["192.0.2.7"]

    def test_a_large_answer_waits_for_the_clients_window(self) -> None:
        body, answers = bytes(200_000), []

        def ask(request: Request, answer: Answer) -> None:
            answers.append(request)
            answer(Response(200, (), body))

        browser = Browser(Http2(ask))
        stream = browser.ask(get())
        for _ in range(10):
            browser.pump()
        assert len(browser.response(stream)[1]) == 200_000

    def test_too_large_a_body_is_cut_short(self) -> None:
        browser = self.meet(Scene())
        stream = browser.ask(Request("POST", "/dns-query", MEDIA_TYPE, bytes(70_000)))
        assert browser.response(stream)[0][":status"] == "413"
        assert browser.response(browser.ask(get()))[0][":status"] == "200"

    def test_a_request_taken_back_is_not_answered(self) -> None:
        scene = Scene()
        browser = self.meet(scene)
        stream = browser.ask(get(packet=query("lake.test").to_wire()))
        browser.h2.reset_stream(stream)
        browser.pump()
        scene.play()
        browser.pump()
        assert browser.response(stream) == ({}, b"")
        assert not browser.server.broken

    def test_who_takes_back_hundreds_is_shown_out(self) -> None:
        browser = self.meet(Scene())
        for _ in range(600):
            stream = browser.h2.get_next_available_stream_id()
            browser.h2.send_headers(
                stream, [(":method", "GET"), (":path", "/"), (":scheme", "https"), (":authority", "d")]
            )  # fmt: skip
            browser.h2.reset_stream(stream)
            browser.pump()
            if browser.server.broken:
                return
        pytest.fail("The connection was kept.")

    @given(st.binary(max_size=200), st.booleans())
    @settings(max_examples=100)
    def test_random_bytes_break_only_the_connection(self, noise: bytes, greeted: bool) -> None:
        browser = self.meet(Scene())
        if greeted:
            browser.pump()
        browser.server.receive(noise)
        browser.server.take()


class TestHttp1:
    def talk(self, *pieces: bytes) -> bytes:
        asking = Asking(Scene().talk)
        http = Http1(lambda request, answer: asking.ask(request, ip_address(BEN).packed, answer))
        for piece in pieces:
            http.receive(piece)
        return b"broken" if http.broken else http.take()

    def test_it_is_answered_too(self) -> None:
        length = len(QUESTION)
        head = f"POST /dns-query HTTP/1.1\r\nContent-Type: {MEDIA_TYPE}\r\nContent-Length: {length}\r\n\r\n"
        said = self.talk(head[:30].encode(), head[30:].encode(), QUESTION)
        assert said.startswith(b"HTTP/1.1 200 OK\r\ncontent-type: application/dns-message\r\n")
        assert b"cache-control: private, max-age=10\r\n" in said
        assert dns.message.from_wire(said.partition(b"\r\n\r\n")[2]).rcode() == dns.rcode.NXDOMAIN

    def test_one_connection_serves_several(self) -> None:
        line = f"GET /dns-query?dns={b64(QUESTION)} HTTP/1.1\r\nHost: d\r\n\r\n".encode()
        assert self.talk(line, line).count(b"HTTP/1.1 200 OK") == 2

    def test_too_much_is_refused(self) -> None:
        assert self.talk(b"GET / HTTP/1.1\r\nX: " + b"y" * 90_000) == b"broken"

    @given(st.binary(max_size=200))
    @settings(max_examples=100)
    def test_random_bytes_break_only_the_connection(self, noise: bytes) -> None:
        self.talk(noise, b"GET /dns-query?dns=" + noise + b" HTTP/1.1\r\n\r\n")
