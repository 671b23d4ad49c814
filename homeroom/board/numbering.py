"""The numbers that a word processor puts before paragraphs: not in the words, but worked out from list definitions."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class Level:
    """How one depth of a list counts: "decimal", "upperLetter", ...; `pattern` such as "(%3)"."""

    kind: str
    pattern: str
    start: int


@dataclass(frozen=True, slots=True)
class Number:
    """What stands before a paragraph; `article` for the upper Roman numbers of the outermost depth."""

    text: str
    article: bool


class Numbering:
    """All lists of a file, counting as its paragraphs come by."""

    def __init__(self, part: Element | None) -> None:
        self.lists: dict[str, str] = {}
        self.levels: dict[tuple[str, int], Level] = {}
        self.counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
        for each in part.iter(f"{W}abstractNum") if part is not None else ():
            self._definition(each)
        for each in part.iter(f"{W}num") if part is not None else ():
            self.lists[each.get(f"{W}numId", "")] = _value(each, "abstractNumId")

    def of(self, paragraph: Element) -> Number | None:
        """The number of the next paragraph; None where it has none."""
        told = paragraph.find(f"{W}pPr/{W}numPr")
        if told is None:
            return None
        depth, list = int(_value(told, "ilvl", "0") or 0), self.lists.get(_value(told, "numId"), "")
        level = self.levels.get((list, depth))
        if level is None or level.kind in ("bullet", "none"):
            return None
        counts = self.counts[list]
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [each for each in counts if each > depth]:
            del counts[deeper]
        text = re.sub(r"%(\d)", lambda found: self._written(list, int(found[1]) - 1), level.pattern)
        return Number(text, article=depth == 0 and level.kind == "upperRoman")

    def _written(self, list: str, depth: int) -> str:
        level = self.levels.get((list, depth), Level("decimal", "", 1))
        return written(self.counts[list].get(depth, level.start), level.kind)

    def _definition(self, definition: Element) -> None:
        id = definition.get(f"{W}abstractNumId", "")
        for each in definition.iter(f"{W}lvl"):
            start = _value(each, "start", "1")
            level = Level(
                _value(each, "numFmt", "decimal"), _value(each, "lvlText"), int(start) if start.isdigit() else 1
            )
            self.levels[id, int(each.get(f"{W}ilvl", "0"))] = level


def written(number: int, kind: str) -> str:
    """A number as its list writes it.

    >>> written(14, "upperRoman"), written(2, "lowerLetter"), written(27, "upperLetter"), written(6, "decimal")
    ('XIV', 'b', 'AA', '6')
    """
    if kind in ("upperLetter", "lowerLetter"):
        sign = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    elif kind in ("upperRoman", "lowerRoman"):
        sign, left = "", number
        for value, letters in ROMAN:
            sign += letters * (left // value)
            left %= value
    else:
        sign = str(number)
    return sign.upper() if kind.startswith("upper") else sign


def _value(node: Element, name: str, otherwise: str = "") -> str:
    found = node.find(f"{W}{name}")
    return otherwise if found is None else found.get(f"{W}val", otherwise)
