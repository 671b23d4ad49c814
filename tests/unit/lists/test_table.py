"""The compiled table by its cases: how patterns match, what exceptions do, what odd questions get."""

from __future__ import annotations

from pathlib import Path

import lmdb
import pytest

from homeroom.kernel.lists import table_book
from homeroom.kernel.lists.entry import Entry, How
from homeroom.kernel.lists.table_expressions import needs_slash
from homeroom.kernel.lists.table_keys import LONGEST_WALK, BadEntry
from homeroom.kernel.lists.table_writer import MOST_SLOTS, Writer
from tests.unit.lists.tables import Listed, Memory, compiled, table


def entry(pattern: str, how: How = How.SUFFIX, line: int = 1, text: str = "", **flags: object) -> Entry:
    return Entry(pattern, how, line, text or pattern, **flags)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("how", "host", "listed"),
    [
        (How.SUFFIX, "ex.com", True),
        (How.SUFFIX, "a.b.ex.com", True),
        (How.SUFFIX, "notex.com", False),
        (How.SUFFIX, "com", False),
        (How.EXACT, "ex.com", True),
        (How.EXACT, "www.ex.com", False),
        (How.SUB, "ex.com", False),
        (How.SUB, "www.ex.com", True),
    ],
)
def test_names_match_at_labels(how: How, host: str, listed: bool) -> None:
    assert bool(table([(0, entry("ex.com", how))]).mask(host)) is listed


@pytest.mark.parametrize(
    "name",
    ["zip", "t", "b.c", "a.b.c", "x.co", "co.uk", "ex.info", "ex.museum", "a.b.c.d.e.f.g.h.ex.com", "_dmarc.ex.com"],
)
def test_names_of_every_shape_cover_themselves_and_what_is_under_them(name: str) -> None:
    made = table([(0, entry(name))])
    assert made.mask(name) == made.mask("www." + name) == made.mask("a.b." + name) == 1
    assert made.mask("x" + name) == made.mask("other.test") == 0
    assert table([(0, entry(name, How.EXACT))]).mask("www." + name) == 0


@pytest.mark.parametrize(
    ("host", "path", "listed"),
    [
        ("ex.com", "/games", True),
        ("ex.com", "/games/chess", True),
        ("ex.com", "/games?x=1", True),
        ("www.ex.com", "/games", True),
        ("ex.com", "/gamesroom", False),
        ("ex.com", "/Games", False),
        ("ex.com", "/", False),
        ("ex.com", "", False),
        ("m.ex.com", "/games", False),
        ("www.www.ex.com", "/games", False),
    ],
)
def test_urls_match_at_segment_edges(host: str, path: str, listed: bool) -> None:
    made = table([(0, entry("ex.com/games", How.URL))])
    assert bool(made.mask(host, path)) is listed
    assert bool(made.listings(host, path)) is listed


def test_a_url_with_many_segments_is_found_and_costs_a_bounded_number_of_lookups() -> None:
    deep = "/a" * (LONGEST_WALK + 30)
    made = table([(0, entry("ex.com" + deep, How.URL)), (1, entry("ex.com" + deep + "/b", How.URL))])
    assert made.mask("ex.com", deep) == 1
    assert made.mask("ex.com", deep + "/b/c") == 3
    assert made.mask("ex.com", deep[:-2]) == 0
    assert len(list(made._keys("ex.com", "/a" * 10_000))) < 3 * LONGEST_WALK


def test_ranges_of_any_length_may_lie_in_each_other() -> None:
    nets = ["10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/23", "10.1.2.3/32", "0.0.0.0/0", "2001:db8::/32", "2001:db8::1/128"]
    made = table([(slot, entry(net, How.NET)) for slot, net in enumerate(nets)], len(nets))
    assert made.mask("10.1.2.3") == 0b0011111
    assert made.mask("10.1.3.3") == 0b0010111
    assert made.mask("11.1.2.3") == 0b0010000
    assert made.mask("2001:db8::1") == 0b1100000
    assert made.mask("2001:db9::1") == 0
    assert [each.pattern for each in made.listings("10.1.2.3")] == [nets[3], nets[2], nets[1], nets[0], nets[4]]


def test_an_address_is_no_name() -> None:
    made = table([(0, entry("3.4", How.SUFFIX)), (1, entry("1.2.3.4")), (2, entry("10.0.0.1/x", How.URL))])
    assert made.mask("1.2.3.4") == 0b10
    assert made.mask("9.2.3.4") == 0
    assert made.mask("10.0.0.1", "/x/y") == 0b100


def test_expressions_search_host_and_path() -> None:
    made = table([(0, entry("^ads?[0-9]*[.]", How.REGEX)), (1, entry("/banner/", How.REGEX))])
    assert made.mask("ad7.ex.com") == 1
    assert made.mask("ads.ex.com", "/banner/x") == 0b11
    assert made.mask("ex.com", "/banner/") == 0b10
    assert made.mask("ex.com") == made.mask("bads.ex.com") == 0


def test_exceptions_reach_their_own_slot_only() -> None:
    made = table([
        (0, entry("ex.com")),
        (1, entry("ex.com")),
        (0, entry("good.ex.com", allow=True)),
    ])  # fmt: skip
    assert made.mask("www.ex.com") == 0b11
    assert made.mask("www.good.ex.com") == 0b10
    assert [each.slot for each in made.listings("good.ex.com")] == [1]


@pytest.mark.parametrize(
    ("block", "allow", "blocked"),
    [(False, False, False), (True, False, True), (True, True, False), (False, True, False)],
)
def test_important_beats_exceptions_that_are_not(block: bool, allow: bool, blocked: bool) -> None:
    made = table([(0, entry("ex.com", important=block)), (0, entry("ex.com", allow=True, important=allow))])
    assert bool(made.mask("ex.com")) is blocked
    assert bool(made.listings("ex.com")) is blocked


def test_badfilter_takes_back_the_same_entry_wherever_it_stands() -> None:
    listed = [
        (0, entry("ex.com", line=1)),
        (0, entry("ex.com", line=9)),
        (0, entry("ex.com", line=5, cancel=True)),
        (1, entry("ex.com")),
        (0, entry("ex.com", How.EXACT, line=3)),
        (2, entry("/ad/", How.REGEX)),
        (2, entry("/ad/", How.REGEX, line=2, cancel=True)),
    ]
    made = table(listed)
    assert made.mask("ex.com") == 0b11
    assert made.mask("www.ex.com", "/ad/") == 0b10
    assert made.counts == (1, 1, 0, 0)


def test_conditions_belong_to_their_entry_alone() -> None:
    made = table([
        (0, entry("com", unless=("good.com", "fine.com"))),
        (1, entry("ex.com", qtypes=frozenset({"AAAA"}))),
        (2, entry("ex.com", not_qtypes=frozenset({"A"}))),
    ])  # fmt: skip
    assert made.mask("www.good.com") == 0
    assert made.mask("bad.com") == 1
    assert made.mask("ex.com", "", "AAAA") == 0b111
    assert made.mask("ex.com", "", "A") == 0b001
    assert made.mask("ex.com", "/", "") == 0b101


def test_the_first_of_several_lines_is_cited() -> None:
    made = table([(0, entry("ex.com", line=line, text=f"0.0.0.0 ex.com # {line}")) for line in (30, 4, 17)])
    (found,) = made.listings("www.ex.com")
    assert (found.line, found.text, found.pattern) == (4, "0.0.0.0 ex.com # 4", "ex.com")


@pytest.mark.parametrize(
    "text",
    [
        "ex.com",
        "||ex.com^",
        "0.0.0.0\tEX.com",
        "ex.com ex.com",
        "",
        "\0\n\ud83d\x1f",
        "x" * 500,
        "é ex.com ü",
        "\x01=ex.com",
    ],
)
def test_texts_come_back_as_they_were(text: str) -> None:
    (found,) = table([(0, Entry("ex.com", How.SUFFIX, 1, text))]).listings("ex.com")
    assert found.text == text


def test_the_most_specific_line_comes_first() -> None:
    made = table([
        (0, entry("com", line=1)), (0, entry("ex.com", line=2)), (1, entry("www.ex.com", line=3)),
        (0, entry("www.ex.com/a", How.URL, line=4)), (0, entry("www.ex.com/a/b", How.URL, line=5)),
    ])  # fmt: skip
    assert [each.line for each in made.listings("www.ex.com", "/a/b")] == [5, 4, 3, 2, 1]


def test_an_empty_table_lists_nothing() -> None:
    made = table([])
    assert made.mask("ex.com") == made.mask("1.2.3.4", "/x") == made.mask("::1") == made.mask("com") == 0
    assert list(made.entries()) == []
    assert made.counts == (0, 0, 0, 0)


def test_it_keeps_what_the_builder_knew() -> None:
    made = table([(2, entry("ex.com"))])
    assert made.meta == {"made": None}
    assert made.slots[2].category == "category 2"
    assert made.counts == (0, 0, 1, 0)


def test_it_is_written_into_lmdb_without_asking_the_lists_again(tmp_path: Path) -> None:
    made = table([(n % 4, entry(f"n{n // 2}.com", line=n)) for n in range(200)])
    masks: dict[bytes, int] = {}
    for slot, each in made.entries():
        masks[each.pattern.encode()] = masks.get(each.pattern.encode(), 0) | 1 << slot
    with lmdb.open(str(tmp_path / "names")) as store:
        with store.begin(write=True) as writing:
            for name, mask in masks.items():
                writing.put(name, mask.to_bytes(8, "little"))
        with store.begin() as reading:
            for name in ("n0.com", "n7.com", "n99.com", "n100.com"):
                assert int.from_bytes(reading.get(name.encode(), b""), "little") == made.mask(name)


def test_more_kinds_of_text_than_are_kept_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_book, "MOST_SHAPES", 10)
    listed: list[Listed] = [(n % 4, entry(f"n{n}.com", line=n, text=f"n{n}.com # {n:x}")) for n in range(100)]
    made = table(listed)
    assert sorted(made.entries()) == sorted(listed)
    assert made.listings("n99.com")[0].text == "n99.com # 63"


def test_more_combinations_of_slots_than_are_kept_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_book, "MOST_CLASSES", 20)
    listed = [(slot, entry(f"n{n}.com")) for n in range(1 << 8) for slot in range(8) if n >> slot & 1]
    made = table(listed, 8)
    assert all(made.mask(f"www.n{n}.com") == n for n in range(1 << 8))
    assert made.counts == (128,) * 8
    assert sorted(made.entries()) == sorted(listed)


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        (entry("bücher.de"), "spelling"),
        (entry("a b.de"), "spelling"),
        (entry("a\tb.de"), "spelling"),
        (entry(""), "spelling"),
        (entry("ex.com/a"), "slash"),
        (entry("300.0.0.0/8", How.NET), "range"),
        (entry("(?<=a)b", How.REGEX), "RE2"),
        (entry("a(", How.REGEX), "RE2"),
    ],
)
def test_what_no_table_can_hold_is_refused_with_its_line(bad: Entry, word: str) -> None:
    with pytest.raises(BadEntry, match=f"Line 1 .*{word}"):
        Writer(Memory()).add(0, bad)


def test_slots_that_have_no_name_are_refused() -> None:
    with pytest.raises(BadEntry, match="slot 5"):
        compiled([(5, entry("ex.com"))])
    with pytest.raises(BadEntry, match="slot"):
        Writer(Memory()).add(MOST_SLOTS, entry("ex.com"))


@pytest.mark.parametrize(
    ("pattern", "needs"),
    [
        ("/ad/", True), ("[/]", True), ("(/a|b/)x?", True), ("a+/", True), ("x(/y)+", True),
        (r"\/", True), ("(?i)^a.*/b", True),
        ("(/a|b)", False), ("a/?", False), ("a/*", False), ("[/x]", False), ("[[:alpha:]/]", False), (r"\Qa/\E", False),
        ("[^/]", False), ("a|/b", False), (r"\pN/", False), (".", False), ("", False),
    ],
)  # fmt: skip
def test_expressions_that_need_a_slash_are_not_tried_on_names(pattern: str, needs: bool) -> None:
    assert needs_slash(pattern) is needs
