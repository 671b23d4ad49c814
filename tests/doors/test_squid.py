"""Squid with our helper: the same decisions as our own proxy door, by real clients at a real Squid."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher

from homeroom.doors.dns import tls
from homeroom.doors.squid.judge import read
from homeroom.kernel import spoolline
from homeroom.kernel.decision.overlay import Rule
from tests.doors.proxy_kit import Stage, make_home, people, publish, stage
from tests.doors.squid_process import Squid, needed, squid

pytestmark = [needed, pytest.mark.timeout(240)]
BEN, OKAFOR, NILS, STRANGER = "127.0.0.1", "127.0.0.3", "127.0.0.4", "127.0.0.9"


def roll() -> dict:
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    made = people(logins={"okafor": ["okafor", quick.hash("right")], "ben": ["ben", quick.hash("right")]})
    made["addresses"] += [[OKAFOR, {"person": "okafor"}], [NILS, {"person": "nils"}]]
    return made


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(make_home(tmp_path_factory.mktemp("home"), roll=roll())) as made:
        yield made


@pytest.fixture(scope="module")
def running(scene: Stage) -> Iterator[Squid]:
    with squid(scene) as made:
        yield made


def test_an_allowed_page_comes_and_a_blocked_one_shows_why(running, scene):
    assert running.curl(scene.url("library.test", "/a")) == (200, f"origin /a library.test:{scene.http_port}")
    code, page = running.curl(scene.url("games.test", "/chess"), "-L")
    assert code == 403 and "games.test/chess" in page and "III.1" in page and "/review" in page


@pytest.mark.parametrize(
    ("source", "host", "path", "passes"),
    [
        (BEN, "games.test", "/", False),
        (OKAFOR, "games.test", "/", True),
        (OKAFOR, "adult.test", "/", False),
        (NILS, "library.test", "/", False),
        (STRANGER, "games.test", "/", False),
        (BEN, "library.test", "/games/chess", False),
        (BEN, "library.test", "/gamesroom", True),
        (OKAFOR, "library.test", "/games/chess", True),
        (BEN, "innocent.test", "/", False),
        (BEN, "shady.test", "/", False),
        (BEN, "inside.test", "/", False),
        (BEN, "nowhere.test", "/", False),
    ],
)
def test_person_path_and_what_a_name_leads_to_are_judged(running, scene, source, host, path, passes):
    assert (running.curl(scene.url(host, path), source=source)[0] == 200) is passes


def test_a_tunnel_is_judged_by_name_and_its_greeting_must_agree(running):
    assert running.curl(running.tls("library.test", "/s"))[1].startswith("origin /s library.test")
    assert running.curl(running.tls("games.test"))[0] != 200
    assert running.curl(running.tls("games.test"), source=OKAFOR)[0] == 200
    # The tunnel is for library.test, the greeting inside names games.test.
    other = f"library.test:{running.scene.tls_port}"
    told = running.curl(running.tls("games.test"), "--connect-to", f"games.test:{running.scene.tls_port}:{other}")
    assert told[0] != 200


def test_a_search_engine_is_reached_in_its_locked_form(running, scene):
    scene.origin.seen.clear()
    assert running.curl(scene.url("www.search.test", "/q"))[0] == 200
    assert running.curl(running.tls("www.search.test", "/q"))[0] == 200


def test_a_new_rule_and_a_new_standing_come_in_force_without_a_restart(running, scene):
    assert running.curl(scene.url("wiki.test"))[0] == 200
    took = []
    for number in range(3):
        publish(scene.home, overlay=[Rule(str(number), "block", "wiki.test", path="/x")])
        took.append(running.wait(lambda: running.curl(scene.url("wiki.test", "/x"))[0] != 200))
        assert running.curl(scene.url("wiki.test", "/y"))[0] == 200
        publish(scene.home, overlay=[])
        took.append(running.wait(lambda: running.curl(scene.url("wiki.test", "/x"))[0] == 200))
    closed = roll()
    closed["persons"]["ben"]["closed"] = [["IX.B", "Nobody has signed."]]
    publish(scene.home, roll=closed)
    took.append(running.wait(lambda: running.curl(scene.url("wiki.test"))[0] != 200))
    publish(scene.home, roll=roll())
    took.append(running.wait(lambda: running.curl(scene.url("wiki.test"))[0] == 200))
    assert len(took) == 8


def test_what_is_kept_is_a_pseudonym_and_counts(running, scene):
    running.curl(scene.url("games.test", "/secret-word"))

    def written() -> bytes:
        return b"".join(path.read_bytes() for path in (scene.home / "spool").glob("squid-*"))

    def told() -> bool:
        whole, _, _ = written().rpartition(b"\n")
        lines = [spoolline.read(line) for line in whole.splitlines()]
        blocked = any(isinstance(line, spoolline.Blocked) and line.alias == "alias-ben" for line in lines)
        return blocked and any(isinstance(line, spoolline.Counts) for line in lines)

    running.wait(told)
    text = written()
    assert b"secret-word" not in text and b"127.0.0.1" not in text
    assert not list(running.folder.glob("access*"))


def test_a_helper_that_is_told_to_end_has_not_fallen(running, scene):
    running.wait(lambda: bool(running.status()))
    before = running.status()["started"]
    for pid in running.helpers():
        os.kill(pid, signal.SIGTERM)
    running.wait(lambda: running.curl(scene.url("library.test"))[0] == 200)
    running.wait(lambda: running.status()["started"] > before)
    assert running.status()["fell"] == ""


def test_a_helper_that_falls_is_started_again_and_the_dashboard_says_so(running, scene):
    running.wait(lambda: bool(running.status()))
    for pid in running.helpers():
        os.kill(pid, signal.SIGKILL)
    running.wait(lambda: running.curl(scene.url("library.test"))[0] == 200)
    assert running.curl(scene.url("games.test"))[0] != 200
    running.wait(lambda: "fell at" in running.status().get("trouble", ""))


def test_while_the_helper_hangs_students_are_closed_and_staff_are_as_it_is_set(tmp_path):
    with stage(make_home(tmp_path, roll=roll())) as scene, squid(scene, spare=("127.0.0.3/32",)) as made:
        assert made.curl(scene.url("adult.test"), source=OKAFOR)[0] == 307
        for pid in made.helpers():
            os.kill(pid, signal.SIGSTOP)
        assert made.curl(scene.url("library.test"), source=BEN)[0] == 403
        assert made.curl(scene.url("library.test"), source=OKAFOR)[0] == 200
        for pid in made.helpers():
            os.kill(pid, signal.SIGCONT)
        made.wait(lambda: made.curl(scene.url("library.test"), source=BEN)[0] == 200)


def test_a_stranger_signs_in_with_name_and_password(tmp_path):
    with stage(make_home(tmp_path, roll=roll())) as scene:
        login = {"HOMEROOM_PROXY_AUTH": "ask"}
        with squid(scene, login="basic", environment=login) as made:
            assert made.curl(scene.url("games.test"), source=STRANGER)[0] == 407
            assert made.curl(scene.url("games.test"), "-U", "okafor:wrong", source=STRANGER)[0] == 407
            assert made.curl(scene.url("games.test"), "-U", "okafor:right", source=STRANGER)[0] == 200
            assert made.curl(scene.url("games.test"), "-U", "ben:right", source=STRANGER)[0] == 307
            assert made.curl(scene.url("adult.test"), "-U", "okafor:right", source=STRANGER)[0] == 307
            assert made.curl(made.tls("library.test"), "-U", "ben:right", source=STRANGER)[0] == 200


def test_with_a_certificate_authority_whole_addresses_are_judged_on_managed_devices(tmp_path):
    home = make_home(tmp_path, roll=roll())
    with stage(home) as scene:
        ca = home / "ca.pem"
        tls.make_self_signed(home / "ca.crt", home / "ca.key", ["Birch district"], datetime.now(UTC))
        ca.write_bytes((home / "ca.crt").read_bytes() + (home / "ca.key").read_bytes())
        insecure = "tls_outgoing_options flags=DONT_VERIFY_PEER\n"  # the stage's origin is signed by nobody
        with squid(scene, ca=ca, inspected=("127.0.0.1/32",), also=insecure) as made:
            assert made.curl(made.tls("library.test", "/good"))[0] == 200
            code, page = made.curl(made.tls("library.test", "/games/chess"), "-L")
            assert code == 403 and "library.test/games/chess" in page
            # On devices that are not managed nothing is looked into.
            assert made.curl(made.tls("library.test", "/games/chess"), source=STRANGER)[0] == 200


def test_a_line_of_squid_s_is_read_with_its_escapes():
    line = read("7 10.1.0.5 GET http://ex.test/a%2520b - \n")
    assert line is not None and line.url == "http://ex.test/a%20b" and not line.signed_in
    assert read("7 nonsense\n") is None
