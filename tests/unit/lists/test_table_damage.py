"""A damaged, foreign or newer file is refused with a sentence; no damage changes an answer in silence."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeroom.kernel.lists.entry import Entry, How
from homeroom.kernel.lists.table import BadTable, Table
from homeroom.kernel.lists.table_format import HEADER_SIZE, MAGIC, VERSION
from tests.unit.lists.tables import compiled

LISTED = [
    *[(n % 3, Entry(f"n{n}.com", How.SUFFIX, n, f"n{n}.com" if n % 5 else f"N{n}.com # odd")) for n in range(60)],
    (1, Entry("www.n1.com", How.EXACT, 1, "@@|www.n1.com^", allow=True)),
    (2, Entry("n2.com/a", How.URL, 1, "n2.com/a")),
    (3, Entry("2001:db8::/32", How.NET, 1, "2001:db8::/32")),
    (3, Entry("/ad[0-9]/", How.REGEX, 1, "/ad[0-9]/")),
    (0, Entry("n3.com", How.SUB, 1, "||n3.com^$dnstype=A", qtypes=frozenset({"A"}))),
]
WHOLE = compiled(LISTED)
QUESTIONS = [
    *[(f"{sub}n{n}.{top}", "", "A") for n in range(0, 70, 3) for sub in ("", "www.") for top in ("com", "net")],
    ("n2.com", "/a/b", ""),
    ("www.n1.com", "", ""),
    ("2001:db8::9", "", ""),
    ("x.com", "/ad7/", ""),
]


def _answers(table: Table) -> list[object]:
    """Masks and lines; a damaged piece of rows may be noticed only here."""
    said: list[object] = [table.mask(*question) for question in QUESTIONS]
    said += [table.listings(*question) for question in QUESTIONS]
    return [*said, sorted(map(repr, table.entries())), table.counts, table.slots]


RIGHT = _answers(Table(WHOLE))


def _refused_or_right(data: bytes) -> bool:
    """Whether it was refused; fails when an answer is wrong."""
    try:
        assert _answers(Table(data)) == RIGHT
    except BadTable as refusal:
        assert str(refusal).endswith(".")
        return True
    return False


def test_any_flipped_byte_is_noticed_or_harmless() -> None:
    chance = random.Random(7)
    places = [*range(HEADER_SIZE), *range(HEADER_SIZE, len(WHOLE), 3)]
    unnoticed = [place for place in places if not _refused_or_right(_flipped(place, chance.randrange(1, 256)))]
    assert len(unnoticed) < 7 * 63  # only the padding between sections is not covered by a checksum
    assert not [place for place in unnoticed if place < HEADER_SIZE]


def _flipped(place: int, bits: int) -> bytes:
    return WHOLE[:place] + bytes([WHOLE[place] ^ bits]) + WHOLE[place + 1 :]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(WHOLE) - 1))
def test_a_table_cut_short_is_refused(length: int) -> None:
    with pytest.raises(BadTable):
        Table(WHOLE[:length])


def test_a_table_with_something_behind_it_is_refused() -> None:
    with pytest.raises(BadTable, match="bytes long"):
        Table(WHOLE + b"\0")


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=2 * HEADER_SIZE), st.booleans())
def test_bytes_that_are_no_table_are_refused(data: bytes, looks_right: bool) -> None:
    with pytest.raises(BadTable, match=r"build them again\.$"):
        Table(MAGIC + data if looks_right else data)


@pytest.mark.parametrize(("version", "word"), [(VERSION + 1, "newer"), (999, "newer"), (VERSION - 1, "older")])
def test_another_version_is_named_as_such(version: int, word: str) -> None:
    data = WHOLE[: len(MAGIC)] + version.to_bytes(2, "little") + WHOLE[len(MAGIC) + 2 :]
    with pytest.raises(BadTable, match=word):
        Table(data)


def test_a_file_cut_out_of_two_tables_is_refused() -> None:
    other = compiled(LISTED[:-1])
    for place in (HEADER_SIZE, len(WHOLE) // 2, len(other) - 64):
        with pytest.raises(BadTable):
            _answers(Table(WHOLE[:place] + other[place:]))


def test_check_finds_damaged_rows_at_once() -> None:
    place = WHOLE.index(b"n7.com")
    table = Table(_flipped(place, 1))
    assert table.mask("n7.com") == 1 << 1  # what the hot path reads is sound
    with pytest.raises(BadTable, match="rows"):
        table.check()
    with pytest.raises(BadTable, match="rows"):
        table.listings("n7.com")
    Table(WHOLE).check()


def test_a_machine_of_the_other_byte_order_says_so(monkeypatch: Any) -> None:
    monkeypatch.setattr("sys.byteorder", "big")
    with pytest.raises(BadTable, match="little-endian"):
        Table(WHOLE)


def test_facts_that_contradict_the_sections_are_refused(monkeypatch: Any) -> None:
    """A table that is sound by its checksums but was made by something else."""
    from homeroom.kernel.lists import table_assemble

    honest = table_assemble._json
    for spoil in ({"slots": 3}, {"classes": [[99]]}, {"shapes": [["x"]]}, {"expressions": [[1, "("]]}, {"meta": ...}):
        changed = {key: value for key, value in spoil.items() if value is not ...}
        dropped = set(spoil) - set(changed)

        def dishonest(facts: dict[str, Any], changed: Any = changed, dropped: Any = dropped) -> bytes:
            return honest({key: value for key, value in (facts | changed).items() if key not in dropped})

        monkeypatch.setattr(table_assemble, "_json", dishonest)
        with pytest.raises(BadTable, match="contradict"):
            Table(compiled(LISTED))
