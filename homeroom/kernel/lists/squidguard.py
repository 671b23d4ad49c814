"""squidGuard lists, as the categories of UT1 hold them: `urls` and `expressions` (its `domains` are plain names)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from homeroom.kernel.lists import expressions
from homeroom.kernel.lists.entry import LONGEST_TEXT, Entry, How, Unsupported
from homeroom.kernel.lists.patterns import unsupported, url


def read_urls(lines: Iterable[tuple[int, str]], how: How) -> Iterator[Entry | Unsupported]:
    """URLs without their scheme; each stands for itself and for what lies below its path."""
    for number, line in lines:
        text = line.strip()
        if text and text[0] != "#":
            yield url(text, number)


def read_expressions(lines: Iterable[tuple[int, str]], how: How) -> Iterator[Entry | Unsupported]:
    """POSIX extended expressions, searched in host and path without regard to case; as RE2."""
    for number, line in lines:
        text = line.strip()
        if not text or text[0] == "#":
            continue
        try:
            source = expressions.accepted(expressions.from_posix(text))
        except expressions.BadExpression as trouble:
            yield unsupported(number, text, str(trouble))
        else:
            yield Entry(source, How.REGEX, number, text[:LONGEST_TEXT])
