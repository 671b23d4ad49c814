"""dnsdist as the DNS door: the same answers by tables, and what tables cannot say from the embedded door."""

from __future__ import annotations

import json
import signal
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import dns.message
import dns.rcode
import pytest

from homeroom.doors.bundle_file import current_id, open_bundle, publish
from homeroom.doors.bundle_watch import BundleWatch
from homeroom.doors.dns.answers import Page
from homeroom.doors.dnsdist.classes import classes, deciding
from homeroom.doors.dnsdist.node import Writer
from homeroom.doors.dnsdist.tables import Kept, Places, handed_names, make
from homeroom.kernel import spoolline
from homeroom.kernel.decision.identity import chromeos_hash
from homeroom.kernel.decision.overlay import Rule
from tests.doors.dns_process import put_in_force
from tests.doors.dns_scene import AT, POLICY_JSON, ROLL_JSON, SALTS, TOKENS, query
from tests.doors.dnsdist_process import Front, front, needed
from tests.doors.upstream import Upstream

pytestmark = [needed, pytest.mark.timeout(180)]
ZONE = {
    ("wiki.test", "A"): ["192.0.2.1"],
    ("games.test", "A"): ["192.0.2.9"],
    ("harmless.test", "A"): ["198.51.100.66"],
    ("forcesafesearch.google.com", "A"): ["192.0.2.7"],
    **{(f"many{count}.test", "A"): [f"192.0.2.{each}" for each in range(1, count + 1)] for count in range(1, 11)},
    ("alias.test", "CNAME"): ["behind.alias.test"],
    ("behind.alias.test", "A"): ["192.0.2.20", "192.0.2.21"],
}
# 127.0.0.1 is Ben, 127.0.0.2 Leah, 127.0.0.3 Ms. Olsen, 127.0.0.4 Nils (closed), anybody else a stranger.
ROLL = {
    **ROLL_JSON,
    "addresses": [
        *ROLL_JSON["addresses"], ["127.0.0.3", {"person": "olsen"}], ["127.0.0.4", {"person": "nils"}],
        ["127.0.8.0/24", {"profile": "student", "school": "birch", "role": "student"}],
    ],
}  # fmt: skip

STUDENT, *OTHERS = POLICY_JSON["profiles"]
MILD = {**POLICY_JSON, "profiles": [{**STUDENT, "blocked": ["games"]}, *OTHERS]}  # a name may lead to malware


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    home = tmp_path_factory.mktemp("node")
    put_in_force(home)
    _publish(home)
    upstream = Upstream(ZONE)
    try:
        with front(home, HOMEROOM_DNS_UPSTREAMS=f"127.0.0.1:{upstream.port}", HOMEROOM_DNS_RATE="0") as it:
            yield it
    finally:
        upstream.close()


def _publish(home: Path, rules: tuple[Rule, ...] = (), roll: dict = ROLL, **parts: Any) -> str:
    return publish(home, at=AT, journal=1, overlay=[rule.as_json() for rule in rules], roll=roll, **parts)


def _until(running: Front, said, *, seconds: float = 60.0) -> float:
    started = time.monotonic()
    while not said():
        assert time.monotonic() - started < seconds
        time.sleep(0.01)
    return time.monotonic() - started


def code(answer: dns.message.Message) -> str:
    return dns.rcode.to_text(answer.rcode())


@pytest.mark.parametrize(
    ("source", "name", "expected"),
    [
        ("127.0.0.1", "games.test", "NXDOMAIN"),
        ("127.0.0.1", "deep.under.GAMES.test", "NXDOMAIN"),
        ("127.0.0.3", "games.test", "NOERROR"),
        ("127.0.0.3", "porn.test", "NXDOMAIN"),
        ("127.0.0.4", "wiki.test", "NXDOMAIN"),
        ("127.0.8.77", "games.test", "NXDOMAIN"),
        ("127.0.9.9", "games.test", "NXDOMAIN"),
        ("127.0.0.1", "wiki.test", "NOERROR"),
        ("127.0.0.1", "harmless.test", "NXDOMAIN"),
        ("127.0.0.1", "use-application-dns.net", "NXDOMAIN"),
        ("127.0.0.1", "mask.icloud.com", "NOERROR"),
    ],
)
def test_every_asker_is_answered_as_by_the_embedded_door(running, source, name, expected):
    for _ in range(2):
        answers = [running.ask(name, source=source), running.ask_by_tcp(name, source=source)]
        own = running.door.ask(name, source=source)
        if own.rcode() == dns.rcode.NOERROR and expected == "NOERROR" and not own.answer:
            expected = code(own)
        for answer in answers:
            assert code(answer) == expected == code(own)
            assert answer.answer == own.answer
            assert [str(each) for each in answer.options] == [str(each) for each in own.options]


def test_an_answer_from_the_tables_is_the_embedded_door_s_byte_for_byte(running):
    for name, kind in (("games.test", "A"), ("x.porn.test", "HTTPS"), ("evil.test", "AAAA")):
        for options in ({}, {"use_edns": False}, {"want_dnssec": True}):
            table, own = running.ask(name, kind, **options), running.door.ask(name, kind, **options)
            table.id = own.id
            assert table.to_wire() == own.to_wire()


KEPT = [(f"many{count}.test", "A") for count in range(1, 11)] + [
    ("alias.test", "A"), ("wiki.test", "AAAA"), ("nobody.test", "A"), ("MIXED.many1.Test", "A"), ("MaNy1.tEsT", "A"),
]  # fmt: skip


def test_what_a_thread_kept_is_the_door_s_answer_counted_down(running):
    # The first time the door is asked, then dnsdist's memory of the profile, then the thread's own.
    times: dict[object, tuple[int, float]] = {}
    for again in range(4):
        for ask, asked in ((running.ask, KEPT), (running.ask_by_tcp, KEPT[8:12])):
            for (name, kind), options in product(asked, ({}, {"use_edns": False}, {"want_dnssec": True})):
                answer, own = ask(name, kind, **options), running.door.ask(name, kind, **options)
                assert str(answer.question[0].name) == f"{name}.", "in the letters of who asks"
                assert (answer.flags, answer.rcode()) == (own.flags, own.rcode()), (name, again)
                assert (answer.edns, answer.ednsflags, answer.options) == (own.edns, own.ednsflags, own.options)
                assert (answer.answer, answer.authority) == (own.answer, own.authority)
                for mine, theirs in zip(answer.answer + answer.authority, own.answer + own.authority, strict=True):
                    assert theirs.ttl - 1 <= mine.ttl <= theirs.ttl + 11  # the door tells up to a thirtieth too little
                    key, now = (ask.__name__, name, kind, *options), time.monotonic()
                    first = times.setdefault(key, (mine.ttl, now))
                    assert abs(first[0] - mine.ttl - (now - first[1])) < 1.5, (name, again)
        time.sleep(0.6)


def test_a_thread_keeps_answers_by_profile_and_counts_each_for_its_school(running):
    running.wait(lambda: running.status()["bundle"] == current_id(running.home))
    for source in ("127.0.0.1", "127.0.0.3", "127.0.8.77"):
        assert running.ask("many2.test", source=source).answer  # whoever asks first asks the door
    time.sleep(1.2)  # what was asked until now is counted
    before = running.status()["remembered"]
    for _ in range(7):
        assert {len(running.ask("many2.test", source=f"127.0.0.{last}").answer[0]) for last in (1, 3)} == {2}
        assert running.ask("many2.test", source="127.0.8.77").answer
    running.wait(lambda: running.status()["remembered"] >= before + 21)
    assert running.status()["remembered"] == before + 21


def test_a_safe_search_name_leads_to_its_locked_form(running):
    answer = running.ask("www.google.com")
    assert "forcesafesearch.google.com." in answer.to_text() and "192.0.2.7" in answer.to_text()


def test_a_person_is_known_by_the_path_of_doh(running):
    ben, olsen = TOKENS["ben"], TOKENS["olsen"]
    hashed = chromeos_hash(SALTS[0], "ben@birch.test")
    assert code(running.ask_by_https(f"/dns-query/{ben}", "games.test", source="127.0.0.3")) == "NXDOMAIN"
    assert code(running.ask_by_https(f"/dns-query/cros/{hashed}", "games.test", source="127.0.0.3")) == "NXDOMAIN"
    # An adult's token counts only from an address of the district that is not somebody else's.
    assert code(running.ask_by_https(f"/dns-query/{olsen}", "games.test", source="127.0.0.1")) == "NXDOMAIN"
    assert code(running.ask_by_https("/dns-query/nobody", "games.test", source="127.0.0.3")) == "NXDOMAIN"
    assert code(running.ask_by_https("/dns-query", "wiki.test", source="127.0.0.1")) == "NOERROR"


def test_a_new_rule_and_a_new_standing_come_in_force_without_a_restart(running):
    assert code(running.ask("wiki.test")) == "NOERROR"
    took = []
    for number in range(4):
        _publish(running.home, (Rule(str(number), "block", "wiki.test"),))
        took.append(_until(running, lambda: code(running.ask("wiki.test")) == "NXDOMAIN"))
        _publish(running.home)
        took.append(_until(running, lambda: code(running.ask("wiki.test")) == "NOERROR"))
    closed = {**ROLL["persons"]["ben"], "closed": [["IX.B", "No agreement is on file."]]}
    _publish(running.home, roll={**ROLL, "persons": {**ROLL["persons"], "ben": closed}})
    took.append(_until(running, lambda: code(running.ask("wiki.test")) == "NXDOMAIN"))
    _publish(running.home)
    took.append(_until(running, lambda: code(running.ask("wiki.test")) == "NOERROR"))
    assert len(took) == 10


def test_tables_swap_without_a_lost_question(running):
    everywhere = current_id(running.home)
    running.wait(lambda: running.status()["bundle"] == running.door.status()["bundle"] == everywhere)
    for number in range(10):
        _publish(running.home, (Rule(str(number), "block", f"n{number}.test"),))
        until = time.monotonic() + 0.15
        while time.monotonic() < until:
            assert code(running.ask("games.test")) == "NXDOMAIN"
            answer = running.ask("wiki.test")
            assert answer.answer, (number, answer.to_text())
    _publish(running.home)


def test_what_was_remembered_four_changes_ago_is_never_said_again(running):
    # There are four memories, emptied once a second: more changes in one second must not find the oldest one full.
    for turn in range(4):
        _publish(running.home, policy=MILD)
        _until(running, lambda: code(running.ask("harmless.test")) == "NOERROR")
        for each in range(3):
            _publish_and_wait(running, (Rule(str(each), "block", f"turn{turn}.test"),))
        # It leads to an address on the list of malware.
        _publish_and_wait(running, policy=POLICY_JSON)
        _until(running, lambda: code(running.ask("harmless.test")) == "NXDOMAIN", seconds=10.0)
        until = time.monotonic() + 1.1
        while time.monotonic() < until:
            assert code(running.ask("harmless.test")) == "NXDOMAIN", turn
            time.sleep(0.02)


def test_what_a_door_says_by_older_rules_is_not_remembered(running):
    _publish(running.home, policy=MILD)
    _until(running, lambda: code(running.ask("harmless.test")) == "NOERROR")
    door, generation = running.door.process, _generation(running)
    door.send_signal(signal.SIGSTOP)
    try:
        _publish(running.home, policy=POLICY_JSON)
        _until(running, lambda: _generation(running) > generation)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asks:
            asks.sendto(query("harmless.test", "A").to_wire(), ("127.0.0.1", running.port))
            time.sleep(0.1)
            door.send_signal(signal.SIGCONT)
            asks.settimeout(5)
            assert code(dns.message.from_wire(asks.recv(2000))) == "NOERROR", "asked of a door that knew no better"
    finally:
        door.send_signal(signal.SIGCONT)
    _until(running, lambda: code(running.ask("harmless.test")) == "NXDOMAIN", seconds=10.0)
    until = time.monotonic() + 1.1
    while time.monotonic() < until:
        assert code(running.ask("harmless.test")) == "NXDOMAIN"
        time.sleep(0.02)


def _publish_and_wait(running: Front, rules: tuple[Rule, ...] = (), **parts: Any) -> None:
    generation = _generation(running)
    _publish(running.home, rules, **parts)
    _until(running, lambda: _generation(running) > generation)
    assert code(running.ask("games.test")) == "NXDOMAIN"


def _generation(running: Front) -> int:
    return int.from_bytes((running.folder / "control").read_bytes()[:8], "little")


def test_a_grant_for_one_class_ends_on_time(running):
    ends = datetime.now(UTC) + timedelta(seconds=3)
    _publish(running.home, (Rule("1", "allow", "games.test", scope="class:7b", until=ends),))
    _until(running, lambda: code(running.ask("games.test", source="127.0.0.1")) != "NXDOMAIN")
    assert code(running.ask("games.test", source="127.0.0.2")) == "NXDOMAIN"
    late = _until(running, lambda: code(running.ask("games.test", source="127.0.0.1")) == "NXDOMAIN")
    assert datetime.now(UTC) >= ends and late
    _publish(running.home)


def test_activity_comes_back_with_pseudonyms_and_counts_only(running):
    running.wait(lambda: running.status()["bundle"] == current_id(running.home))
    before = running.status()
    for _ in range(5):
        running.ask("games.test", source="127.0.0.1")
        running.ask("wiki.test", source="127.0.0.1")
    running.wait(lambda: running.status()["blocked"] >= before["blocked"] + 5)
    running.wait(lambda: running.status()["remembered"] >= before["remembered"] + 4)
    text = b"".join(path.read_bytes() for path in (running.home / "spool").glob("dnsdist-*"))
    lines = [spoolline.read(line) for line in text.splitlines()]
    refused = [line for line in lines if isinstance(line, spoolline.Blocked) and line.host == "games.test"]
    assert refused and {line.alias for line in refused} <= {"grey-heron", "red-fox", ""}
    assert all(line.line for line in refused), "the line of the list is on record"
    assert b"127.0.0" not in text and b'"ben"' not in text


def test_a_poisoned_table_is_refused_and_the_last_good_one_serves(running):
    generation = _generation(running)
    bad = bytearray((running.folder / f"tables-{generation}").read_bytes())
    bad[5000] ^= 1
    (running.folder / f"tables-{generation + 1}").write_bytes(bad)
    with (running.folder / "control").open("r+b") as file:
        file.write((generation + 1).to_bytes(8, "little"))
    assert code(running.ask("games.test")) == "NXDOMAIN"
    running.wait(lambda: "cannot read" in running.status()["trouble"])
    _publish(running.home, (Rule("after", "block", "after.test"),))
    _until(running, lambda: code(running.ask("after.test")) == "NXDOMAIN")
    running.wait(lambda: not running.status()["trouble"])
    _publish(running.home)


def test_a_refusal_waits_for_whoever_takes_it_and_is_taken_once(running):
    # The follower is away: what dnsdist refuses meanwhile lies in the files of its threads.
    running.follower.terminate()
    running.follower.wait(10)
    written = (running.folder / "dnsdist.conf").stat().st_ino
    before = _refused(running.home, "wait.games.test")
    for _ in range(3):
        assert code(running.ask("wait.games.test", source="127.0.0.1")) == "NXDOMAIN"
    assert _refused(running.home, "wait.games.test") == before == 0
    running.follower = running.follow()
    running.wait(lambda: _refused(running.home, "wait.games.test") == 3)
    assert (running.folder / "dnsdist.conf").stat().st_ino != written, "another file in its place, never half of one"
    running.dnsdist.kill()
    running.dnsdist.wait(10)
    running.wait(lambda: not list(running.folder.glob("thread-*")))  # gone with its threads, once all was taken
    running.dnsdist = running.start()
    assert _refused(running.home, "wait.games.test") == 3


def test_dnsdist_killed_comes_back_with_the_tables_in_force(running):
    running.dnsdist.kill()
    running.dnsdist.wait(10)
    running.dnsdist = running.start()
    assert code(running.ask("games.test")) == "NXDOMAIN"
    assert running.ask("wiki.test").answer


def test_without_the_door_what_is_listed_stays_blocked_and_nothing_else_opens(running):
    running.door.process.kill()
    running.door.process.wait(10)
    assert code(running.ask("porn.test")) == "NXDOMAIN"
    running.wait(lambda: "as 'down'" in running.log())
    assert code(running.ask("never-asked.test")) == "SERVFAIL"


def test_the_tables_ask_decide_for_each_class_and_profile(tmp_path):
    put_in_force(tmp_path)
    bundle = open_bundle(tmp_path)
    said = classes(bundle, AT)
    assert said.categories == ("pornography", "games", "malware")
    told = {(said.profiles[profile], said.categories[bit]): block.clause for (profile, bit), block in said.said.items()}
    assert told[("student", "games")] == "III.2" and ("adult", "games") not in told
    assert told[("adult", "pornography")] == "VI.Alt3.A.obscene"


def test_of_several_categories_the_one_decides_that_decide_says(tmp_path):
    put_in_force(tmp_path)
    bundle = open_bundle(tmp_path)
    said = classes(bundle, AT)
    for slots, wanted in (
        ((1, 0), {"student": "pornography", "adult": "pornography"}),  # the law first, whatever line comes first
        ((2, 1), {"student": "malware", "adult": "malware"}),
        ((1, 2), {"student": "games", "adult": "malware"}),
        ((1,), {"student": "games", "adult": None}),
    ):
        found = dict(zip(said.profiles, deciding(bundle, said, slots, AT), strict=True))
        for profile, category in wanted.items():
            bit = found[profile]
            assert (said.categories[bit] if bit >= 0 else None) == category, (slots, profile)


def _refused(home: Path, host: str) -> int:
    lines = b"".join(path.read_bytes() for path in (home / "spool").glob("*.log")).splitlines()
    read = [spoolline.read(line) for line in lines]
    return sum(line.n for line in read if isinstance(line, spoolline.Blocked) and line.host == host)


def test_names_that_a_rule_speaks_of_are_left_to_the_door(tmp_path):
    put_in_force(tmp_path, [Rule("1", "allow", "chess.test"), Rule("2", "block", "wiki.test", path="/games")])
    names = handed_names(open_bundle(tmp_path))
    assert {"chess.test", "www.google.com", "mask.icloud.com", "localhost"} <= names and "wiki.test" not in names


def test_what_is_made_of_people_is_made_anew_only_when_people_change(tmp_path):
    put_in_force(tmp_path)
    watch, places, kept = BundleWatch(tmp_path), Places(), Kept()

    def made() -> tuple[bytes, bool]:
        watch.poll()
        assert watch.bundle is not None
        before = kept.parts
        return make(watch.bundle, None, Page(), AT, places, kept), kept.parts is before

    made()
    _publish(tmp_path, (Rule("1", "block", "wiki.test"),), roll=ROLL)
    first, _ = made()
    _publish(tmp_path, roll=ROLL)
    second, same = made()
    assert same and first != second, "a rule leaves the people as they are"
    assert second == make(watch.bundle, None, Page(), AT, places), "and what was kept is what would be made"
    closed = {**ROLL["persons"]["ben"], "closed": [["IX.B", "No agreement is on file."]]}
    _publish(tmp_path, roll={**ROLL, "persons": {**ROLL["persons"], "ben": closed}})
    third, same = made()
    assert not same and third != second and third == make(watch.bundle, None, Page(), AT, places)


def test_what_is_remembered_ends_with_a_correction(tmp_path):
    # An unlisted name may lead to a corrected one; no other rule is asked about what a name leads to.
    hour = timedelta(hours=1)
    put_in_force(
        tmp_path,
        [
            Rule("1", "correct", "games.test", until=AT + hour),
            Rule("2", "allow", "chess.test", until=AT + timedelta(minutes=5)),
        ],
    )
    writer = Writer(tmp_path, tmp_path / "tables", Page())
    assert writer.poll(AT) and writer.generation == 1
    assert not writer.poll(AT + timedelta(minutes=59)) and writer.generation == 1
    assert writer.poll(AT + hour) and writer.generation == 2
    assert not writer.poll(AT + 2 * hour)


def test_places_keep_their_numbers_over_bundles(tmp_path):
    put_in_force(tmp_path)
    places = Places()
    make(open_bundle(tmp_path), None, Page(), AT, places)
    first = json.dumps(places.labels)
    make(open_bundle(tmp_path), None, Page(), AT, places)
    assert json.dumps(places.labels) == first
