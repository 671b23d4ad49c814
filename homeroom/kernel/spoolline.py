"""One line of activity, as a door writes it to its spool and as the intake reads it.

A line is a JSON array, a tab, the CRC-32 of the array's bytes in eight hex digits, and a newline:

    ["count",at,door,[[hour,school,profile,verdict,kind,category,n],...]]
    ["block",at,door,alias,host,line,n,school,profile,kind,clause,category,list,version,bundle]
    ["tools",at,door,[[day,profile,domain,n],...]]
    ["lost",at,door,blocks,answers]

Instants are whole seconds since 1970 (UTC). Every line stands alone and is plain ASCII, so a line
that was torn or damaged costs itself and no other. No line can hold a person's id, a client's
address or the path of a URL (XIV.B.3): there is no place for them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from json.encoder import encode_basestring_ascii as _quote
from typing import Any, NamedTuple
from zlib import crc32

ROWS = 200  # hourly counts in one line, so that no line grows long
LONGEST = 64 * 1024  # bytes; no writer comes near it
TEXT = 300  # characters; longer texts are cut by the writer and refused by the reader
HOUR = 3600
DAY = 24 * HOUR
LAST = 1 << 36  # seconds: past any clock that is merely wrong
MOST = 1 << 53  # what a JSON number holds exactly


class BadLine(ValueError):
    """A line that cannot be taken in; the message is a sentence with the reason."""


class Count(NamedTuple):
    """How often a door gave one kind of answer in the hour that starts at `hour`; never says to whom."""

    hour: int
    school: str
    profile: str
    verdict: str
    kind: str
    category: str
    n: int


class Counts(NamedTuple):
    """Several counts, written together."""

    at: int
    door: str
    counts: tuple[Count, ...]


class Tool(NamedTuple):
    """How often answers led to a watched name on the day (UTC) that starts at `day`; never where or to whom."""

    day: int
    profile: str
    domain: str
    n: int


class Tools(NamedTuple):
    """Several such counts, written together."""

    at: int
    door: str
    tools: tuple[Tool, ...]


class Blocked(NamedTuple):
    """A refused request: which rule refused which host to which pseudonym; `n` times in that second."""

    at: int
    door: str
    alias: str
    host: str
    line: int
    n: int
    school: str
    profile: str
    kind: str
    clause: str
    category: str
    list: str
    version: str
    bundle: str


class Lost(NamedTuple):
    """What a door could not write: so many blocked requests, so many counted answers."""

    at: int
    door: str
    blocks: int
    answers: int


Line = Counts | Tools | Blocked | Lost


def write_counts(at: int, door: str, counts: Iterable[Count]) -> Iterator[bytes]:
    """Lines for hourly counts, ROWS to a line."""
    rows = [[*(each[:1]), *(_cut(text) for text in each[1:6]), each.n] for each in counts]
    for start in range(0, len(rows), ROWS):
        body = json.dumps(["count", at, door, rows[start : start + ROWS]], separators=(",", ":"))
        yield sealed(body)


def write_tools(at: int, door: str, tools: Iterable[Tool]) -> Iterator[bytes]:
    """Lines for the counts of watched names, ROWS to a line."""
    rows = [[each.day, _cut(each.profile), _cut(each.domain), each.n] for each in tools]
    for start in range(0, len(rows), ROWS):
        yield sealed(json.dumps(["tools", at, door, rows[start : start + ROWS]], separators=(",", ":")))


def write_blocked(at: int, door: str, alias: str, place: str, n: int, ground: str) -> bytes:
    """The line for a refused request; `place` and `ground` come from the functions of these names."""
    return sealed(f'["block",{at},{_quote(door)},{_quote(alias)},{place},{n},{ground}]')


def place(host: str, line: int) -> str:
    """The part of a line that is one name's own, which doors keep with its answer.

    >>> place("games.test", 7)
    '"games.test",7'
    """
    return f"{_quote(host[:TEXT])},{line}"


@lru_cache(maxsize=4096)
def ground(
    school: str, profile: str, kind: str, clause: str, category: str, list: str, version: str, bundle: str
) -> str:
    """The part of a line that many refusals share, kept ready since doors write it on their hot path.

    >>> ground("birch", "student", "statutory", "VI.Alt3.A.obscene", "pornography", "ut1", "7", "b1")
    '"birch","student","statutory","VI.Alt3.A.obscene","pornography","ut1","7","b1"'
    """
    return ",".join(_quote(_cut(each)) for each in (school, profile, kind, clause, category, list, version, bundle))


def write_lost(at: int, door: str, blocks: int, answers: int) -> bytes:
    """The line that says what could not be written."""
    return sealed(f'["lost",{at},{_quote(door)},{blocks},{answers}]')


def sealed(body: str) -> bytes:
    r"""A line's JSON with its checksum and newline.

    >>> sealed('["lost",0,"dns",1,2]')
    b'["lost",0,"dns",1,2]\t8eea37d3\n'
    """
    data = body.encode("ascii")
    return b"%b\t%08x\n" % (data, crc32(data))


def read(line: bytes) -> Line:
    """One line with or without its newline; raises BadLine for whatever no door wrote.

    >>> read(write_lost(0, "dns", 1, 2))
    Lost(at=0, door='dns', blocks=1, answers=2)
    """
    body, tab, check = line.rstrip(b"\n").rpartition(b"\t")
    if not tab or check != b"%08x" % crc32(body):
        raise BadLine("The line is torn or was changed: its checksum does not fit.")
    try:
        values = json.loads(body)
        # In a short line no text can be too long, and nearly all lines are short.
        if len(body) > TEXT and any(type(each) is str and len(each) > TEXT for each in values):
            raise BadLine("A text of the line is longer than it can be.")
        return _READERS[values[0]](values)
    except BadLine:
        raise
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise BadLine("The line has a good checksum but not the shape of any line a door writes.") from error


def _counts(values: list[Any]) -> Counts:
    _, at, door, rows = values
    return Counts(_instant(at), _text(door), tuple(_count(row) for row in rows))


def _count(row: list[Any]) -> Count:
    hour, school, profile, verdict, kind, category, n = row
    if _instant(hour) % HOUR:
        raise BadLine("A count must belong to a whole hour.")
    return Count(hour, _text(school), _text(profile), _text(verdict), _text(kind), _text(category), _number(n))


def _tools(values: list[Any]) -> Tools:
    _, at, door, rows = values
    return Tools(_instant(at), _text(door), tuple(_tool(row) for row in rows))


def _tool(row: list[Any]) -> Tool:
    day, profile, domain, n = row
    if _instant(day) % DAY:
        raise BadLine("A count of a watched name must belong to a whole day.")
    return Tool(day, _text(profile), _text(domain), _number(n))


# One comparison instead of fifteen calls: this is the line that comes by the hundred thousand.
_BLOCK = (str, int, str, str, str, int, int, str, str, str, str, str, str, str, str)


def _blocked(values: list[Any]) -> Blocked:
    if tuple(map(type, values)) != _BLOCK:
        raise BadLine("A value of the line is missing or of the wrong type.")
    if not (0 <= values[1] < LAST and 0 <= values[5] < MOST and 0 <= values[6] < MOST):
        raise BadLine("A number of the line is out of range.")
    return Blocked._make(values[1:])


def _lost(values: list[Any]) -> Lost:
    _, at, door, blocks, answers = values
    return Lost(_instant(at), _text(door), _number(blocks), _number(answers))


_READERS: dict[str, Callable[[list[Any]], Line]] = {
    "count": _counts, "tools": _tools, "block": _blocked, "lost": _lost,
}  # fmt: skip


def _instant(value: Any) -> int:
    if type(value) is not int or not 0 <= value < LAST:
        raise BadLine("The line's time is not a number of seconds since 1970.")
    return value


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value < MOST:
        raise BadLine("A count must be a whole number of zero or more.")
    return value


def _text(value: Any) -> str:
    if type(value) is not str or len(value) > TEXT:
        raise BadLine("A text of the line is missing or longer than it can be.")
    return value


def _cut(text: str) -> str:
    return text[:TEXT]
