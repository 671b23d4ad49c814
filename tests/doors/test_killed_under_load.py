"""dnsdist and Squid killed while many ask: what is blocked never opens, and both serve again by the rules in force."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable

import dns.exception
import dns.query
import dns.rcode
import pytest

from tests.doors import dnsdist_process, squid_process
from tests.doors.dns_process import put_in_force
from tests.doors.dns_scene import query
from tests.doors.dnsdist_process import front
from tests.doors.proxy_kit import make_home, stage
from tests.doors.squid_process import squid
from tests.doors.upstream import Upstream

pytestmark = pytest.mark.timeout(180)
ASKERS = 6
ZONE = {(name, "A"): ["192.0.2.1"] for name in ("wiki.test", "games.test", "porn.test")}  # an upstream hides nothing


class Load:
    """Askers in threads of their own, from now until the end; `heard` counts what each thing was answered."""

    def __init__(self, ask: Callable[[str], str], things: tuple[str, ...]) -> None:
        self.heard: Counter[tuple[str, str]] = Counter()
        self._ask, self._things, self._over = ask, things, threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(n,), daemon=True) for n in range(ASKERS)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(20)

    def _run(self, number: int) -> None:
        while not self._over.is_set():
            thing = self._things[number % len(self._things)]
            self.heard[thing, self._ask(thing)] += 1
            number += 1

    def until(self, thing: str, said: str, more: int = 20, seconds: float = 30.0) -> None:
        """Wait until a thing was answered so some times more."""
        wanted, until = self.heard[thing, said] + more, time.monotonic() + seconds
        while self.heard[thing, said] < wanted:
            assert time.monotonic() < until, self.heard
            time.sleep(0.02)

    def answers(self, thing: str) -> set[str]:
        """Everything that was ever said to it."""
        return {said for each, said in self.heard if each == thing}


@dnsdist_process.needed
def test_dnsdist_killed_again_and_again_under_load_opens_nothing(tmp_path):
    put_in_force(tmp_path)
    upstream = Upstream(ZONE)

    def ask(name: str) -> str:
        try:
            answer = dns.query.udp(query(name), "127.0.0.1", 0.5, running.port)
        except (dns.exception.DNSException, OSError):
            return "nothing"
        return "opened" if answer.answer else dns.rcode.to_text(answer.rcode())

    try:
        with front(tmp_path, HOMEROOM_DNS_UPSTREAMS=f"127.0.0.1:{upstream.port}", HOMEROOM_DNS_RATE="0") as running:
            with Load(ask, ("games.test", "wiki.test", "porn.test")) as load:
                for _ in range(3):
                    load.until("wiki.test", "opened")
                    load.until("games.test", "NXDOMAIN")
                    running.dnsdist.kill()
                    running.dnsdist.wait(10)
                    load.until("wiki.test", "nothing", 1)
                    running.dnsdist = running.start()
                load.until("wiki.test", "opened")
            for blocked in ("games.test", "porn.test"):
                assert load.answers(blocked) <= {"NXDOMAIN", "nothing"}, load.heard
    finally:
        upstream.close()


@squid_process.needed
def test_squid_killed_under_load_lets_no_student_through_and_comes_back(tmp_path):
    with stage(make_home(tmp_path)) as scene, squid(scene) as running:

        def ask(host: str) -> str:
            connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=5)
            try:
                connection.request("GET", scene.url(host, "/under-load"))
                answer = connection.getresponse()
                body = answer.read()
            except (OSError, http.client.HTTPException):
                return "nothing"
            finally:
                connection.close()
            return "opened" if answer.status == 200 and b"origin /under-load" in body else str(answer.status)

        orphans: set[int] = set()
        with Load(ask, ("library.test", "games.test", "adult.test")) as load:
            for _ in range(2):
                load.until("library.test", "opened")
                load.until("games.test", "307")
                orphans |= set(running.helpers())
                running.process.kill()
                running.process.wait(10)
                load.until("library.test", "nothing", 1)
                running.process = running.start()
            load.until("library.test", "opened")
        assert orphans
        running.wait(lambda: not orphans & set(running.helpers()))  # who is asked by nobody any more ends
        for blocked in ("games.test", "adult.test"):
            assert "opened" not in load.answers(blocked), load.heard
            assert "307" in load.answers(blocked)
