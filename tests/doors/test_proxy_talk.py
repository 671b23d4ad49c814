"""Conversations with the proxy: requests, answers and their bodies, and origins that misbehave."""

from __future__ import annotations

import pytest

from homeroom.doors.proxy import troubles
from homeroom.doors.proxy.acts import Command, Dial, Found, Look, Signal, ToClient, ToServer, Wait
from homeroom.doors.proxy.talk import HELD
from homeroom.doors.proxy.troubles import Trouble
from homeroom.kernel.decision.decision import Allow, Block, Rewrite
from tests.doors.proxy_cast import CONNECT, GET, OK, dialled, sent, status, talk

# A request and its answer.


def test_an_allowed_request_is_relayed_and_both_connections_are_kept() -> None:
    each, world = talk()
    each.from_client(GET)
    assert each.take() == [Dial("library.test", ("192.0.2.1",), 80, fresh=False)]
    each.connected(reused=False)
    assert each.take() == [ToServer(b"GET /a?b HTTP/1.1\r\nHost: library.test\r\n\r\n")]
    each.from_server(OK)
    assert each.take() == [ToClient(OK), Signal.KEEP_SERVER]
    assert each.wait is Wait.REQUEST
    assert [(ask.host, ask.path, type(decision)) for ask, decision in world.notes] == [("library.test", "/a?b", Allow)]


@pytest.mark.parametrize(
    ("scheme", "kept"), [(b"NTLM", False), (b"negotiate", False), (b"Basic", True), (b"Bearer", True)]
)
def test_a_connection_that_somebody_signed_in_serves_nobody_else(scheme: bytes, kept: bool) -> None:
    each, _ = talk()
    each.from_client(GET.replace(b"\r\n\r\n", b"\r\nAuthorization: %b TlRMTQ==\r\n\r\n" % scheme))
    each.connected(reused=False)
    each.take()
    each.from_server(OK)
    assert each.take()[-1] is (Signal.KEEP_SERVER if kept else Signal.DROP_SERVER)


@pytest.mark.parametrize("host", [b"[64:ff9b::192.0.2.66]", b"[64:ff9b::c000:242]", b"[::ffff:192.0.2.66]"])
def test_an_address_in_another_form_is_judged_as_what_it_is(host: bytes) -> None:
    each, _ = talk()
    each.from_client(GET.replace(b"library.test", host))
    assert status(each.take()) == 403


def test_a_blocked_request_gets_a_page_and_nobody_is_dialled() -> None:
    each, world = talk()
    each.from_client(GET.replace(b"library", b"games"))
    commands = each.take()
    assert status(commands) == 403 and commands[-1] != Signal.FINISH
    assert [type(decision) for _, decision in world.notes] == [Block]
    each.from_client(GET)  # the connection is good for another
    assert isinstance(each.take()[0], Dial)


def test_the_path_is_judged() -> None:
    each, _ = talk()
    each.from_client(b"GET http://library.test/x/../games/1 HTTP/1.1\r\nHost: library.test\r\n\r\n")
    assert status(each.take()) == 403


@pytest.mark.parametrize("host", [b"alias.test", b"shady.test"])
def test_what_a_name_leads_to_is_judged_too(host: bytes) -> None:
    each, _ = talk()
    each.from_client(GET.replace(b"library.test", host))
    assert status(each.take()) == 403


def test_a_name_is_looked_up_before_anything_is_dialled() -> None:
    each, world = talk(slow_names=True)
    each.from_client(GET)
    assert each.take() == [Look("library.test")]
    each.found(Found(("192.0.2.1", "192.0.2.2")))
    assert each.take() == [Dial("library.test", ("192.0.2.1", "192.0.2.2"), 80, fresh=False)]
    assert len(world.notes) == 1


def test_a_blocked_name_is_never_looked_up() -> None:
    each, _ = talk(slow_names=True)
    each.from_client(GET.replace(b"library", b"games"))
    assert status(each.take()) == 403


def test_a_name_found_to_lead_to_a_blocked_one_is_blocked() -> None:
    each, world = talk(slow_names=True)
    each.from_client(GET)
    each.take()
    each.found(Found(("192.0.2.1",), ("tracker.test",)))
    assert status(each.take()) == 403
    assert [type(decision) for _, decision in world.notes] == [Block]


@pytest.mark.parametrize("kind", [troubles.NO_SUCH_NAME, troubles.NO_RESOLVER])
def test_a_name_that_cannot_be_found_is_said_in_words(kind: Trouble) -> None:
    each, _ = talk(slow_names=True)
    each.from_client(GET)
    each.take()
    each.found(kind)
    assert status(each.take()) == kind.status


def test_a_locked_site_is_reached_at_its_locked_address_under_its_own_name() -> None:
    each, world = talk(slow_names=True)
    each.from_client(GET.replace(b"library.test", b"www.search.test"))
    assert each.take() == [Look("locked.search.test")]
    each.found(Found(("192.0.2.9",)))
    assert each.take() == [Dial("locked.search.test", ("192.0.2.9",), 80, fresh=False)]
    each.connected(reused=False)
    assert b"\r\nHost: www.search.test\r\n" in sent(each.take(), ToServer)
    assert [type(decision) for _, decision in world.notes] == [Rewrite]


def test_addresses_inside_the_network_are_not_dialled() -> None:
    each, world = talk()
    world.found["inside.test"] = Found(("10.0.0.1",))
    world.found["mixed.test"] = Found(("10.0.0.1", "192.0.2.1"))
    each.from_client(GET.replace(b"library", b"inside"))
    assert status(each.take()) == 403
    each.from_client(GET.replace(b"library", b"mixed"))
    assert each.take() == [Dial("mixed.test", ("192.0.2.1",), 80, fresh=False)]


def test_without_a_bundle_nothing_is_let_through() -> None:
    for data in (GET, CONNECT):
        each, _ = talk(ready=False)
        each.from_client(data)
        assert status(each.take()) == 503


def test_pipelined_requests_are_answered_in_order() -> None:
    each, _ = talk()
    assert sent(dialled(each, GET + GET.replace(b"library", b"games") + GET.replace(b"/a?b", b"/second")), ToServer)
    each.from_server(OK)
    commands = each.take()
    assert sent(commands).startswith(OK + b"HTTP/1.1 403 ")
    assert isinstance(commands[-1], Dial)
    each.connected(reused=True)
    assert sent(each.take(), ToServer).startswith(b"GET /second ")


# Bodies.


@pytest.mark.parametrize("cut", [1, 7, 60, 100_000])
def test_bodies_pass_in_both_directions_however_they_are_cut(cut: int) -> None:
    each, _ = talk()
    request = b"POST http://library.test/ HTTP/1.1\r\nHost: library.test\r\nContent-Length: 11\r\n\r\nhello world"
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\nabcdefghijklmnopqrstuvwxyz"
    commands: list[Command] = []
    for at in range(0, len(request), cut):
        each.from_client(request[at : at + cut])
        commands += each.take()
    assert commands == [Dial("library.test", ("192.0.2.1",), 80, fresh=True)]
    each.connected(reused=False)
    assert sent(each.take(), ToServer).endswith(b"\r\nContent-Length: 11\r\n\r\nhello world")
    commands = []
    for at in range(0, len(answer), cut):
        each.from_server(answer[at : at + cut])
        commands += each.take()
    assert sent(commands) == answer
    assert commands[-1] is Signal.KEEP_SERVER


def test_chunked_bodies_and_their_trailers_are_written_anew() -> None:
    each, _ = talk()
    head = b"POST http://library.test/ HTTP/1.1\r\nHost: library.test\r\nTransfer-Encoding: chunked\r\n\r\n"
    out = sent(dialled(each, head + b"3;ext=1\r\nabc\r\n0\r\nX-Sum: 1\r\nHost: evil.test\r\n\r\n"), ToServer)
    assert out.endswith(b"\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n")
    each.from_server(b"HTTP/1.1 200 OK\r\ntransfer-encoding: CHUNKED\r\n\r\n2;x\r\nok\r\n0\r\nSet-Cookie: a\r\n\r\n")
    assert sent(each.take()) == b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"


def test_a_client_of_http_1_0_gets_no_chunks() -> None:
    each, _ = talk()
    out = sent(dialled(each, b"GET http://library.test/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), ToServer)
    assert out == b"GET / HTTP/1.1\r\nHost: library.test\r\n\r\n"
    each.from_server(
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
    )
    commands = each.take()
    assert sent(commands) == b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok"
    assert commands[-1] is Signal.FINISH


@pytest.mark.parametrize(
    ("method", "answer"),
    [
        (b"HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"),
        (b"GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n"),
        (b"GET", b"HTTP/1.1 204 No Content\r\n\r\n"),
        (b"GET", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
    ],
)
def test_answers_without_a_body_end_at_their_head(method: bytes, answer: bytes) -> None:
    each, _ = talk()
    dialled(each, GET.replace(b"GET", method))
    each.from_server(answer)
    assert each.take() == [ToClient(answer), Signal.KEEP_SERVER]


def test_an_interim_answer_is_passed_on() -> None:
    each, _ = talk()
    head = (
        b"POST http://library.test/ HTTP/1.1\r\nHost: library.test\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    )
    assert b"Expect: 100-continue" in sent(dialled(each, head), ToServer)
    each.from_server(b"HTTP/1.1 100 Continue\r\n\r\n")
    assert each.take() == [ToClient(b"HTTP/1.1 100 Continue\r\n\r\n")]
    each.from_client(b"hi")
    assert each.take() == [ToServer(b"hi"), ToServer(b"")]
    each.from_server(OK)
    assert each.take() == [ToClient(OK), Signal.KEEP_SERVER]


def test_an_early_answer_ends_both_connections() -> None:
    each, _ = talk()
    dialled(each, b"POST http://library.test/ HTTP/1.1\r\nHost: library.test\r\nContent-Length: 1000\r\n\r\nfirst")
    each.from_server(b"HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\n\r\nmuch")
    commands = each.take()
    assert b"Connection: close" in sent(commands)
    assert commands[-2:] == [Signal.DROP_SERVER, Signal.FINISH]


def test_a_refused_upload_is_not_read() -> None:
    each, _ = talk()
    each.from_client(b"POST http://games.test/ HTTP/1.1\r\nHost: games.test\r\nContent-Length: 9999\r\n\r\nfirst")
    commands = each.take()
    assert status(commands) == 403 and b"Connection: close" in sent(commands)
    assert commands[-1] is Signal.FINISH
    each.from_client(b"more" * 1000)
    assert each.take() == [] and each.hungry


def test_a_body_waits_outside_while_the_origin_is_dialled() -> None:
    each, _ = talk()
    each.from_client(b"POST http://library.test/ HTTP/1.1\r\nHost: library.test\r\nContent-Length: 999999\r\n\r\n")
    assert each.hungry
    each.from_client(bytes(HELD))
    assert not each.hungry
    each.take()
    each.connected(reused=False)
    assert each.hungry and len(sent(each.take(), ToServer)) > HELD


# Origins that misbehave.


@pytest.mark.parametrize(
    "answer",
    [
        b"\0\1\2",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-A: b\r\n c: d\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        b"HTTP/1.1 102 Wait\r\n\r\n" * 50,
        b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 300 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX-A: " + b"b" * 100_000,
    ],
    ids=range(10),
)
def test_an_answer_that_can_be_read_in_two_ways_is_not_passed_on(answer: bytes) -> None:
    each, _ = talk()
    dialled(each)
    each.from_server(answer)
    commands = each.take()
    assert b"HTTP/1.1 502 " in sent(commands)
    assert Signal.DROP_SERVER in commands and commands[-1] is Signal.FINISH


@pytest.mark.parametrize("clean", [True, False])
@pytest.mark.parametrize(
    "part",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n",
    ],
)
def test_half_an_answer_is_never_made_to_look_whole(part: bytes, clean: bool) -> None:
    each, _ = talk()
    dialled(each)
    each.from_server(part)
    each.take()
    each.server_gone(clean=clean)
    assert each.take() == [Signal.DROP_SERVER, Signal.ABORT]


def test_an_answer_that_ends_by_closing_ends_so_for_the_client() -> None:
    for clean, last in ((True, Signal.FINISH), (False, Signal.ABORT)):
        each, _ = talk()
        dialled(each)
        each.from_server(b"HTTP/1.1 200 OK\r\n\r\nall")
        each.take()
        each.server_gone(clean=clean)
        assert each.take() == [Signal.DROP_SERVER, last]


def test_an_origin_that_closes_without_a_word() -> None:
    each, _ = talk()
    dialled(each)
    each.server_gone(clean=True)
    assert status(each.take()) == 502


def test_a_kept_connection_that_died_is_replaced_once() -> None:
    each, _ = talk()
    each.from_client(GET)
    each.take()
    each.connected(reused=True)
    each.take()
    each.server_gone(clean=True)
    assert each.take() == [Signal.DROP_SERVER, Dial("library.test", ("192.0.2.1",), 80, fresh=True)]
    each.connected(reused=False)
    assert sent(each.take(), ToServer).startswith(b"GET /a?b ")
    each.server_gone(clean=True)
    assert status(each.take()) == 502


def test_what_an_origin_sends_beyond_its_answer_is_thrown_away_with_its_connection() -> None:
    each, _ = talk()
    dialled(each)
    each.from_server(OK + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
    assert each.take() == [ToClient(OK), Signal.DROP_SERVER]


def test_an_origin_that_cannot_be_reached() -> None:
    each, _ = talk()
    each.from_client(GET)
    each.take()
    each.unreachable(troubles.UNREACHABLE)
    assert status(each.take()) == 502
    assert each.wait is Wait.REQUEST
