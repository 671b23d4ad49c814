"""From the bytes of a file to the lines of a policy: plain text, Markdown, DOCX or PDF."""

from __future__ import annotations

import io
from dataclasses import dataclass

from homeroom.base.errors import Refused
from homeroom.board import docx

MOST_BYTES = 20_000_000  # of a file; the model policy has 60,000
MOST_LINES = 20_000
MOST_PAGES = 500
NO_EMPTY_LINES = (
    "A PDF has no empty lines, so a paragraph below a list was taken for the end of the list's last item; "
    "look at these, or give the policy as DOCX."
)


@dataclass(frozen=True, slots=True)
class Read:
    """The lines, and in sentences what a person should know about how they were read."""

    lines: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def read_file(data: bytes) -> Read:
    """The lines of a file, whose kind its first bytes tell. Raises Refused where it holds no text that can be read."""
    if len(data) > MOST_BYTES:
        raise Refused(f"The file has more than {MOST_BYTES // 1_000_000} MB. Give the policy alone, without pictures.")
    if data.startswith(b"%PDF"):
        read = _pdf(data)
    elif data.startswith(b"PK\x03\x04"):
        read = Read(*docx.read(data))
    else:
        read = _text(data)
    if len(read.lines) > MOST_LINES:
        raise Refused(f"The file has more than {MOST_LINES} lines. Give the policy alone.")
    if not any(line.strip() for line in read.lines):
        raise Refused("The file holds no words. Give the policy as text, Markdown, DOCX or PDF.")
    return read


def _text(data: bytes) -> Read:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Read(tuple(data.decode("utf-16", errors="replace").splitlines()))
    if b"\x00" in data:
        raise Refused("This is neither text nor Markdown, DOCX or PDF. Save the policy as one of these.")
    try:
        return Read(tuple(data.decode("utf-8-sig").splitlines()))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        said = (
            f"Line {line} is not UTF-8, so the file was read as Windows text (cp1252); look at its quotes and dashes."
        )
        return Read(tuple(data.decode("cp1252", errors="replace").splitlines()), (said,))


def _pdf(data: bytes) -> Read:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("The PDF is locked with a password. Save it without one.")
        if len(reader.pages) > MOST_PAGES:
            raise Refused(f"The PDF has more than {MOST_PAGES} pages. Give the policy alone.")
        pages = [page.extract_text() for page in reader.pages]
    except Refused:
        raise
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError) as error:
        raise Refused(f"The PDF is damaged ({type(error).__name__}). Save it anew, or as DOCX or text.") from error
    empty = [str(number) for number, page in enumerate(pages, 1) if not page.strip()]
    if len(empty) == len(pages):
        raise Refused(
            "The PDF holds pictures of pages and no text, as a scanner makes them. "
            "Run text recognition over it, or give the policy as DOCX or text."
        )
    remarks = [NO_EMPTY_LINES]
    remarks += [f"Page {page} of the PDF holds no text; look whether it is a picture of words." for page in empty]
    return Read(tuple(line for page in pages for line in page.splitlines()), tuple(remarks))
