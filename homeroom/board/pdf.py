"""The words of a PDF file: line by line, without what only its pages bring: heads and feet, ligatures, hyphens."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from homeroom.base.errors import Refused
from homeroom.base.words import counted

MOST_PAGES = 500
NO_EMPTY_LINES = (
    "A PDF has no empty lines, so a paragraph below a list was taken for the end of the list's last item; "
    "look at these, or give the policy as DOCX."
)
EDGE = 3  # lines at the top and at the bottom of a page that may be its head and foot
FEWEST = 3  # pages that must bear the same line there
LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_WORD = re.compile(r"[^\W\d_]{3,}")
_BROKEN = re.compile(r"([^\W\d_]+)-$")
_REST = re.compile(r"[a-z]+")


def read(data: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Lines, and in sentences what was left out or joined. Raises Refused."""
    pages = [page.translate(LIGATURES) for page in _pages(data)]
    empty = [str(number) for number, page in enumerate(pages, 1) if not page.strip()]
    if len(empty) == len(pages):
        raise Refused(
            "The PDF holds pictures of pages and no text, as a scanner makes them. "
            "Run text recognition over it, or give the policy as DOCX or text."
        )
    inner, margins = without_margins([page.splitlines() for page in pages])
    lines, joined = whole_words([line for page in inner for line in page])
    remarks = [NO_EMPTY_LINES]
    remarks += [f"Page {page} of the PDF holds no text; look whether it is a picture of words." for page in empty]
    if margins:
        said = "; ".join(f"“{each}”" for each in margins)
        remarks.append(f"The head and foot of the pages were left out: {said}.")
    if joined:
        remarks.append(f"{counted(joined, 'word')} broken at the end of a line were made whole; look at their hyphens.")
    return tuple(lines), tuple(remarks)


def _pages(data: bytes) -> list[str]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("The PDF is locked with a password. Save it without one.")
        if len(reader.pages) > MOST_PAGES:
            raise Refused(f"The PDF has more than {MOST_PAGES} pages. Give the policy alone.")
        return [page.extract_text() for page in reader.pages]
    except Refused:
        raise
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError) as error:
        raise Refused(f"The PDF is damaged ({type(error).__name__}). Save it anew, or as DOCX or text.") from error


def without_margins(pages: Sequence[Sequence[str]]) -> tuple[list[list[str]], list[str]]:
    """Pages without the lines that most of them bear at the top or bottom, and one of each such line.

    >>> without_margins([["Town policy", "I. PURPOSE", "1 of 3"], ["Town policy", "Be short.", "2 of 3"],
    ...                  ["Town policy", "Be kind.", "3 of 3"]])
    ([['I. PURPOSE'], ['Be short.'], ['Be kind.']], ['Town policy', '1 of 3'])
    """
    counts = Counter(line for page in pages for line in {_shape(page[at]) for at in _edges(page)})
    least = max(FEWEST, len(pages) // 2 + 1)
    found: dict[str, str] = {}
    inner = []
    for page in pages:
        gone = {at for at in _edges(page) if counts[_shape(page[at])] >= least and page[at].strip()}
        for at in sorted(gone):
            found.setdefault(_shape(page[at]), page[at].strip())
        inner.append([line for at, line in enumerate(page) if at not in gone])
    return inner, list(found.values())


def _edges(page: Sequence[str]) -> Iterator[int]:
    written = [at for at, line in enumerate(page) if line.strip()]
    yield from {*written[:EDGE], *written[-EDGE:]}


def _shape(line: str) -> str:
    """A line with its numbers made equal, so that page 1 and page 2 look alike."""
    return re.sub(r"\d+", "#", " ".join(line.split()))


def whole_words(lines: Sequence[str]) -> tuple[list[str], int]:
    """Lines in which no word is broken at the end, and how many were.

    The hyphen goes where the word stands without it elsewhere in the text.

    >>> whole_words(["All infor-", "mation on school-", "issued tools is information."])
    (['All information', 'on school-issued', 'tools is information.'], 2)
    >>> whole_words(["told in infor-", "mation", "and information."])[0]
    ['told in information', 'and information.']
    """
    known = {word.lower() for line in lines for word in _WORD.findall(line)}
    told, joined = list(lines), 0
    for at in range(len(told) - 1):
        start, rest = _BROKEN.search(told[at].rstrip()), _REST.match(told[at + 1].lstrip())
        if not start or not rest:
            continue
        hyphen = "" if (start[1] + rest[0]).lower() in known else "-"
        word, after, below = rest[0], told[at + 1].lstrip(), told[at].rstrip()
        ending = re.match(r"\S*", after[len(word) :])
        word += ending[0] if ending else ""
        told[at] = f"{below[:-1]}{hyphen}{word}"
        told[at + 1] = after[len(word) :].lstrip()
        joined += 1
    # A line of which nothing is left is gone: an empty one would begin a new paragraph.
    return [line for line, was in zip(told, lines, strict=True) if line or not was.strip()], joined
