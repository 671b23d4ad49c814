"""One line of activity: what goes in comes out, and nothing damaged is ever believed."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeroom.kernel import spoolline as lines

texts = st.text(max_size=40)
instants = st.integers(0, lines.LAST - 1)
numbers = st.integers(0, lines.MOST - 1)
counts = st.builds(
    lines.Count, instants.map(lambda at: at - at % lines.HOUR), texts, texts, texts, texts, texts, numbers
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(instants, texts, st.lists(counts, max_size=450))
def test_counts_come_out_as_they_went_in(at, door, rows):
    read = [lines.read(line) for line in lines.write_counts(at, door, rows)]
    assert [count for line in read for count in line.counts] == rows
    assert all(line.door == door and line.at == at and len(line.counts) <= lines.ROWS for line in read)


@settings(max_examples=100)
@given(instants, texts, texts, texts, numbers, numbers, st.lists(texts, min_size=8, max_size=8))
def test_a_refusal_comes_out_as_it_went_in(at, door, alias, host, line, n, shared):
    written = lines.write_blocked(at, door, alias, lines.place(host, line), n, lines.ground(*shared))
    assert written.endswith(b"\n") and written.count(b"\n") == 1 and written.isascii()
    assert lines.read(written) == lines.Blocked(at, door, alias, host, line, n, *shared)


def test_losses_come_out_as_they_went_in():
    assert lines.read(lines.write_lost(5, "dns", 3, 4)) == lines.Lost(5, "dns", 3, 4)


LINE = lines.write_blocked(1_800_000_000, "dns", "a1", lines.place("games.test", 7), 1, lines.ground(*"abcdefgh"))


def test_a_line_torn_anywhere_is_not_believed():
    for end in range(len(LINE) - 1):
        with pytest.raises(lines.BadLine):
            lines.read(LINE[:end])


@settings(max_examples=200)
@given(st.integers(0, len(LINE) - 2), st.integers(1, 255))
def test_a_line_with_one_byte_changed_is_not_believed(position, change):
    damaged = bytearray(LINE)
    damaged[position] ^= change
    with pytest.raises(lines.BadLine):
        lines.read(bytes(damaged))


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_random_bytes_are_refused_with_a_sentence(data):
    with pytest.raises(lines.BadLine, match=r"\.$"):
        lines.read(data)


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        "{}",
        "null",
        "7",
        '"block"',
        "[[]]",
        '["unknown",1]',
        '["count",1,"dns",[[1,"","","","","",1]]]',  # not a whole hour
        '["count",1,"dns",[[3600,"","","","","",-1]]]',
        '["count",1,"dns",[[3600,"","","","","",1.5]]]',
        '["count",1,"dns",[[3600,"","","",null,"",1]]]',
        '["count",1,"dns",7]',
        '["count",-1,"dns",[]]',
        '["count",true,"dns",[]]',
        '["lost",1,"dns",1]',
        '["lost",1e300,"dns",1,1]',
        '["block",1,"dns","a","h",1,1,"","","","","","","",7]',
        '["block",1,"dns","a","h",1,1,"","","","","","",""]',
        '["block",1,"dns","a","' + "h" * (lines.TEXT + 1) + '",1,1,"","","","","","","",""]',
        "[" * 50_000 + "]" * 50_000,
    ],
)
def test_a_sealed_line_of_the_wrong_shape_is_refused(body):
    with pytest.raises(lines.BadLine):
        lines.read(lines.sealed(body))


def test_texts_that_are_too_long_are_cut_by_the_writer_so_that_the_reader_takes_them():
    long = "x" * 5000
    line = lines.read(lines.write_blocked(1, "dns", "a", lines.place(long, 1), 1, lines.ground(*[long] * 8)))
    assert len(line.host) == len(line.school) == lines.TEXT
    (row,) = lines.write_counts(1, "dns", [lines.Count(0, long, long, long, long, long, 1)])
    assert len(lines.read(row).counts[0].category) == lines.TEXT
    assert len(row) < lines.LONGEST


@pytest.mark.clause("XIV.B.3")
def test_a_line_has_no_place_for_a_person_an_address_or_a_path():
    places = set(lines.Blocked._fields) | set(lines.Count._fields) | set(lines.Lost._fields)
    assert places.isdisjoint({"person", "name", "address", "client", "ip", "path", "url", "device", "token"})
