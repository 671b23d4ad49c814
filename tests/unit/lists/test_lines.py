"""Bytes to lines: bounded, and a sentence for what is no list."""

from __future__ import annotations

import bz2
import gzip
import lzma
import random
import re
from collections.abc import Iterator

import pytest

from homeroom.kernel.lists.entry import BadList
from homeroom.kernel.lists.lines import numbered, split_lines


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_chunks_of_any_size_give_the_same_lines(size: int) -> None:
    data = b"\xef\xbb\xbfa.test\r\nb.test\n\n  c.test \nlast"
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    assert [text for _, text in numbered(split_lines(chunks))] == ["a.test", "b.test", "", "  c.test", "last"]


def test_nothing_gives_nothing() -> None:
    assert list(split_lines([])) == list(split_lines([b"", b""])) == []


def test_a_line_without_end_is_refused_without_reading_it_all() -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        yield b"a.test\n"
        while True:
            taken += 1
            yield b"x" * 4096

    with pytest.raises(BadList, match=r"more than 65536 bytes in line 2"):
        list(split_lines(endless()))
    assert taken < 20


def test_a_long_line_inside_one_chunk_is_refused() -> None:
    with pytest.raises(BadList, match="line 3"):
        list(split_lines([b"a\nb\n" + b"c" * 101 + b"\nd\n"], 100))
    assert list(split_lines([b"c" * 100 + b"\n"], 100)) == [b"c" * 100]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a.test\nb\0.test\n", "binary"),
        (random.Random(1).randbytes(4000).replace(b"\0", b"\1"), "binary"),
        ("a.test\n".encode("utf-16"), "UTF-16"),
        (gzip.compress(b"a.test\n", mtime=0), "gzip"),
        (bz2.compress(b"a.test\n"), "bzip2"),
        (lzma.compress(b"a.test\n"), "xz"),
        (b"PK\x03\x04....", "zip"),
        (b"\n <!DOCTYPE html><title>Sign in</title>", "web page"),
        (b"\xef\xbb\xbf<HTML>", "web page"),
    ],
)
def test_what_is_no_list(data: bytes, said: str) -> None:
    for chunks in ([data], [data[:1], data[1:]]):
        with pytest.raises(BadList, match=said) as refused:
            list(split_lines(chunks, where="blocked.txt"))
        assert re.match(r"blocked\.txt is .*[.;] .*[.]$", str(refused.value))


def test_a_few_odd_bytes_are_no_reason_to_refuse() -> None:
    data = b"# caf\xe9 \x1b[1m bold\x1b[0m\n" + b"a.test\n" * 100
    assert len(list(split_lines([data]))) == 101
