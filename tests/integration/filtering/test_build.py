"""From a list file to what the doors answer, and what happens when something on the way breaks."""

from __future__ import annotations

import gzip
import threading
from datetime import UTC, datetime, timedelta

import pytest

from homeroom.base.errors import Refused
from homeroom.doors import bundle_file
from homeroom.filtering import compiling, publishing
from homeroom.filtering.actions import builds, sources
from homeroom.filtering.models import BuildRun, ListSource, Published
from homeroom.filtering.queries import builds as queries
from homeroom.filtering.queries import lists

from .conftest import AT, DANA

pytestmark = pytest.mark.django_db
FOR_REAL = pytest.mark.django_db(transaction=True)


def test_a_list_goes_from_file_to_answer_and_names_its_line(town, house):
    house.add("casino", house.write("casino.txt", "# gambling", "bets.test"), "gambling")
    run = house.build()
    assert (run.outcome, run.entries, run.counts) == ("done", 1, {"gambling": 1})
    decision = house.ask("www.bets.test", "ben").explanation.decision
    assert (decision.verdict, decision.clause, decision.category) == ("block", "V.A.3", "gambling")
    assert (decision.rule.list, decision.rule.line, decision.rule.text) == ("casino", 2, "bets.test")
    assert decision.rule.version == lists.live(ListSource.objects.get()).label
    assert house.verdict("www.bets.test", "olsen")[0] == "allow"
    assert run.bundle == bundle_file.current_id(house.folder / "home")


def test_without_any_list_the_house_still_serves_its_rules_and_safe_search(town, house):
    run = house.build()
    assert run.outcome == "done" and "No list" in run.sentence
    assert house.verdict("www.google.com", "ben") == ("rewrite", "safety", "III.2")


def test_gzip_and_covers_are_understood(town, house):
    path = house.folder / "hosts.gz"
    path.write_bytes(gzip.compress(b"0.0.0.0 adult.test\n"))
    house.add("porn", path, "pornography", "hosts")
    house.build()
    assert house.verdict("adult.test", "ben") == ("block", "statutory", "VI.Alt3.A.obscene")
    assert house.verdict("www.adult.test", "ben")[0] == "allow"  # a hosts file names exact hosts


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02\x03" * 400, "binary"),
        (b"<!DOCTYPE html><html><body>Moved</body></html>", "web page"),
        (b"x" * 200_000, "more than"),
        (gzip.compress(b"a.test\n" * 900_000)[:-20], "gzip"),
        (b"# nothing but a remark\n", "No line"),
        (gzip.compress(b"\n" * 60_000_000), "bomb"),
    ],
)  # fmt: skip
def test_a_broken_update_leaves_the_last_good_version_serving(town, house, content, said):
    path = house.write("casino.txt", "bets.test")
    house.add("casino", path, "gambling")
    house.build()
    path.write_bytes(content)
    with pytest.raises(Refused, match=said):
        sources.update_source(actor=DANA, name="casino", at=AT + timedelta(days=1))
    source = ListSource.objects.get()
    assert said in source.trouble and source.next_at == AT + timedelta(days=1, hours=1)
    assert house.build().outcome == "done"
    assert house.verdict("bets.test", "ben")[0] == "block"
    assert len(list((house.folder / "home/lists/casino").glob("[0-9a-f]*"))) == 1
    path.write_text("bets.test\nmore-bets.test\n")
    assert sources.update_source(actor=DANA, name="casino", at=AT + timedelta(days=2)).state == "checked"
    assert ListSource.objects.get().trouble == ""


def test_a_version_that_lost_most_of_its_entries_is_held_until_somebody_looked(town, house):
    path = house.write("games.txt", *(f"game{number}.test" for number in range(10)))
    house.add("games", path, "gambling")
    house.build()
    path.write_text("game1.test\n")
    version = sources.update_source(actor=DANA, name="games", at=AT + timedelta(days=1))
    assert version.state == "held" and "10" in version.sentence
    house.build()
    assert house.verdict("game2.test", "ben")[0] == "block"
    sources.release_version(actor=DANA, version=version.pk, reason="The maker closed shop.", at=AT)
    house.build()
    assert house.verdict("game2.test", "ben")[0] == "allow"
    assert house.verdict("game1.test", "ben")[0] == "block"


def test_the_difference_to_the_version_before_is_kept(town, house):
    path = house.write("games.txt", "a.test", "b.test", "c.test")
    house.add("games", path, "gambling")
    house.build()
    path.write_text("a.test\nb.test\nd.test\n")
    version = sources.update_source(actor=DANA, name="games", at=AT)
    assert version.changes == {
        "gambling": {"added": 1, "removed": 1, "samples_added": ["d.test"], "samples_removed": ["c.test"]}
    }
    assert sources.update_source(actor=DANA, name="games", at=AT) is None  # the same file again is nothing new


def test_lines_that_cannot_be_carried_out_are_counted_and_shown(town, house):
    version = house.add("mixed", house.write("mixed.txt", "ok.test", "not a name", "also.test"), "gambling")
    assert (version.entries, version.unread_count) == (2, 1)
    assert version.unread[0][:2] == [2, "not a name"]


def test_a_failed_build_leaves_the_last_good_bundle_and_says_why(town, house, monkeypatch):
    house.add("casino", house.write("casino.txt", "bets.test"), "gambling")
    good = house.build()
    house.add("more", house.write("more.txt", "poker.test"), "gambling")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(compiling.Writer, "finish", full)
    run = house.build()
    assert run.outcome == "failed" and "disk is full" in run.sentence and "keeps serving" in run.sentence
    assert queries.last_build() == run
    assert bundle_file.current_id(house.folder / "home") == good.bundle
    assert house.verdict("bets.test", "ben")[0] == "block"
    assert not list((house.folder / "home/bundles").glob(".building-*"))
    monkeypatch.undo()
    monkeypatch.setenv("HOMEROOM_HOME", str(house.folder / "home"))
    assert house.build().outcome == "done"
    assert house.verdict("poker.test", "ben")[0] == "block"


def test_a_list_file_that_vanished_fails_the_build_with_its_name(town, house):
    house.add("casino", house.write("casino.txt", "bets.test"), "gambling")
    house.build()
    for path in (house.folder / "home/lists/casino").glob("[0-9a-f]*"):
        path.unlink()
    assert "lists/casino" in house.build().sentence
    assert house.verdict("bets.test", "ben")[0] == "block"


@FOR_REAL
def test_a_second_builder_waits_for_the_first(town, house, monkeypatch):
    house.add("casino", house.write("casino.txt", "bets.test"), "gambling")
    inside, together = 0, []
    whole = compiling.compile_all

    def slow(*args: object) -> object:
        nonlocal inside
        inside += 1
        together.append(inside)
        threading.Event().wait(0.3)
        done = whole(*args)
        inside -= 1
        return done

    monkeypatch.setattr(compiling, "compile_all", slow)

    def other() -> None:
        from django.db import connection

        builds.build(actor=DANA, at=AT)
        connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    house.build()
    thread.join()
    assert together == [1, 1]
    assert set(BuildRun.objects.values_list("outcome", flat=True)) == {"done"}


def test_a_build_that_was_cut_off_is_said_to_be_and_is_tried_again(town, house):
    house.add("casino", house.write("casino.txt", "bets.test"), "gambling")
    cut_off = BuildRun.objects.create(started=AT, by="dana")
    later = datetime.now(UTC) + timedelta(hours=1)
    assert queries.wanted(later)
    house.build()
    cut_off.refresh_from_db()
    assert cut_off.outcome == "failed" and "cut off" in cut_off.sentence
    assert not queries.wanted(later)


@FOR_REAL
def test_a_crash_between_the_records_and_the_doors_is_healed(town, house, monkeypatch):
    house.add("casino", house.write("casino.txt", "bets.test"), "gambling")
    house.build()
    house.add("more", house.write("more.txt", "poker.test"), "gambling")

    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> str:
        raise Killed

    with monkeypatch.context() as crash:
        crash.setattr(publishing, "publish", killed)
        with pytest.raises(Killed):
            builds.build(actor=DANA, at=AT)
    assert house.verdict("poker.test", "ben")[0] == "allow"
    seen = publishing.Seen()
    assert "Published" in publishing.catch_up(datetime.now(UTC), seen)
    assert house.verdict("poker.test", "ben")[0] == "block"
    assert publishing.catch_up(datetime.now(UTC), seen) is None
    assert Published.objects.first().bundle == bundle_file.current_id(house.folder / "home")


def test_the_same_lists_make_the_same_table(town, house):
    house.add("casino", house.write("casino.txt", *(f"bets{n}.test" for n in range(500))), "gambling")
    assert house.build().table == house.build().table
    assert len(list((house.folder / "home/bundles").glob("rules-*.table"))) == 1


def test_an_ended_list_no_longer_counts(town, house):
    house.add("casino", house.write("casino.txt", "bets.test"), "gambling")
    house.build()
    sources.end_source(actor=DANA, name="casino", reason="Out of date.", at=AT)
    assert queries.wanted(datetime.now(UTC))
    house.build()
    assert house.verdict("bets.test", "ben")[0] == "allow"
