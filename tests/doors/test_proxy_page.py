"""The page port and the set-up file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from homeroom.doors.page.block import as_html
from homeroom.doors.proxy.world import facts
from homeroom.doors.ticket import unseal
from homeroom.kernel.decision.ask import Ask, Who
from homeroom.kernel.decision.decision import Block, Cited, Kind
from tests.doors.proxy_kit import Stage, make_home, people, stage


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One stage for all tests that leave it as they found it."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    logins = {"okafor": ["okafor", quick.hash("right")], "nils": ["nils", "argon2" + quick.hash("right")]}
    home = make_home(tmp_path_factory.mktemp("home"), roll=people(logins=logins))
    with stage(home) as made:
        yield made


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Stage]:
    """A stage for tests that change something."""
    with stage(make_home(tmp_path)) as made:
        yield made


# The set-up file and the page port.


@pytest.mark.parametrize("page", [False, True])
def test_the_set_up_file(scene: Stage, page: bool) -> None:
    answer = Answered(scene.ask(b"GET /proxy.pac HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", page=page))
    assert answer.head.startswith(b"HTTP/1.1 200 ") and b"application/x-ns-proxy-autoconfig" in answer.head
    assert f'return "PROXY 127.0.0.1:{scene.port}"'.encode() in answer.body
    assert b"homeroom.test" in answer.body and b"DIRECT" in answer.body.partition(b"PROXY")[0]


class Answered:
    def __init__(self, data: bytes) -> None:
        self.head, _, self.body = data.partition(b"\r\n\r\n")


def ask_page(scene: Stage, host: str, path: str = "/", method: str = "GET") -> bytes:
    return scene.ask(f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode(), page=True)


def test_a_name_that_the_resolver_sent_here_is_explained(scene: Stage) -> None:
    before = scene.door.shared.counts["block"]
    page = ask_page(scene, "Games.Test:80", "/chess")
    assert page.startswith(b"HTTP/1.1 403 ") and b"games.test/chess" in page and b"III.1" in page
    assert scene.door.shared.counts["block"] == before  # the DNS door counted it


def test_a_name_that_is_not_blocked_any_more_says_so(scene: Stage) -> None:
    page = ask_page(scene, "library.test", "/a?b=<c>")
    assert page.startswith(b"HTTP/1.1 200 ") and b"This page is not blocked" in page and b"no-store" in page
    assert b'href="http://library.test/a?b=%3Cc%3E">Try again</a>' in page


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "OPTIONS", "HEAD"])
def test_the_page_port_fetches_nothing(scene: Stage, method: str) -> None:
    seen = len(scene.origin.seen)
    for target in (scene.url("library.test"), "/"):
        ask_page(scene, f"library.test:{scene.http_port}", target, method)
    scene.ask(f"CONNECT library.test:{scene.tls_port} HTTP/1.1\r\nHost: x\r\n\r\n".encode(), page=True)
    assert len(scene.origin.seen) == seen


@pytest.mark.parametrize("host", ["<script>alert(1)</script>", "a b", "", "..", "x" * 300, '"onload="alert(1)'])
def test_nothing_that_a_client_writes_is_repeated_raw(scene: Stage, host: str) -> None:
    for data in (ask_page(scene, host), ask_page(scene, "games.test", "/<script>alert(1)</script>")):
        assert b"<script" not in data and b'"onload' not in data


def test_even_the_longest_facts_make_a_ticket_that_fits(scene: Stage) -> None:
    """Whatever a list or a client writes, the block page stays small and its ticket opens."""
    who = Who(person="ben", profile="student", school="birch", alias="a" * 40)
    for letter in ('"', "é", "\\", "\U0001f600", "<"):
        long = letter * 700
        decision = Block(
            kind=Kind.DISTRICT, clause="VI.Alt3.A.obscene", category="games", reason=long, person="ben",
            profile="student", bundle="4db5779278e18eff", at=datetime.now(UTC), rule=Cited(long, long, 10**7, long),
        )  # fmt: skip
        ask = Ask(who=who, host=".".join(["x" * 62] * 4), path="/" + long)
        made = facts(scene.door.shared, scene.door.shared.watch.bundle, ask, decision)
        assert len(as_html(made, "en")) < 15_000
        ticket = made.review.split("/")[-2]
        assert unseal(scene.door.shared.ticket_key, ticket, datetime.now(UTC))["line"] == 10**7
