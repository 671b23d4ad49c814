"""Random bytes and random events: no conversation breaks, and none reaches what is blocked."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from homeroom.doors.proxy import troubles
from homeroom.doors.proxy.acts import Check, Dial, Found, Look, ToServer, Wait
from homeroom.doors.proxy.talk import Talk
from homeroom.kernel.decision.decision import Block
from tests.doors.proxy_cast import CONNECT, GET, OK, dialled, sent, talk
from tests.unit.test_tls_hello import hello, sni

# Random bytes.

PIECES = st.sampled_from(
    [
        b"GET ", b"POST ", b"CONNECT ", b"http://library.test/", b"http://games.test/", b"library.test:443", b"/x",
        b" HTTP/1.1\r\n", b" HTTP/1.0\r\n", b"Host: library.test\r\n", b"Content-Length: 5\r\n",
        b"Transfer-Encoding: chunked\r\n", b"Upgrade: h2c\r\nConnection: Upgrade\r\n", b"\r\n", b"5\r\nhello\r\n",
        b"0\r\n\r\n", b"hello", b"\0", b"\xff\xfe", b": ", GET, CONNECT, OK, b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n", hello(sni(b"library.test")), hello(sni(b"games.test"))[:40],
    ]
)  # fmt: skip
DATA = st.binary(max_size=40) | PIECES | st.lists(PIECES, max_size=6).map(b"".join)
MOVES = st.one_of(
    st.tuples(st.just("client"), DATA),
    st.tuples(st.just("server"), DATA),
    st.tuples(st.sampled_from(["connect", "reuse", "fail", "found", "trouble", "right", "wrong"]), st.just(b"")),
    st.tuples(st.sampled_from(["late", "rules", "client ends", "client gone"]), st.just(b"")),
    st.tuples(st.sampled_from(["server ends", "server gone", "server torn"]), st.just(b"")),
)


def move(each: Talk, what: str, data: bytes) -> None:
    {
        "client": lambda: each.from_client(data),
        "server": lambda: each.from_server(data),
        "connect": lambda: each.connected(reused=False),
        "reuse": lambda: each.connected(reused=True),
        "fail": lambda: each.unreachable(troubles.UNREACHABLE),
        "found": lambda: each.found(Found(("192.0.2.1",))),
        "trouble": lambda: each.found(troubles.NO_SUCH_NAME),
        "right": lambda: each.checked("ana"),
        "wrong": lambda: each.checked(troubles.LOGIN_WRONG),
        "late": each.timed_out,
        "rules": each.rejudge,
        "client ends": each.client_ended,
        "server ends": each.server_ended,
        "server gone": lambda: each.server_gone(clean=True),
        "server torn": lambda: each.server_gone(clean=False),
        "client gone": each.client_gone,
    }[what]()


@settings(max_examples=300)
@given(st.lists(MOVES, max_size=20), st.booleans())
def test_no_sequence_of_bytes_and_events_breaks_a_conversation(moves: list[tuple[str, bytes]], slow: bool) -> None:
    """It never raises, never dials or serves a blocked host, and says nothing after its end."""
    each, world = talk(slow_names=slow)
    over = False
    for what, data in moves:
        move(each, what, data)
        commands = each.take()
        assert not (over and commands)
        over = over or each.wait is Wait.OVER
        assert all(command.host != "games.test" for command in commands if isinstance(command, Dial))
        assert sum(isinstance(command, Look | Dial | Check) for command in commands) <= 1
    for ask, decision in world.notes:
        assert isinstance(decision, Block) or ask.host != "games.test"


@given(st.binary(max_size=400))
def test_random_bytes_from_a_client(data: bytes) -> None:
    each, _ = talk()
    each.from_client(data)
    assert not any(isinstance(command, ToServer) for command in each.take())


@given(st.binary(max_size=400))
def test_random_bytes_from_an_origin(data: bytes) -> None:
    each, _ = talk()
    dialled(each)
    each.from_server(data)
    assert sent(each.take())[:9] in (b"", b"HTTP/1.1 ")
