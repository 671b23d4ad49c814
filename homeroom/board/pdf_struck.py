"""Words of a PDF with a line drawn through them, as a draft shows what goes: marked as in Markdown, “~~gone~~”."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby, islice
from typing import Any

from pypdfium2 import raw

MOST_DRAWN = 20_000  # shapes of a page that are looked at: a page of text has some dozens
THICKEST, SHORTEST = 2.5, 3.0  # points of what is a line and no box
HIGHEST = 20.0  # points above the foot of letters: farther up it belongs to another line
LOW, HIGH = 0.2, 0.85  # of the height of a line's letters: where a line through them goes; below is an underline
_MARK = re.compile(r"\s*(?:[-*•]\s+)?(?:[A-Z]\.|\d{1,2}\.|[a-z]\.|\((?:\d{1,2}|[a-z])\))\s+")

Drawn = tuple[float, float, float]  # from left to right, at a height
Box = tuple[float, float, float, float]  # left and right of a letter, the foot of its line, its top


def drawn(page: Any) -> list[Drawn]:
    """The level lines that a page draws."""
    found = []
    for each in islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=1), MOST_DRAWN):
        left, bottom, right, top = each.get_bounds()
        if top - bottom <= THICKEST and right - left >= SHORTEST:
            found.append((left, right, (bottom + top) / 2))
    return found


def near(lines: Sequence[Drawn], left: float, right: float, y: float) -> list[Drawn]:
    """Those that may go through words from left to right whose letters stand at a height."""
    return [each for each in lines if each[0] < right and each[1] > left and y < each[2] < y + HIGHEST]


def marked(words: str, boxes: Sequence[Box | None], lines: Sequence[Drawn]) -> str:
    """Words with marks around those that a line goes through; `boxes` are those of the letters, None for space."""
    letters = [each for each in boxes if each]
    height = max(top - y for _, _, y, top in letters)
    through = [each for each in lines if LOW * height <= each[2] - letters[0][2] <= HIGH * height]
    runs = _runs(words, [_gone(box, through) for box in boxes])
    return "".join(f"~~{part}~~" if struck else part for struck, part in runs)


def _gone(box: Box | None, through: Sequence[Drawn]) -> bool | None:
    if box is None:
        return None
    middle = (box[0] + box[1]) / 2
    return any(left <= middle <= right for left, right, _ in through)


def _runs(words: str, gone: Sequence[bool | None]) -> Iterator[tuple[bool, str]]:
    """Pieces that are struck out and those that are not; a mark such as “B.” stays outside, so that it has a place."""
    mark = _MARK.match(words)
    after = mark.end() if mark else 0
    flags = [at >= after and struck for at, struck in enumerate(_struck(gone))]
    for struck, places in groupby(range(len(words)), key=flags.__getitem__):
        yield struck, "".join(words[at] for at in places)


def _struck(gone: Sequence[bool | None]) -> list[bool]:
    """Of each letter whether it is struck out, and of each space whether the letters on both sides of it are."""
    before = [*accumulate(gone, _latest, initial=False)][1:]
    behind = [*accumulate(reversed(gone), _latest, initial=False)][:0:-1]
    return [bool(left and right) for left, right in zip(before, behind, strict=True)]


def _latest(last: bool | None, gone: bool | None) -> bool | None:
    return last if gone is None else gone
