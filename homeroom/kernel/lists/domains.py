"""Plain lists of names, one in each line; and the same with a star in front for the names below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from homeroom.kernel.lists.entry import Entry, How, Unsupported
from homeroom.kernel.lists.names import is_plain
from homeroom.kernel.lists.patterns import named, unsupported


def read(lines: Iterable[tuple[int, str]], how: How) -> Iterator[Entry | Unsupported]:
    """Names, addresses and ranges; `how` says whether a name stands for itself or for all below it as well.

    Whatever `how` says, “*.name” is everything below the name, and “.name” the name and everything below.
    """
    for number, line in lines:
        if is_plain(line):
            yield Entry(line, how, number, line)
        else:
            text = line.strip()
            if text and not text.startswith(("#", "!", ";", "//")):
                yield _one(number, text, how)


def read_wildcards(lines: Iterable[tuple[int, str]], how: How) -> Iterator[Entry | Unsupported]:
    """Lines of “*.name”: everything below the name (SUB), or the name as well (SUFFIX), as `how` says."""
    for number, line in lines:
        text = line.strip()
        if not text or text.startswith(("#", "!", ";", "//")):
            continue
        word = _word(text)
        if word.startswith("*."):
            yield named(word[2:], how, number, text)
        else:
            yield _one(number, text, How.EXACT)


def _one(number: int, text: str, how: How) -> Entry | Unsupported:
    word = _word(text)
    if " " in word or "\t" in word:
        return unsupported(
            number, text, "More than one word stands in the line. If addresses stand in front, the format is “hosts”."
        )
    if word.startswith("*."):
        return named(word[2:], How.SUB, number, text)
    if word.startswith(".") and len(word) > 1:
        return named(word[1:], How.SUFFIX, number, text)
    return named(word, how, number, text)


def _word(text: str) -> str:
    return text.partition(" #")[0].partition("\t#")[0].rstrip()
