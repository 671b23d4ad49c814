"""The compiled table says of any question what a naive walk over all its entries says."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from homeroom.kernel.lists.entry import Entry, How
from homeroom.kernel.lists.names import is_address
from homeroom.kernel.lists.table import Table
from homeroom.kernel.lists.table_writer import Writer
from tests.unit.lists.tables import Listed, Memory, asked, compiled, kept, table

SLOTS = 4
labels = st.sampled_from(["a", "b", "www", "cdn", "site", "example"])
tops = st.sampled_from(["de", "com", "info", "zip", "t", "co.uk"])
names = st.builds(lambda parts, top: ".".join([*parts, top]), st.lists(labels, max_size=3), tops)
v4 = st.builds("{}.{}.{}.{}".format, *[st.sampled_from([1, 9, 10, 200])] * 4)
v6 = st.sampled_from(["2001:db8::1", "2001:db8:0:1::1", "fe80::a", "::1"])
hosts = st.one_of(names, names, names, v4, v6)
paths = st.builds(
    lambda parts, end: "".join(parts) + end,
    st.lists(st.sampled_from(["/a", "/ab", "/", "/b"]), min_size=1, max_size=4),
    st.sampled_from(["", "/", "?q", "?q&r=1", ";x"]),
)
nets4 = [
    "10.0.0.0/8",
    "10.10.0.0/16",
    "10.10.10.0/24",
    "10.10.10.9/32",
    "1.0.0.0/8",
    "9.9.9.9/32",
    "8.0.0.0/5",
    "1.1.0.0/17",
]
nets6 = ["2001:db8::/32", "2001:db8::1/128", "fe80::/10", "2001:db8:0:1::/64"]
nets = st.sampled_from(nets4 + nets6)
expressions = st.sampled_from([r"ex[a-z]+le\.", r"/ab?/", r"^a\.", r"(/b/|/a\?q)", r"cdn.*site", r"[0-9]/a"])
FRAMES = ("{}", "0.0.0.0 {}", "||{}^", "0.0.0.0\t{}", "odd", "{} # \n\x00\ud800", "é{}")  # the text of line 0, 1, ...
kinds = st.sampled_from(["A", "AAAA", "HTTPS"])


def _pattern(how: How) -> st.SearchStrategy[str]:
    if how is How.URL:
        return st.builds("{}{}".format, hosts, paths)
    return {How.NET: nets, How.REGEX: expressions}.get(how, hosts)


@st.composite
def entries(draw: Any) -> Listed:
    how = draw(st.sampled_from([How.SUFFIX, How.SUFFIX, How.EXACT, How.SUB, How.URL, How.NET, How.REGEX]))
    pattern = draw(_pattern(how))
    line = draw(st.integers(0, len(FRAMES) - 1))
    rare = draw(st.integers(0, 9))
    return draw(st.integers(0, SLOTS - 1)), Entry(
        pattern,
        how,
        line,
        FRAMES[line].format(pattern),
        allow=rare in (1, 2),
        important=rare in (2, 3),
        cancel=rare == 4,
        unless=tuple(draw(st.lists(names, min_size=1, max_size=2))) if rare == 5 else (),
        qtypes=frozenset(draw(st.sets(kinds, min_size=1, max_size=2))) if rare == 6 else frozenset(),
        not_qtypes=frozenset({"A"}) if rare == 7 else frozenset(),
    )


lists = st.lists(entries(), max_size=25)
questions = st.lists(
    st.tuples(hosts, st.one_of(st.just(""), paths), st.sampled_from(["", "A", "AAAA"])), min_size=1, max_size=12
)


def _about(listed: list[Listed]) -> list[tuple[str, str, str]]:
    """Questions that lie near what is listed."""
    near = []
    for _, entry in listed:
        host, slash, path = entry.pattern.partition("/")
        if entry.how not in (How.NET, How.REGEX):
            near += [(host, slash + path, ""), (host, "", "A")]
            near += [] if host[-1].isdigit() or ":" in host else [("x." + host, slash + path + "/more", "A")]
    return near


@settings(max_examples=150, deadline=None)
@given(lists, questions)
def test_it_answers_as_a_naive_walk_does(listed: list[Listed], more: list[tuple[str, str, str]]) -> None:
    made = table(listed)
    for host, path, qtype in more + _about(listed):
        mask, lines = asked(listed, host, path, qtype)
        assert made.mask(host, path, qtype) == mask, (host, path, qtype)
        found = made.listings(host, path, qtype)
        assert {(each.slot, each.pattern) for each in found} == lines
        first = {(slot, entry.pattern, entry.line, entry.text) for slot, entry in kept(listed).values()}
        assert {(each.slot, each.pattern, each.line, each.text) for each in found} <= first


@settings(max_examples=150, deadline=None)
@given(lists, questions)
def test_what_it_says_plainly_is_what_it_says(listed: list[Listed], more: list[tuple[str, str, str]]) -> None:
    """Where slots alone tell it, they tell what `mask` does; the first line is that of the first listing."""
    made = table(listed)
    for host, _, qtype in more + _about(listed):
        plain, mask = made.plain(host), made.mask(host, "", qtype)
        assert plain in (mask, -1), host
        for slots in range(1, 1 << SLOTS if plain > 0 else 1):
            found = [(each.slot, each.line) for each in made.listings(host, "", qtype) if slots >> each.slot & 1]
            line = made.first_line(host, slots)
            # A hit on a range of addresses has no line here: whoever asks must then ask for the listings.
            assert line == (found[0] if found else None) or (line is None and is_address(host)), host


@settings(max_examples=60, deadline=None)
@given(lists, st.randoms())
def test_the_order_of_entries_leaves_no_trace(listed: list[Listed], chance: random.Random) -> None:
    shuffled = list(listed)
    chance.shuffle(shuffled)
    assert compiled(shuffled) == compiled(listed)


@settings(max_examples=60, deadline=None)
@given(lists)
def test_everything_that_went_in_comes_out_once(listed: list[Listed]) -> None:
    made = table(listed)
    out = list(made.entries())
    assert set(out) == set(kept(listed).values())
    assert len(out) == len(set(out))
    assert made.counts == tuple(sum(slot == number for slot, _ in out) for number in range(SLOTS))


@settings(max_examples=30, deadline=None)
@given(lists)
def test_a_table_of_a_table_is_the_same_table(listed: list[Listed]) -> None:
    once = compiled((slot, entry) for slot, entry in listed if not entry.cancel)
    assert compiled(Table(once).entries()) == once


def test_the_names_of_lookalike_hashes_are_told_apart(monkeypatch: Any) -> None:
    """With hashes of four bits nearly every name looks like another; only the rows can tell them apart."""
    _shorten_hashes(monkeypatch, 60)
    listed = [(number % SLOTS, Entry(f"n{number}.com", How.SUFFIX, number, f"n{number}.com")) for number in range(40)]
    made = table(listed)
    assert {entry.pattern for _, entry in made.entries()} == {entry.pattern for _, entry in listed}
    for number in range(80):
        host = f"www.n{number}.com"
        assert number >= 40 or made.mask(host) == asked(listed, host)[0]
        assert len(made.listings(host)) == (number < 40)


def test_a_chance_hit_has_no_listing(monkeypatch: Any) -> None:
    """Where all hashes are equal a name that nobody lists gets the mask of a listed one, and no line to cite."""
    _shorten_hashes(monkeypatch, 64)
    made = table([(2, Entry("ex.com", How.SUFFIX, 7, "ex.com"))])
    assert made.mask("ex.com") == made.mask("other.net") == 1 << 2
    assert made.listings("ex.com")[0].line == 7
    assert made.listings("other.net") == ()
    assert made.first_line("ex.com", 1 << 2) == (2, 7)
    assert made.first_line("other.net", 1 << 2) is None


def _shorten_hashes(monkeypatch: Any, bits: int) -> None:
    from homeroom.kernel.lists import table, table_gather, table_rows, table_writer

    def short(data: bytes) -> int:
        return hash_of(data) >> bits << bits

    hash_of = table.hash64
    monkeypatch.setattr(table, "hash64", short)
    for module in (table_gather, table_rows, table_writer):
        monkeypatch.setattr(module, "xxh3_64_intdigest", short)


def test_many_slots_and_many_classes() -> None:
    """Masks of 600 slots; more combinations of slots than a table keeps ready."""
    listed = []
    for number in range(600):
        listed.append((number, Entry("all.com", How.SUFFIX, number + 1, "all.com")))
        listed.append((number, Entry(f"n{number}.com", How.EXACT, number + 1, f"n{number}.com")))
    made = table(listed, 600)
    assert made.mask("www.all.com") == (1 << 600) - 1
    assert [each.slot for each in made.listings("all.com")] == list(range(600))
    assert made.mask("n599.com") == 1 << 599
    assert Writer(Memory())  # nothing of one writer is left in another
