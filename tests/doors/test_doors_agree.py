"""All doors agree: one corpus of questions through `decide`, our own two doors, dnsdist and Squid as real processes.

The corpus is made from a seed: persons, profiles, names and pages of them, rules, grants and list corrections, some
over and some yet to come. Any difference from what `decide` says fails, with the question in the message.
"""

from __future__ import annotations

import http.client
import random
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import dns.message
import dns.query
import dns.rcode
import pytest

from homeroom.doors import bundle_file
from homeroom.doors.bundle_file import install_rules, open_bundle
from homeroom.filtering.spill import FolderSpill
from homeroom.kernel.decision.ask import Ask
from homeroom.kernel.decision.bundle import Bundle, Slot
from homeroom.kernel.decision.decide import decide
from homeroom.kernel.decision.overlay import Rule
from homeroom.kernel.lists.entry import Entry, How
from homeroom.kernel.lists.table_writer import Writer
from homeroom.kernel.lists.urls import normal_path
from tests.doors.dnsdist_process import Front
from tests.doors.dnsdist_process import needed as dnsdist_needed
from tests.doors.proxy_kit import Stage
from tests.doors.squid_process import Squid
from tests.doors.squid_process import needed as squid_needed

pytestmark = [dnsdist_needed, squid_needed, pytest.mark.timeout(600)]
SEED = 524
NOW = datetime.now(UTC)
CATEGORIES = ("pornography", "games", "malware", "gambling", "news", "vpn")
LAW = [
    {"material": "obscene", "clause": "VI.Alt3.A.obscene"},
    {"material": "harmful-to-minors", "clause": "VI.Alt3.A.htm"},
]
POLICY = {
    "alternative": "3", "strictest": "unknown",
    "categories": [
        {"id": "pornography", "title": "Pornography", "clause": "V.A.1.a", "reason": "Explicit.", "legal": ["obscene"]},
        {"id": "games", "title": "Games", "clause": "III.2", "reason": "Distracts."},
        {"id": "malware", "title": "Malware", "clause": "V.A.4b", "reason": "Harms.", "kind": "safety"},
        {"id": "gambling", "title": "Gambling", "clause": "III.2", "reason": "Chance.", "legal": ["harmful-to-minors"]},
        {"id": "vpn", "title": "Ways around", "clause": "V.A.4d", "reason": "Leads around."},
    ],
    "profiles": [
        {"id": "student", "title": "Students", "audience": "student", "legal": LAW,
         "blocked": ["games", "malware", "vpn"], "safe_search": True, "youtube": "strict"},
        {"id": "adult", "title": "Staff", "audience": "adult", "legal": LAW[:1], "blocked": ["malware"]},
        {"id": "exam", "title": "Exam room", "audience": "student", "legal": LAW, "blocked": [], "otherwise": "block"},
        {"id": "unknown", "title": "Nobody", "audience": "unknown", "legal": LAW, "blocked": ["games", "malware"]},
    ],
    "essentials": ["homeroom.test"], "canaries": {"canary.test": "nxdomain"},
    "safe_search": {"www.search.test": "locked.search.test"},
    "youtube": {"strict": {"www.video.test": "locked.search.test"}},
}  # fmt: skip
ADDRESSES = {
    "ben": "127.0.1.1", "leah": "127.0.1.2", "ana": "127.0.1.3", "tou": "127.0.1.4", "olsen": "127.0.1.5",
    "lind": "127.0.1.6", "nils": "127.0.1.7", "exam": "127.0.2.7", "library": "127.0.3.9", "stranger": "127.0.9.9",
}  # fmt: skip
PERSONS = {
    "ben": {"profile": "student", "role": "student", "school": "birch", "classes": ["7b"], "alias": "a1"},
    "leah": {"profile": "student", "role": "student", "school": "birch", "classes": ["7a"], "alias": "a2"},
    "ana": {"profile": "student", "role": "student", "school": "cedar", "classes": ["11c"], "alias": "a3"},
    "tou": {"profile": "student", "role": "student", "school": "cedar", "alias": "a4"},
    "olsen": {"profile": "adult", "role": "teacher", "school": "birch", "alias": "a5"},
    "lind": {"profile": "adult", "role": "teacher", "school": "birch", "alias": "a6"},
    "nils": {"profile": "student", "role": "student", "school": "cedar", "alias": "a7",
             "closed": [["IX.B", "Nobody signed."]]},
}  # fmt: skip
ROLL = {
    "persons": PERSONS,
    "addresses": [
        *[[ADDRESSES[each], {"person": each}] for each in PERSONS],
        ["127.0.2.0/24", {"profile": "exam", "school": "birch", "role": "student"}],
        ["127.0.3.0/24", {"profile": "student", "school": "pine", "role": "student"}],
    ],
}  # fmt: skip
SCOPES = ("everyone", "school:birch", "role:student", "role:teacher", "class:7b", "person:ben", "person:olsen")
SPECIAL = ("www.search.test", "www.video.test", "canary.test", "homeroom.test")


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks for what. `path` is "" for a name alone."""

    who: str
    host: str
    path: str = ""


class Corpus:
    """Names, lists, rules and questions, from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        pick = self.random.choice
        words = ("alpha", "beta", "gamma", "delta", "cdn", "www", "play", "shop", "blog", "mail")
        seconds = [f"{pick(words)}{number}.test" for number in range(120)]
        self.names = sorted({*seconds, *(f"{pick(words)}.{each}" for each in seconds for _ in range(2)),
                             *(f"{pick(words)}.{pick(words)}.{each}" for each in seconds), *SPECIAL})  # fmt: skip
        self.paths = ("/", "/games", "/games/chess?x=1", "/a/b", "/Games", "/a/../games")
        self.entries = [self._entry(line) for line in range(1, 260)]
        self.rules = [self._rule(number) for number in range(60)]
        everybody = tuple(ADDRESSES)
        self.by_name = [Question(pick(everybody), pick(self.names)) for _ in range(3000)]
        self.by_url = [Question(pick(everybody), pick(self.names), pick(self.paths)) for _ in range(900)]
        self.tunnels = [Question(pick(everybody), pick(self.names)) for _ in range(300)]

    def _entry(self, line: int) -> tuple[int, Entry]:
        name, slot = self.random.choice(self.names), self.random.randrange(len(CATEGORIES))
        how = self.random.choice((How.SUFFIX, How.SUFFIX, How.SUFFIX, How.EXACT, How.EXACT, How.SUB, How.URL))
        allow = how is not How.URL and self.random.random() < 0.08
        pattern = f"{name.removeprefix('www.')}/games" if how is How.URL else name
        return slot, Entry(pattern, how, line, pattern, allow=allow)

    def _rule(self, number: int) -> Rule:
        effect = self.random.choice(("allow", "allow", "block", "correct"))
        day = timedelta(days=1)
        times = ((None, None), (None, None), (NOW - day, NOW + day), (NOW - 2 * day, NOW - day), (NOW + day, None))
        starts, until = self.random.choice(times)
        return Rule(
            str(number), effect, self.random.choice(self.names),
            scope="everyone" if effect == "correct" else self.random.choice(SCOPES),
            path=self.random.choice(("", "", "", "/games")) if effect != "correct" else "",
            exact=self.random.random() < 0.3, starts=starts, until=until, reason="A reason.",
        )  # fmt: skip


@dataclass(slots=True)
class House:
    """Everything that answers."""

    corpus: Corpus
    bundle: Bundle
    stage: Stage
    front: Front
    squid: Squid

    def says(self, question: Question) -> str:
        """What `decide` says: pass or block; a name that leads elsewhere passes."""
        who = self.bundle.roll.by_address(ip_address(ADDRESSES[question.who]).packed)
        path = normal_path(question.path) if question.path else ""
        found = decide(Ask(who=who, host=question.host, path=path), self.bundle, datetime.now(UTC))
        return "block" if found.verdict == "block" else "pass"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    corpus, home = Corpus(SEED), tmp_path_factory.mktemp("agree")
    rules = _compiled(home, corpus.entries)
    bundle_file.publish(
        home, at=NOW, journal=1, rules=rules, policy=POLICY, roll=ROLL,
        overlay=[rule.as_json() for rule in corpus.rules],
    )  # fmt: skip
    stage = Stage(home, per_client=100_000)
    upstream = f"127.0.0.1:{stage.dns_port}"
    front = Front(home, HOMEROOM_DNS_UPSTREAMS=upstream, HOMEROOM_DNS_RATE="0")
    squid = Squid(stage, names=(*corpus.names, "library.test", "locked.search.test"))
    try:
        yield House(corpus, open_bundle(home), stage, front, squid)
    finally:
        squid.end()
        front.end()
        stage.close()


def _compiled(home: Path, entries: Sequence[tuple[int, Entry]]) -> str:
    aside = home / "table"
    with FolderSpill(home) as spill, aside.open("w+b") as file:
        writer = Writer(spill)
        for slot, entry in entries:
            writer.add(slot, entry)
        writer.finish(file, tuple(Slot("list", "v1", each) for each in CATEGORIES), {})
    return install_rules(home, aside)


def _differences(house: House, questions: Sequence[Question], ask) -> list[str]:
    with ThreadPoolExecutor(8) as pool:
        heard = list(pool.map(ask, questions))
    wrong = []
    for question, said in zip(questions, heard, strict=True):
        expected = house.says(question)
        if said != expected:
            wrong.append(f"{question}: decide says {expected}, the door says {said}")
    return wrong


def _by_dns(port: int):
    def ask(question: Question) -> str:
        for _ in range(10):
            message = dns.message.make_query(question.host, "A")
            answer = dns.query.udp(message, "127.0.0.1", 8.0, port, source=ADDRESSES[question.who])
            if answer.rcode() != dns.rcode.SERVFAIL:
                return "pass" if answer.rcode() == dns.rcode.NOERROR and answer.answer else "block"
            time.sleep(0.5)  # the little upstream was late, which says nothing of the name; a client asks again
        return "no answer"

    return ask


def _by_proxy(house: House, port: int):
    def ask(question: Question) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", port, 20, source_address=(ADDRESSES[question.who], 0))
        try:
            connection.request("GET", house.stage.url(question.host, question.path))
            return "pass" if connection.getresponse().status == 200 else "block"
        finally:
            connection.close()

    return ask


def _by_tunnel(house: House, port: int):
    """Only a page of the origin counts: Squid opens a tunnel also to say no inside it."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE

    def ask(question: Question) -> str:
        target = f"{question.host}:{house.stage.tls_port}"
        with socket.create_connection(("127.0.0.1", port), 20, (ADDRESSES[question.who], 0)) as wire:
            wire.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
            if b" 200 " not in wire.recv(4096).partition(b"\r\n")[0]:
                return "block"
            try:
                with trusting.wrap_socket(wire, server_hostname=question.host) as inside:
                    inside.sendall(f"GET / HTTP/1.1\r\nHost: {question.host}\r\n\r\n".encode())
                    return "pass" if inside.recv(4096).startswith(b"HTTP/1.1 200") else "block"
            except OSError:
                return "block"

    return ask


def test_the_corpus_has_something_to_say(house):
    said = [house.says(question) for question in (*house.corpus.by_name, *house.corpus.by_url)]
    assert 0.2 < said.count("block") / len(said) < 0.8
    several = [each for each in house.corpus.by_name if house.bundle.table.mask(each.host).bit_count() > 1]
    assert len(several) > 100, "also names in several categories, of which one decides"
    assert len(house.corpus.by_name) + len(house.corpus.by_url) + len(house.corpus.tunnels) >= 4000


def test_the_embedded_dns_door_agrees(house):
    assert _differences(house, house.corpus.by_name, _by_dns(house.front.door.port)) == []


def test_dnsdist_agrees(house):
    # Twice, since the second time much is answered from dnsdist's memory.
    for _ in range(2):
        assert _differences(house, house.corpus.by_name, _by_dns(house.front.port)) == []
    assert house.front.status()["blocked"] > 100, "the tables themselves answered"


def test_the_embedded_proxy_agrees(house):
    assert _differences(house, house.corpus.by_url, _by_proxy(house, house.stage.port)) == []
    assert _differences(house, house.corpus.tunnels, _by_tunnel(house, house.stage.port)) == []


def test_squid_agrees(house):
    assert _differences(house, house.corpus.by_url, _by_proxy(house, house.squid.port)) == []
    assert _differences(house, house.corpus.tunnels, _by_tunnel(house, house.squid.port)) == []


def test_after_a_change_of_rules_all_agree_again(house):
    rules = [rule for number, rule in enumerate(house.corpus.rules) if number % 3]
    bundle_file.publish(house.stage.home, at=NOW, journal=2, overlay=[rule.as_json() for rule in rules])
    house.bundle = open_bundle(house.stage.home)
    some = slice(0, 400)
    for port in (house.front.port, house.front.door.port):
        until = time.monotonic() + 30
        while _differences(house, house.corpus.by_name[some], _by_dns(port)) and time.monotonic() < until:
            time.sleep(0.2)
        assert _differences(house, house.corpus.by_name[some], _by_dns(port)) == []
    for port in (house.squid.port, house.stage.port):
        assert _differences(house, house.corpus.by_url[some], _by_proxy(house, port)) == []
