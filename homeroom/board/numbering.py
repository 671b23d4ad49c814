"""The numbers that a word processor puts before paragraphs: not in the words, but worked out from list definitions."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MOST_STYLES = 20  # that may be based on each other
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

    def __init__(self, part: Element | None, styles: Element | None = None) -> None:
        self.lists: dict[str, str] = {}
        self.levels: dict[tuple[str, int], Level] = {}
        self.counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self.depths: dict[tuple[str, str], int] = {}  # of a list and a style: how deep that style stands in it
        self.anew: dict[tuple[str, int], int] = {}  # of a list's use and a depth: where it begins again
        self.styles: dict[str, Element] = {}
        for each in part.iter(f"{W}abstractNum") if part is not None else ():
            self._definition(each)
        for each in part.iter(f"{W}num") if part is not None else ():
            self._use(each)
        for each in styles.iter(f"{W}style") if styles is not None else ():
            self.styles[each.get(f"{W}styleId", "")] = each

    def of(self, paragraph: Element) -> Number | None:
        """The number of the next paragraph; None where it has none."""
        use, depth = self._told(paragraph)
        list = self.lists.get(use, "")
        level = self.levels.get((list, depth))
        if level is None or level.kind in ("bullet", "none"):
            return None
        counts = self.counts[list]
        before = self.anew.pop((use, depth), None)
        counts[depth] = (counts.get(depth, level.start - 1) if before is None else before - 1) + 1
        for deeper in [each for each in counts if each > depth]:
            del counts[deeper]
        text = re.sub(r"%(\d)", lambda found: self._written(list, int(found[1]) - 1), level.pattern)
        return Number(text, article=depth == 0 and level.kind == "upperRoman")

    def _told(self, paragraph: Element) -> tuple[str, int]:
        """Which list, and how deep: as the paragraph says itself, or else its style and those it is based on."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return "", 0
        style = _value(properties, "pStyle")
        use, depth = _numbered(properties)
        for _ in range(MOST_STYLES):
            found = self.styles.get(style)
            if use or found is None:
                break
            inner = found.find(f"{W}pPr")
            use, of_style = _numbered(inner) if inner is not None else ("", "")
            depth = depth or of_style or str(self.depths.get((self.lists.get(use, ""), style), ""))
            style = _value(found, "basedOn")
        return use, int(depth) if depth.isdigit() else 0

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
            depth = int(each.get(f"{W}ilvl", "0"))
            self.levels[id, depth] = level
            if style := _value(each, "pStyle"):
                self.depths[id, style] = depth

    def _use(self, use: Element) -> None:
        id = use.get(f"{W}numId", "")
        self.lists[id] = _value(use, "abstractNumId")
        for each in use.iter(f"{W}lvlOverride"):
            if (start := _value(each, "startOverride")).isdigit():
                self.anew[id, int(each.get(f"{W}ilvl", "0"))] = int(start)


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


def _numbered(properties: Element) -> tuple[str, str]:
    """The list and the depth that properties name; "" for what they leave out."""
    told = properties.find(f"{W}numPr")
    return ("", "") if told is None else (_value(told, "numId"), _value(told, "ilvl"))


def _value(node: Element, name: str, otherwise: str = "") -> str:
    found = node.find(f"{W}{name}")
    return otherwise if found is None else found.get(f"{W}val", otherwise)
