"""kill -9 at any moment: what was answered is on record, and whoever comes back serves at once."""

from __future__ import annotations

import random
import threading
import time

import pytest

from tests.bad_days.house import ALLOWED, BLOCKED, House


class Client(threading.Thread):
    """Asks for one listed name after the other through a door until it falls, one question at a time."""

    def __init__(self, ask, number: int) -> None:
        super().__init__(daemon=True)
        self._ask, self._number = ask, number
        self.answered: list[str] = []
        self.start()

    def run(self) -> None:
        for count in range(100_000):
            host = f"c{self._number}-{count}.porn.test"
            try:
                if self._ask(host) == BLOCKED:
                    self.answered.append(host)
            except OSError:
                return


@pytest.mark.parametrize("door", ["dns", "proxy"])
def test_a_killed_door_has_written_down_what_it_answered(house: House, door):
    """Of each client at most the answer of the last moment is missing from the record."""
    chance = random.Random(door)
    answered: list[str] = []
    rounds, clients = 3, 4
    for _ in range(rounds):
        house.start(door)
        port = house.port(door)  # from here on the clients do not look at the status
        house.port = lambda name, port=port: port
        asked = (
            (lambda host: house.ask(host, timeout=0.3)) if door == "dns" else (lambda host: house.get(host, timeout=1))
        )
        threads = [Client(asked, number) for number in range(clients)]
        time.sleep(0.3 + chance.random() * 0.3)
        house.kill(door)
        for each in threads:
            each.join(5)
            answered += each.answered
        del house.port
    assert len(answered) > 100
    recorded = house.refused_hosts()
    missing = [host for host in set(answered) if recorded.count(host) < answered.count(host)]
    assert len(missing) <= rounds * clients, f"{len(missing)} of {len(answered)}: {missing[:5]}"


def test_a_door_that_was_killed_serves_again_at_once(both):
    for _ in range(2):
        for door in ("dns", "proxy"):
            both.kill(door)
        begun = time.monotonic()
        both.start("dns", "proxy")
        assert both.ask("games.test") == both.get("games.test") == BLOCKED
        assert both.ask("ok.test") == both.get("ok.test") == ALLOWED
        assert time.monotonic() - begun < 60  # two interpreters start side by side on a busy machine
