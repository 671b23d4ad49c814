"""What one line of a policy is: a heading, a numbered item, a note, or words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

ROMAN = "(?:X{0,3})(?:IX|IV|V?I{0,3})"
_ARTICLE = re.compile(rf"^[\s>*#-]*(?:ARTICLE\s+)?(?P<number>(?=[IVX]){ROMAN})[.:]\s+(?P<title>[^a-z]*[A-Z][^a-z]*)$")
_ALTERNATIVE = re.compile(r"^[\s>*#-]*ALTERNATIVE\s+(?:NO\.?\s*)?(?P<number>\d+)\s*:?[\s*]*$", re.IGNORECASE)
_ITEM = re.compile(
    r"^\s*(?:[-*•]\s+)?(?:\*\*)?(?P<mark>[A-Z]\.|\d{1,2}\.|[a-z]\.|\((?:\d{1,2}|[a-z])\))(?:\*\*)?\s+(?P<words>\S.*)$"
)
_TITLE = re.compile(r"^[\s#*]*\d{3}(?:\.\d+)?\s+[A-Z][^a-z]{8,}$")
_CAPITALS = re.compile(r"^[\s*#]*[^a-z]*[A-Z]{2}[^a-z]*$")
_REFERENCES = re.compile(r"^[\s*#]*(?P<kind>Legal|Cross)\s+References?:\**\s*(?P<words>.*)$", re.IGNORECASE)
_VALUES = {"I": 1, "V": 5, "X": 10}


class Level(IntEnum):
    """How deep a mark stands; a deeper one belongs to the nearest shallower one above it."""

    ARTICLE = 0
    ALTERNATIVE = 1
    LETTER = 2  # A.
    NUMBER = 3  # 1.
    SMALL = 4  # a.
    PAREN = 5  # (1)


@dataclass(frozen=True, slots=True)
class Mark:
    """A line that opens a clause: how deep, which mark, and the words after it."""

    level: Level
    mark: str
    words: str

    @property
    def place(self) -> int:
        """The mark's place in its row: A, a, 1 and I are 1."""
        if self.level is Level.ARTICLE:
            return roman(self.mark)
        return int(self.mark) if self.mark.isdigit() else ord(self.mark.lower()) - ord("a") + 1


def mark(line: str) -> Mark | None:
    """The mark that a line opens with; None where it is a line of words.

    >>> mark(" - a. obscene language;")
    Mark(level=<Level.SMALL: 4>, mark='a', words='obscene language;')
    >>> mark("V. UNACCEPTABLE USES").level.name, mark("V. Users shall not.").level.name
    ('ARTICLE', 'LETTER')
    """
    if found := _ARTICLE.match(line):
        return Mark(Level.ARTICLE, found["number"], found["title"].strip(" *"))
    if found := _ALTERNATIVE.match(line):
        return Mark(Level.ALTERNATIVE, found["number"], "")
    if not (found := _ITEM.match(line)):
        return None
    sign = found["mark"].strip("().")
    if found["mark"].startswith("("):
        return Mark(Level.PAREN, sign, found["words"])
    level = Level.NUMBER if sign.isdigit() else Level.LETTER if sign.isupper() else Level.SMALL
    return Mark(level, sign, found["words"])


def is_title(line: str) -> bool:
    """Whether a line is the policy's number and title."""
    return _TITLE.match(line) is not None


def in_capitals(line: str) -> bool:
    """Whether a line may be the rest of a heading that was too long for one line.

    >>> in_capitals("STUDENT INTERNET USE"), in_capitals("The Internet"), in_capitals("A.")
    (True, False, False)
    """
    return _CAPITALS.match(line) is not None


def references(line: str) -> str | None:
    """The first reference after "Legal References:" or "Cross References:"; None on any other line."""
    found = _REFERENCES.match(line)
    return found["words"].strip() if found else None


def roman(number: str) -> int:
    """A Roman number of up to 39.

    >>> roman("XIV"), roman("IX")
    (14, 9)
    """
    values = [_VALUES[sign] for sign in number]
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))
