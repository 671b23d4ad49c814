"""Bytes of a file into lines of text: UTF-8 with or without a mark, UTF-16, or what Windows wrote in its own way."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator

LONGEST_LINE = 1_000_000  # bytes


class TooLong(ValueError):
    """A line without an end; the message is a sentence."""


def lines(chunks: Iterable[bytes]) -> Iterator[str]:
    r"""The lines, each with its end, whatever it is (CR alone too). Raises TooLong.

    >>> list(lines([b"\xef\xbb\xbfa,b\r", b"\nJos\xe9\n"]))
    ['a,b\n', 'José\n']
    """
    chunks = iter(chunks)
    first = next(chunks, b"")
    while 0 < len(first) < 4 and (more := next(chunks, b"")):
        first += more
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        decoder = codecs.getincrementaldecoder("utf-16")("replace")
        yield from _split_text(decoder, first, chunks)
        return
    for line in _split(first.removeprefix(codecs.BOM_UTF8), chunks):
        yield _text(line) + "\n"


def _split(first: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in _chain(first, chunks):
        data = rest + chunk
        held = b""
        if data.endswith(b"\r"):  # its line feed may come with the next chunk
            data, held = data[:-1], b"\r"
        parts = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        rest = parts.pop() + held
        if len(rest) > LONGEST_LINE:
            raise TooLong("A line does not end within a million characters; this is no CSV file. Export it again.")
        yield from parts
    if rest:
        yield from rest.removesuffix(b"\r").split(b"\r")


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _text(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def _split_text(decoder: codecs.IncrementalDecoder, first: bytes, chunks: Iterator[bytes]) -> Iterator[str]:
    rest = ""
    for chunk in _chain(first, chunks):
        rest += decoder.decode(chunk)
        *whole, rest = rest.replace("\r\n", "\n").split("\n")
        if len(rest) > LONGEST_LINE:
            raise TooLong("A line does not end within a million characters; this is no CSV file. Export it again.")
        yield from (line + "\n" for line in whole)
    if rest:
        yield rest + "\n"
