"""Bytes from anywhere to the lines of a list, with a bound on every line and a sentence for what is no list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from homeroom.kernel.lists.entry import BadList

LONGEST_LINE = 65_536
_HEAD = 512
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\f") + b"\x7f"
_PACKED = (
    (b"\x1f\x8b", "packed with gzip inside what was already unpacked; pack it once"),
    (b"PK\x03\x04", "a zip file; unpack it and give the list inside, or pack it as .gz or .tar.gz"),
    (b"\xfd7zXZ", "packed with xz; unpack it, or pack it as .gz"),
    (b"BZh", "packed with bzip2; unpack it, or pack it as .gz"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd; unpack it, or pack it as .gz"),
    (b"\xff\xfe", "written in UTF-16; save it as UTF-8"),
    (b"\xfe\xff", "written in UTF-16; save it as UTF-8"),
)
_PAGES = (b"<!doctype", b"<html", b"<?xml", b"<head", b"<body")


def split_lines(chunks: Iterable[bytes], limit: int = LONGEST_LINE, *, where: str = "The list") -> Iterator[bytes]:
    """The lines of a stream of chunks, without their line feeds; never holds more than a chunk and a line.

    Raises BadList for a line over `limit` bytes as soon as the limit is passed, for a web page, and
    for a file that is no text (zero bytes, or many control characters).
    """
    seen = controls = number = 0
    rest = b""
    for chunk in _from_text(chunks, where):
        seen += len(chunk)
        controls += len(chunk) - len(chunk.translate(None, _CONTROLS))
        if b"\0" in chunk or controls > 64 + seen // 64:
            raise BadList(
                f"{where} is no text from line {number + 1} on: it looks like a binary file. Give the list itself."
            )
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()
        for line in lines:
            number += 1
            if len(line) > limit:
                raise _too_long(where, number, limit)
            yield line
        if len(rest) > limit:
            raise _too_long(where, number + 1, limit)
    if rest:
        yield rest


def numbered(lines: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    """Lines as (number from 1, text without its end), decoded from UTF-8 without a byte order mark in front.

    Bytes that are not UTF-8 become U+FFFD, which no name holds.

    >>> list(numbered([b"\\xef\\xbb\\xbfex.test\\r", b" caf\\xe9"]))
    [(1, 'ex.test'), (2, ' caf\\ufffd')]
    """
    for number, line in enumerate(lines, 1):
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        yield number, line.decode("utf-8", "replace").rstrip()


def _from_text(chunks: Iterable[bytes], where: str) -> Iterator[bytes]:
    """The same chunks, once the first bytes have been looked at."""
    source = iter(chunks)
    head = b""
    for chunk in source:
        head += chunk
        if len(head) >= _HEAD:
            break
    for mark, reason in _PACKED:
        if head.startswith(mark):
            raise BadList(f"{where} is {reason}.")
    if head[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_PAGES):
        raise BadList(f"{where} is a web page, not a list. Open its address in a browser and look for the plain file.")
    if head:
        yield head
    yield from source


def _too_long(where: str, number: int, limit: int) -> BadList:
    return BadList(
        f"{where} holds more than {limit} bytes in line {number}: no list does. Check that this is the right file."
    )
