"""The journal only grows, and whoever tampers with it is found out."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeroom.base.actor import NOBODY, SYSTEM, Actor
from homeroom.journal import actions, chain, queries, triggers, witness
from homeroom.journal.models import Entry

AT = datetime(2026, 9, 14, 15, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def record(count: int = 1, **values: object) -> list[Entry]:
    """Append some acts."""
    acts = [actions.Act(verb="test.thing.done", subject=f"thing:{number}", **values) for number in range(count)]
    with actions.atomic():
        return actions.record_all(actor=SYSTEM, acts=acts, at=AT)


@pytest.fixture
def unguarded():
    """The table as somebody with the database file in their hands sees it."""
    with connection.cursor() as cursor:
        for statement in triggers.drop(connection.vendor):
            cursor.execute(statement)

    def execute(sql: str, *values: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)

    return execute


def found(**options: object) -> list[tuple[int, str]]:
    return [(finding.id, finding.what) for finding in queries.verify(**options).findings]


# Growing


def test_entries_are_numbered_from_one_without_gaps_and_each_names_the_one_before():
    entries = record(3)
    assert [entry.id for entry in entries] == [1, 2, 3]
    assert [entry.previous for entry in entries] == [chain.GENESIS, entries[0].hash, entries[1].hash]
    assert queries.verify().whole
    assert queries.head() == queries.Head(3, entries[2].hash)


def test_an_entry_keeps_who_what_when_why_and_under_which_clause():
    dana = Actor(id="dana", name="Dana Reyes")
    with actions.atomic():
        actions.record(
            actor=dana, verb="filtering.rule.added", subject="rule:7", at=AT, clause="III.2", reason="Chess club",
            data={"until": date(2026, 10, 1), "hosts": ("chess.test",), "count": 1},
        )  # fmt: skip
    entry = queries.about("rule:7").get()
    assert (entry.actor, entry.verb, entry.at, entry.clause, entry.reason) == (
        "dana", "filtering.rule.added", AT, "III.2", "Chess club",
    )  # fmt: skip
    assert entry.data == {"until": "2026-10-01", "hosts": ["chess.test"], "count": 1}


@pytest.mark.django_db(transaction=True)
def test_an_act_is_recorded_only_inside_the_transaction_that_does_it():
    with pytest.raises(actions.OutsideTransaction):
        actions.record(actor=SYSTEM, verb="test.thing.done", subject="thing:1", at=AT)


@pytest.mark.django_db(transaction=True)
def test_an_act_that_is_undone_leaves_no_gap():
    record(1)
    with pytest.raises(RuntimeError), actions.atomic():
        actions.record(actor=SYSTEM, verb="test.thing.done", subject="thing:1", at=AT)
        raise RuntimeError
    assert [entry.id for entry in record(1)] == [2]
    assert queries.verify().whole


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"x": float("nan")}, "data.x"),
        ({"x": {"y": [1, object()]}}, r"data.x.y\[1\] is a object"),
        ({"x": 2**60}, "too large"),
        ({1: "x"}, "keys are text"),
        ({"x": "\ud800"}, "not text"),
    ],
)
def test_what_cannot_be_kept_exactly_is_refused_with_its_place(data, said):
    with pytest.raises(chain.NotPlain, match=said):
        record(data=data)
    assert queries.head().id == 0


def test_an_act_needs_somebody_who_acts_and_a_time_with_its_zone():
    with pytest.raises(ValueError, match="actor"), actions.atomic():
        actions.record(actor=NOBODY, verb="test.thing.done", subject="thing:1", at=AT)
    with pytest.raises(ValueError, match="time zone"), actions.atomic():
        actions.record(actor=SYSTEM, verb="test.thing.done", subject="thing:1", at=AT.replace(tzinfo=None))


exact = st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: not x.is_integer() or abs(x) < 2**53)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | exact
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcé∂ ", max_size=5), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(data=st.dictionaries(st.text("abcé", max_size=4), plain, max_size=4))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_kept_is_read_back_to_the_same_hash(data):
    record(data=data)
    assert queries.verify(since=max(1, queries.head().id - 1)).whole


# The database refuses


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE journal_entry SET reason = 'because' WHERE id = 2",
        "UPDATE journal_entry SET id = 9 WHERE id = 3",
        "DELETE FROM journal_entry WHERE id = 3",
        "DELETE FROM journal_entry",
        "INSERT OR REPLACE INTO journal_entry SELECT id, at, actor, verb, subject, clause, 'x', data, previous, hash"
        " FROM journal_entry WHERE id = 3",
        "INSERT INTO journal_entry SELECT id + 1, at, actor, verb, subject, clause, 'x', data, previous, hash || 'x'"
        " FROM journal_entry WHERE id = 3",
        "INSERT OR REPLACE INTO journal_entry SELECT 4, at, actor, verb, subject, clause, 'x', data,"
        " (SELECT hash FROM journal_entry WHERE id = 3), hash FROM journal_entry WHERE id = 1",
        "INSERT INTO journal_entry SELECT 17, at, actor, verb, subject, clause, 'x', data, hash, hash || 'x'"
        " FROM journal_entry WHERE id = 3",
    ],
)
def test_the_database_itself_refuses_to_change_remove_or_misplace_an_entry(sql):
    if connection.vendor != "sqlite" and ("OR REPLACE" in sql or "|| 'x'" in sql):
        pytest.skip("this is said in SQLite's own words; postgresql_only.py has PostgreSQL's")
    record(3)
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert queries.verify().whole
    assert queries.head().id == 3


def test_the_models_refuse_as_well():
    record(2)
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.filter(id=1).update(reason="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.all().delete()


def test_the_guard_is_written_for_both_databases_and_for_no_other():
    assert "TRUNCATE" in " ".join(triggers.make("postgresql"))
    assert len(triggers.drop("postgresql")) == 5
    with pytest.raises(ValueError, match="oracle"):
        triggers.make("oracle")


# Somebody has the file in their hands


@pytest.mark.parametrize(
    "change",
    [
        "reason = 'because'", "actor = 'kim'", "verb = 'x'", "subject = 'x'", "clause = 'VI'",
        "at = '2026-09-14 15:30:01'", """data = '{"a": 1}'""", "data = 'null'", "hash = 'ff'",
    ],
)  # fmt: skip
def test_a_changed_entry_is_named(unguarded, change):
    record(5)
    unguarded(f"UPDATE journal_entry SET {change} WHERE id = 3")
    assert (3, "changed") in found()


def test_an_entry_changed_together_with_its_hash_no_longer_carries_the_next(unguarded):
    entries = record(5)
    row = {name: getattr(entries[2], name) for name in queries.FIELDS[:-1]} | {"reason": "another"}
    unguarded("UPDATE journal_entry SET reason = 'another', hash = %s WHERE id = 3", chain.digest(**row))
    assert found() == [(4, "rechained")]


def test_a_removed_entry_is_named(unguarded):
    record(6)
    unguarded("DELETE FROM journal_entry WHERE id = 3")
    assert found() == [(3, "missing")]
    unguarded("DELETE FROM journal_entry WHERE id = 4")
    result = queries.verify()
    assert [finding.sentence for finding in result.findings] == ["Entries 3 to 4 are missing."]
    assert result.looked_at == 4


def test_removed_first_entries_are_named(unguarded):
    record(3)
    unguarded("DELETE FROM journal_entry WHERE id = 1")
    assert found() == [(1, "missing")]


def test_two_entries_that_changed_places_are_named_as_such(unguarded):
    record(5)
    for before, after in ((2, -1), (4, 2), (-1, 4)):
        unguarded("UPDATE journal_entry SET id = %s WHERE id = %s", after, before)
    result = queries.verify()
    assert [(finding.id, finding.what) for finding in result.findings] == [(2, "reordered"), (4, "reordered")]
    assert "written as entry 4" in result.findings[0].sentence


def test_an_end_cut_off_is_found_by_the_witness(unguarded, tmp_path, settings):
    settings.HOME = tmp_path
    record(4)
    assert "entry 4" in witness.remember(AT)
    assert witness.remember(AT) is None, "nothing new is not written down again"
    record(2)
    unguarded("DELETE FROM journal_entry WHERE id > 3")
    assert queries.verify().whole, "the chain alone cannot know"
    assert found(known=witness.last_seen()) == [(4, "cut off")]


def test_a_journal_rewritten_as_a_whole_is_found_by_the_witness(unguarded, tmp_path, settings):
    settings.HOME = tmp_path
    record(3)
    witness.remember(AT)
    unguarded("DELETE FROM journal_entry")
    record(3, reason="as if it had been so")
    assert queries.verify().whole
    assert found(known=witness.last_seen()) == [(3, "rechained")]


def test_a_torn_line_of_the_witness_does_not_count(tmp_path, settings):
    settings.HOME = tmp_path
    record(1)
    witness.remember(AT)
    with (tmp_path / witness.NAME).open("a") as file:
        file.write("2 abc")
    assert witness.last_seen() == queries.head()


@given(seed=st.integers(0, 10**6))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_single_changed_character_is_found(unguarded, seed):
    chance = random.Random(seed)
    start = queries.head().id + 1
    record(4, reason="a reason", data={"n": 1, "text": "some text"})
    victim = start + chance.randrange(4)
    column = chance.choice(["actor", "verb", "subject", "reason", "previous", "hash", "data"])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM journal_entry WHERE id = {victim}")
        text = cursor.fetchone()[0]
        place = chance.randrange(len(text))
        if column == "data":
            place = text.index("some") + chance.randrange(4)
        changed = text[:place] + ("x" if text[place] != "x" else "y") + text[place + 1 :]
        cursor.execute(f"UPDATE journal_entry SET {column} = %s WHERE id = {victim}", [changed])
        assert victim in {finding.id for finding in queries.verify(since=start).findings}
        transaction.set_rollback(True)


def test_many_findings_end_the_walk(unguarded):
    record(500)
    unguarded("UPDATE journal_entry SET reason = 'x'")
    result = queries.verify()
    assert len(result.findings) == queries.MOST
    assert result.looked_at < 500


def test_verifying_part_of_the_chain_trusts_the_entry_before_it(unguarded):
    record(10)
    unguarded("UPDATE journal_entry SET reason = 'x' WHERE id = 2")
    assert queries.verify(since=6).whole
    assert queries.verify(since=6).looked_at == 5
    assert found() == [(2, "changed")]


def test_a_reader_with_a_cursor_sees_each_act_once_in_order():
    record(7)
    seen, cursor = [], 0
    while batch := queries.after(cursor, verbs=("test.thing.done",), limit=3):
        seen += [entry.id for entry in batch]
        cursor = batch[-1].id
    assert seen == [1, 2, 3, 4, 5, 6, 7]


def test_moments_are_hashed_alike_in_whatever_zone_they_are_given():
    assert chain.moment(AT) == chain.moment(AT.astimezone()) == "2026-09-14T15:30:00.000000Z"
    assert chain.moment(AT + timedelta(microseconds=1)).endswith("000001Z")


def test_verifying_three_thousand_entries_asks_the_database_a_few_times(django_assert_max_num_queries):
    record(3000, data={"list": "ut1", "count": 17})
    with django_assert_max_num_queries(30):
        assert queries.verify().looked_at == 3000


def test_the_verification_can_be_printed():
    record(1)
    said = json.loads(json.dumps(queries.verify().as_json()))
    assert said["whole"] is True
    assert said["last"] == 1
