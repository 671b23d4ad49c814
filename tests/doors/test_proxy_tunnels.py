"""Conversations about tunnels, and what the clock, new rules and leaving clients do to a conversation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from homeroom.doors.proxy import troubles
from homeroom.doors.proxy.acts import Found, Signal, ToClient, ToServer, Wait
from homeroom.doors.proxy.talk import ESTABLISHED, Talk
from homeroom.doors.proxy.tunnel import ACCESS_DENIED
from homeroom.kernel.decision.ask import Who
from homeroom.kernel.decision.decision import Block, Kind
from tests.doors.proxy_cast import BEN, CONNECT, GET, OK, STRANGER, World, dialled, sent, status, talk
from tests.unit.test_tls_hello import hello, sni

# Tunnels.


def tunnel(**world: object) -> tuple[Talk, World]:
    each, made = talk(**world)
    assert sent(dialled(each, CONNECT)) == ESTABLISHED
    return each, made


def test_a_tunnel_opens_when_the_greeting_names_the_same_host() -> None:
    each, _ = tunnel()
    greeting = hello(sni(b"Library.TEST"))
    for byte in greeting[:-1]:
        each.from_client(bytes((byte,)))
        assert each.take() == []
    each.from_client(greeting[-1:] + b"more")
    assert sent(each.take(), ToServer) == greeting + b"more"
    each.from_server(b"answer")
    each.from_client(b"question")
    assert each.take() == [ToClient(b"answer"), ToServer(b"question")]


def test_a_greeting_that_came_with_the_connect_is_read_too() -> None:
    each, _ = talk()
    assert sent(dialled(each, CONNECT + hello(sni(b"library.test"))), ToServer) == hello(sni(b"library.test"))


def test_a_greeting_without_a_name_is_judged_by_the_host_alone() -> None:
    each, _ = tunnel()
    each.from_client(hello(b""))
    assert each.wait is Wait.TUNNEL


@pytest.mark.clause("V.A.4d")
@pytest.mark.parametrize(
    ("who", "host", "opens"),
    [
        (BEN, "93.184.216.34", False),
        (STRANGER, "93.184.216.34", False),
        (BEN, "[2606:2800:220:1::1]", False),
        (Who(person="olsen", profile="adult"), "93.184.216.34", True),
        (BEN, "10.0.0.9", True),  # of the district's own; other private addresses are not reached at all
        (BEN, "127.0.0.1", True),
        (BEN, "library.test", True),
    ],
)
def test_a_bare_address_needs_a_server_name_for_all_but_adults(who: Who, host: str, opens: bool) -> None:
    each, world = talk(who=who)
    dialled(each, CONNECT.replace(b"library.test", host.encode()))
    each.from_client(hello(b""))
    assert (each.wait is Wait.TUNNEL) == opens
    if not opens:
        assert sent(each.take()).endswith(ACCESS_DENIED)
        last = world.notes[-1][1]
        assert (last.verdict, last.clause, last.category) == ("block", "V.A.4d", "tunnel")


def test_an_address_that_a_rule_allows_needs_no_server_name() -> None:
    each, world = talk()
    allowed, judge = "93.184.216.34", world.judge
    world.judge = lambda ask: replace(judge(ask), category="local-rule")  # type: ignore[method-assign, type-var]
    dialled(each, CONNECT.replace(b"library.test", allowed.encode()))
    each.from_client(hello(b""))
    assert each.wait is Wait.TUNNEL


@pytest.mark.parametrize(
    ("data", "last_words"),
    [
        (hello(sni(b"games.test")), ACCESS_DENIED),
        (hello(sni(b"www.library.test")), ACCESS_DENIED),
        (hello(sni(b"-..-")), ACCESS_DENIED),
        (hello(sni(b"a.test") + sni(b"library.test")), b""),
        (b"SSH-2.0-OpenSSH_9.2\r\n", b""),
        (b"GET / HTTP/1.1\r\n\r\n", b""),
        (b"\x16\x03\x01\x00\x05\x02\x00\x00\x01x", b""),
    ],
    ids=["other name", "other subdomain", "no name", "two names", "ssh", "http", "server hello"],
)
@pytest.mark.clause("V.A.4d")
def test_a_tunnel_used_for_something_else_is_shut_and_recorded(data: bytes, last_words: bytes) -> None:
    each, world = tunnel()
    each.from_client(data)
    commands = each.take()
    assert sent(commands) == last_words and sent(commands, ToServer) == b""
    assert commands[-2:] == [Signal.DROP_SERVER, Signal.FINISH]
    refused = world.notes[-1][1]
    assert isinstance(refused, Block) and (refused.clause, refused.kind) == ("V.A.4d", Kind.SAFETY)


def test_an_origin_that_speaks_first_is_not_tls() -> None:
    each, _ = tunnel()
    each.from_server(b"220 mail.test ESMTP\r\n")
    assert each.take() == [Signal.DROP_SERVER, Signal.FINISH]


def test_a_blocked_host_gets_no_tunnel() -> None:
    each, _ = talk()
    each.from_client(CONNECT.replace(b"library", b"games"))
    commands = each.take()
    assert status(commands) == 403 and commands[-1] is Signal.FINISH


def test_each_half_of_a_tunnel_ends_on_its_own() -> None:
    each, _ = tunnel()
    each.from_client(hello(b""))
    each.take()
    each.client_ended()
    assert each.take() == [Signal.END_SERVER]
    each.from_server(b"still talking")
    each.server_ended()
    assert each.take() == [ToClient(b"still talking"), Signal.END_CLIENT, Signal.DROP_SERVER, Signal.FINISH]


# The clock, the rules, and clients that leave.


def test_a_client_that_leaves_takes_its_request_along() -> None:
    for leave in (Talk.client_ended, Talk.client_gone):
        each, _ = talk()
        dialled(each)
        leave(each)
        assert each.take() == [Signal.DROP_SERVER, Signal.ABORT]
        each.from_server(OK)
        assert each.take() == []


def test_late_news_about_a_request_that_is_over_is_ignored() -> None:
    each, _ = talk(slow_names=True)
    each.from_client(GET)
    each.client_gone()
    each.take()
    each.found(Found(("192.0.2.1",)))
    each.connected(reused=False)
    each.checked("ben")
    each.unreachable(troubles.UNREACHABLE)
    assert each.take() == []


def test_what_takes_too_long_is_said_in_words() -> None:
    each, _ = talk()
    each.from_client(b"GET http://lib")
    assert each.wait is Wait.HEAD
    each.timed_out()
    assert status(each.take()) == 408
    each, _ = talk()
    dialled(each)
    each.timed_out()
    assert status(each.take()) == 504
    each, _ = talk(slow_names=True)
    each.from_client(GET)
    each.take()
    each.timed_out()
    assert status(each.take()) == 504
    each, _ = talk()
    each.timed_out()
    assert each.take() == [Signal.DROP_SERVER, Signal.FINISH]


def test_an_answer_that_stops_in_the_middle_is_broken_off() -> None:
    each, _ = talk()
    dialled(each)
    each.from_server(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart")
    each.take()
    each.timed_out()
    assert each.take() == [Signal.DROP_SERVER, Signal.ABORT]


def test_a_new_rule_shuts_what_is_already_open() -> None:
    for prepare in (lambda each: dialled(each), lambda each: (dialled(each, CONNECT), each.from_client(hello(b"")))):
        each, world = talk()
        prepare(each)
        each.take()
        each.rejudge()
        assert each.take() == []
        world.closed.add("library.test")
        each.rejudge()
        assert each.take() == [Signal.DROP_SERVER, Signal.ABORT]


def test_a_person_who_lost_standing_is_cut_off() -> None:
    each, world = tunnel()
    each.from_client(hello(b""))
    each.take()
    world.judge = lambda ask: None if ask.who is STRANGER else World.judge(world, ask)  # type: ignore[method-assign]
    world.who = STRANGER
    each.rejudge()
    assert each.take() == [Signal.DROP_SERVER, Signal.ABORT]


def test_a_site_that_gets_locked_is_not_used_unlocked_any_longer() -> None:
    each, world = tunnel()
    each.from_client(hello(b""))
    each.take()
    plain = World.judge
    world.judge = lambda ask: plain(world, replace(ask, host="www.search.test"))  # type: ignore[method-assign]
    each.rejudge()
    assert each.take() == [Signal.DROP_SERVER, Signal.ABORT]
