"""Expressions of lists: matched together, in time linear in the text (RE2), on host + path.

RE2 knows no look-around and no back-references, and in return no expression of a list can make a
door hang (regular expressions that backtrack can be made to run for years).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import re2

from homeroom.kernel.lists.entry import Entry
from homeroom.kernel.lists.table_keys import BadEntry
from homeroom.kernel.lists.table_record import identity_of

MOST_EXPRESSIONS = 5_000  # compiled in half a second each time a table is opened
_MEMORY = 64 << 20  # what RE2 may use at most for one set, in bytes; compiling fails where that cannot be enough


class Expressions:
    """Some expressions by number, compiled together; raises ValueError where RE2 cannot."""

    def __init__(self, sources: Mapping[int, str]) -> None:
        self._numbers = list(sources)
        self._set = _compiled(list(sources.values())) if sources else None
        self.any = bool(sources)

    def found(self, text: bytes) -> bool:
        """Whether any of the expressions is found anywhere in a text."""
        return self._set is not None and bool(self._set.Match(text))

    def matches(self, text: bytes) -> list[int]:
        """The numbers of the expressions found anywhere in a text, in their order."""
        found = self._set.Match(text) if self._set is not None else None
        return [self._numbers[place] for place in sorted(found or ())]


class ExpressionWriter:
    """Collects the expressions of all lists for a table, each thing said once."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, str], Entry] = {}
        self._slots: dict[tuple[str, str], int] = {}
        self._cancelled: set[tuple[str, str]] = set()

    def add(self, slot: int, entry: Entry) -> None:
        """Take in one expression; raises BadEntry where RE2 does not know its syntax."""
        said = entry.pattern, identity_of(slot, entry, entry.pattern, entry.pattern)
        if entry.cancel:
            self._cancelled.add(said)
            return
        before = self._said.get(said)
        if before is None:
            self._check(entry)
            self._slots[said] = slot
        if before is None or (entry.line, entry.text) < (before.line, before.text):
            self._said[said] = entry

    def rows(self) -> list[tuple[int, Entry]]:
        """Slot and entry of each expression, in an order that depends on nothing else; raises BadEntry."""
        kept = sorted(said for said in self._said if said not in self._cancelled)
        try:
            _compiled([pattern for pattern, _ in kept])
        except ValueError as trouble:
            raise BadEntry(f"The {len(kept)} expressions of all lists are too large together: read fewer.") from trouble
        return [(self._slots[said], self._said[said]) for said in kept]

    def _check(self, entry: Entry) -> None:
        if len(self._said) >= MOST_EXPRESSIONS:
            raise BadEntry(f"Line {entry.line} is one expression more than the {MOST_EXPRESSIONS} that a table holds.")
        try:
            _compiled([entry.pattern])
        except ValueError as trouble:
            raise BadEntry(f"Line {entry.line} holds {entry.pattern!r}, which RE2 does not understand.") from trouble


def needs_slash(pattern: str) -> bool:
    """Whether every text in which the expression is found holds a slash, so that no bare name can match.

    When in doubt False, which costs time but is never wrong.

    >>> needs_slash("(/banner/|adverts/)"), needs_slash("ads?[0-9]"), needs_slash("a(/b)?")
    (True, False, False)
    """
    if "[:" in pattern or "[[" in pattern:
        return False  # character classes that Python reads otherwise than RE2
    try:
        return _needs_slash(_parser.parse(pattern))
    except (re.error, RecursionError, OverflowError):
        return False


def _needs_slash(parts: Iterable[tuple[Any, Any]]) -> bool:
    return any(_part_needs_slash(str(kind), value) for kind, value in parts)


def _part_needs_slash(kind: str, value: Any) -> bool:
    match kind:
        case "LITERAL":
            return bool(value == ord("/"))
        case "SUBPATTERN":
            return _needs_slash(value[-1])
        case "MAX_REPEAT" | "MIN_REPEAT":
            return bool(value[0]) and _needs_slash(value[2])
        case "BRANCH":
            return all(_needs_slash(branch) for branch in value[1])
    return False


def _compiled(sources: Sequence[str]) -> Any:
    """An RE2 set of these expressions; raises ValueError."""
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    together = re2.Set.SearchSet(options)
    try:
        for source in sources:
            together.Add(source)
        together.Compile()
    except re2.error as trouble:
        raise ValueError(f"RE2 does not take these expressions together: {trouble}") from trouble
    return together
