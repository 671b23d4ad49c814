"""Where the paragraphs of a PDF end. It has no empty lines; distances and short lines tell."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise

from homeroom.board.pdf_lines import Line
from homeroom.kernel.policytext import outline

WIDER = 1.2  # times the usual distance of two lines: a gap
FARTHEST = 4  # times that distance: farther down is no next line
FEWEST_GAPS = 20  # one line of so many stands apart where paragraphs do
SLACK = 1.0  # points that a next word may be narrower than the room and yet not have fit
ENDS = (".", ";", ":", "?", "!", ")", "”", '"')


def apart(pages: Sequence[Sequence[Line]]) -> tuple[list[str], list[str]]:
    """The words of all lines, with an empty line wherever a paragraph ends; and lines of a list below which one may
    end unseen.

    A paragraph ends before a gap, and where a line has room for the next word that yet stands below.
    """
    lines = [(line, number) for number, page in enumerate(pages) for line in page if line.words.strip()]
    gaps, edge = _gaps(lines), _edges([line for line, _ in lines])
    spaced = sum(gap is True for gap in gaps) * FEWEST_GAPS > len(gaps)
    told, doubtful, listed = [], [], False
    for (line, _), (after, _), gap in zip(lines, [*lines[1:], (Line(""), -1)], gaps, strict=True):
        told.append(line.words)
        mark = outline.mark(line.words)
        listed = mark.level >= outline.Level.NUMBER if mark else listed
        if gap or edge(line) - line.right > _needed(after):
            told.append("")
        elif listed and not (spaced and gap is False) and _may_end(line.words, after.words):
            doubtful.append(line.words.strip())
    return told, doubtful


def _gaps(lines: Sequence[tuple[Line, int]]) -> list[bool | None]:
    """Whether each line stands apart from the next one; None where a page or a column ends."""
    usual = _usual(lines)
    gaps: list[bool | None] = [
        line.y - after.y > WIDER * usual if page == then and 0 < line.y - after.y < FARTHEST * usual else None
        for (line, page), (after, then) in pairwise(lines)
    ]
    return [*gaps, None]


def _usual(lines: Sequence[tuple[Line, int]]) -> float:
    """The distance that most lines of a page have from the one above them."""
    down = Counter(
        round(2 * (line.y - after.y)) / 2
        for (line, page), (after, next_page) in pairwise(lines)
        if page == next_page and line.y - after.y > 1
    )
    return max(down, key=lambda each: (down[each], -each), default=0.0)


def _edges(lines: Sequence[Line]) -> Callable[[Line], float]:
    """How far to the right the column of a line goes; what begins right of a line is another column."""
    by_left = sorted(lines, key=lambda line: line.left)
    lefts = [line.left for line in by_left]
    rights = list(accumulate((line.right for line in by_left), max))

    def edge(line: Line) -> float:
        at = bisect_left(lefts, max(line.right, line.left + SLACK))
        return rights[at - 1] if at else line.right

    return edge


def _needed(after: Line) -> float:
    """The room that the next line's first word would need, with the space before it."""
    letters = max(len(after.words.split(maxsplit=1)[0]) if after.words.strip() else 1, 1)
    return after.first * (1 + 1 / letters) + SLACK


def _may_end(words: str, after: str) -> bool:
    return (
        bool(after.strip())
        and words.rstrip().endswith(ENDS)
        and not after.lstrip()[:1].islower()
        and outline.mark(after) is None
    )
