"""The lines of a PDF's pages with the places where they stand, which tell what its words alone do not."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2
from django.utils.translation import gettext as _
from pypdfium2 import raw

from homeroom.base.errors import Refused
from homeroom.base.pdfium import one_at_a_time
from homeroom.board import pdf_struck
from homeroom.board.pdf_struck import Box, Drawn

MOST_PAGES = 500
MOST_SIGNS = 100_000  # of one page; a full one has 6,000
HYPHEN = 0x02  # as PDFium marks the hyphen of a word that goes on in the next line
NEW_LINE = (0x0A, 0x0D)
_NOTHING = (0x00, 0xFFFE, 0xFFFF)


@dataclass(frozen=True, slots=True)
class Line:
    """Words of one line: where it begins and ends, how high it stands, and how wide its first word is, in points."""

    words: str
    left: float = 0.0
    right: float = 0.0
    y: float = 0.0
    first: float = 0.0


def pages(data: bytes) -> list[list[Line]]:
    """The lines of each page, in the order in which the page holds them. Raises Refused."""
    with one_at_a_time:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise Refused(_why(error)) from error
        try:
            if len(document) > MOST_PAGES:
                raise Refused(_("The PDF has more than %(most)s pages. Give the policy alone.") % {"most": MOST_PAGES})
            return [list(_lines(page.get_textpage(), pdf_struck.drawn(page))) for page in document]
        except pypdfium2.PdfiumError as error:
            raise Refused(_why(error)) from error
        finally:
            document.close()


def _why(error: pypdfium2.PdfiumError) -> str:
    if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
        return _("The PDF is locked with a password. Save it without one.")
    return _("The PDF is damaged and cannot be opened. Save it anew, or as DOCX or text.")


def _lines(page: Any, drawn: Sequence[Drawn]) -> Iterator[Line]:
    """PDFium ends a line itself, except where a word is broken: there it puts a sign for the hyphen."""
    begun: list[tuple[int, int]] = []
    count = raw.FPDFText_CountChars(page)
    if count > MOST_SIGNS:
        raise Refused(
            _("A page of the PDF holds more than %(most)s letters. Give the policy alone.") % {"most": MOST_SIGNS}
        )
    for at in range(count):
        sign = raw.FPDFText_GetUnicode(page, at)
        if sign not in (*NEW_LINE, *_NOTHING):
            begun.append((at, sign))
        if sign in (*NEW_LINE, HYPHEN) and begun:
            yield _line(page, begun, drawn)
            begun = []
    if begun:
        yield _line(page, begun, drawn)


def _line(page: Any, signs: Sequence[tuple[int, int]], drawn: Sequence[Drawn]) -> Line:
    words = "".join("-" if sign == HYPHEN else chr(sign) for _, sign in signs)
    shown = [(at, chr(sign)) for at, sign in signs if not chr(sign).isspace()]
    if not shown:
        return Line(words)
    left, _, y, _ = _box(page, shown[0][0])
    _, right, _, _ = _box(page, shown[-1][0])
    first = next((at for (at, _), (then, _) in pairwise(shown) if then > at + 1), shown[-1][0])
    if near := pdf_struck.near(drawn, left, right, y):
        boxes = [None if chr(sign).isspace() else _box(page, at) for at, sign in signs]
        words = pdf_struck.marked(words, boxes, near)
    return Line(words, left, right, y, _box(page, first)[1] - left)


def _box(page: Any, at: int) -> Box:
    """Where a letter begins and ends, the height of its line, and that of its top."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(page, at, left, right, bottom, top)
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(page, at, x, y)
    return left.value, right.value, y.value, top.value
