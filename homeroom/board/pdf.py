"""The words of a PDF file: line by line, without what only its pages bring: heads and feet, ligatures, hyphens."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from django.utils.translation import gettext as _

from homeroom.base.errors import Refused
from homeroom.board import pdf_lines, pdf_paragraphs
from homeroom.kernel.policytext import findings
from homeroom.kernel.policytext.clauses import Finding

EDGE = 3  # lines at the top and at the bottom of a page that may be its head and foot
FEWEST = 3  # pages that must bear the same line there
LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
MOST_NAMED = 12  # of what a remark names one by one
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(r"([^\W\d_]+)([-/])$")
_STRUCK = re.compile(r"~~(.+?)~~")
_REST = re.compile(r"[^\W\d_]+")


def read(data: bytes) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Lines, and in sentences what was left out or joined. Raises Refused."""
    pages = [[replace(line, words=line.words.translate(LIGATURES)) for line in page] for page in pdf_lines.pages(data)]
    empty = [str(number) for number, page in enumerate(pages, 1) if not any(line.words.strip() for line in page)]
    if len(empty) == len(pages):
        raise Refused(
            _(
                "The PDF holds pictures of pages and no text, as a scanner makes them. Run text "
                "recognition over it, or give the policy as DOCX or text."
            )
        )
    gone, margins = without_margins([[line.words for line in page] for page in pages])
    inner = [[line for at, line in enumerate(page) if at not in out] for page, out in zip(pages, gone, strict=True)]
    paragraphs, doubtful = pdf_paragraphs.apart(inner)
    lines, joined = whole_words(paragraphs)
    remarks = [Finding(0, findings.NO_WORDS, {"page": page}) for page in empty]
    struck = [each for line in lines for each in _STRUCK.findall(line)]
    for words, named in (
        (findings.MARGINS, margins), (findings.BROKEN, joined), (findings.DRAWN, struck), (findings.NO_GAPS, doubtful),
    ):  # fmt: skip
        if named:
            remarks.append(Finding(0, words, {"count": len(named), "named": _named(named)}))
    return tuple(lines), tuple(remarks)


def _named(words: Sequence[str]) -> str:
    each_once = list(dict.fromkeys(words))
    said = "; ".join(f"“{each}”" for each in each_once[:MOST_NAMED])
    return said if len(each_once) <= MOST_NAMED else f"{said}; … (+{len(each_once) - MOST_NAMED})"


def without_margins(pages: Sequence[Sequence[str]]) -> tuple[list[set[int]], list[str]]:
    """Which lines of each page most pages bear at the top or bottom, and one of each such line.

    >>> without_margins([["Town policy", "I. PURPOSE", "1 of 3"], ["Town policy", "Be short.", "2 of 3"],
    ...                  ["Town policy", "Be kind.", "3 of 3"]])
    ([{0, 2}, {0, 2}, {0, 2}], ['Town policy', '1 of 3'])
    """
    counts = Counter(line for page in pages for line in {_shape(page[at]) for at in _edges(page)})
    least = max(FEWEST, len(pages) // 2 + 1)
    found: dict[str, str] = {}
    gone = []
    for page in pages:
        out = {at for at in _edges(page) if counts[_shape(page[at])] >= least and page[at].strip()}
        for at in sorted(out):
            found.setdefault(_shape(page[at]), page[at].strip())
        gone.append(out)
    return gone, list(found.values())


def _edges(page: Sequence[str]) -> Iterator[int]:
    written = [at for at, line in enumerate(page) if line.strip()]
    yield from {*written[:EDGE], *written[-EDGE:]}


def _shape(line: str) -> str:
    """A line with its numbers made equal, so that page 1 and page 2 look alike."""
    return re.sub(r"\d+", "#", " ".join(line.split()))


def whole_words(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Lines in which no word is broken at the end, and the words that were, first those that stand nowhere else.

    The hyphen goes where the word stands without it elsewhere, and stays where it stands with it. Of a word that
    stands nowhere else it goes where this text breaks words at all and not both of its halves are words of it.

    >>> whole_words(["Infor-", "mation on school-", "issued tools", "issued by school: information."])
    (['Information', 'on school-issued', 'tools', 'issued by school: information.'], ['school-issued', 'Information'])
    >>> whole_words(["told in infor-", "mation", "and information."])[0]
    ['told in information', 'and information.']
    >>> whole_words(["for the E-", "Rate program"])[0]
    ['for the E-Rate', 'program']
    """
    told, broken = list(lines), list(_broken(lines))
    known = Counter(word.lower() for line in lines for word in _WORD.findall(line))
    known.subtract(half.lower() for _, start, _, rest in broken for half in (start, rest))
    breaks = any(known[(start + rest).lower()] > 0 for _, start, _, rest in broken)
    joined: list[tuple[bool, str]] = []
    for at, start, sign, rest in broken:
        sure = [each for each in ("", "-") if known[f"{start}{each}{rest}".lower()] > 0] if sign == "-" else ["/"]
        halves = known[start.lower()] > 0 and known[rest.lower()] > 0
        hyphen = sure[0] if sure else "" if breaks and rest[0].islower() and not halves else "-"
        after = told[at + 1].lstrip()
        word = after.split(maxsplit=1)[0]
        told[at] = f"{told[at].rstrip()[:-1]}{hyphen}{word}"
        told[at + 1] = after[len(word) :].lstrip()
        joined.append((bool(sure), f"{start}{hyphen}{rest}"))
    # A line of which nothing is left is gone: an empty one would begin a new paragraph.
    whole = [line for line, was in zip(told, lines, strict=True) if line or not was.strip()]
    return whole, [word for _, word in sorted(joined, key=lambda each: each[0])]


def _broken(lines: Sequence[str]) -> Iterator[tuple[int, str, str, str]]:
    """Each line that ends within a word: which, the word's start, hyphen or stroke, and its rest in the next line."""
    for at, (line, below) in enumerate(zip(lines, chain(lines[1:], [""]), strict=True)):
        start, rest = _BROKEN.search(line.rstrip()), _REST.match(below.lstrip())
        if start and rest:
            yield at, start[1], start[2], rest[0]
