"""The words of a DOCX file (ISO/IEC 29500, WordprocessingML): a line for each paragraph, its number before it."""

from __future__ import annotations

import io
import zlib
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, fromstring
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _

from homeroom.base.errors import Refused
from homeroom.board.numbering import Numbering
from homeroom.kernel.policytext import findings
from homeroom.kernel.policytext.clauses import Finding

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"  # the same words, saved as “Strict Open XML”
DOCUMENT, NUMBERS, STYLES = "word/document.xml", "word/numbering.xml", "word/styles.xml"
MOST_XML = 30_000_000  # bytes of one part once unpacked
GONE = (f"{W}del", f"{W}moveFrom")
SHORT = 120  # letters of a heading


def read(data: bytes) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Lines and remarks. Tracked deletions are left out and counted, insertions kept; raises Refused."""
    try:
        with ZipFile(io.BytesIO(data)) as file:
            if DOCUMENT not in file.namelist():
                raise Refused(_("This ZIP file is no DOCX: it has no word/document.xml. Save the policy as DOCX."))
            document = _part(file, DOCUMENT)
            numbers = Numbering(*(_part(file, name) if name in file.namelist() else None for name in (NUMBERS, STYLES)))
    except (BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise Refused(_("The DOCX file is damaged. Open it and save it anew.")) from error
    tracked: Counter[str] = Counter()
    lines: list[str] = []
    before = ""  # what a deleted end of a paragraph leaves to the next one
    for paragraph in document.iter(f"{W}p"):
        known = tracked["deleted"]
        before += "".join(_words(paragraph, tracked))
        if _ends(paragraph):
            lines += [_line(paragraph, before, numbers), ""]
            before = ""
        elif tracked["deleted"] == known:
            tracked["deleted"] += 1
    return (*lines, " ".join(before.split())), tuple(_remarks(tracked))


def _ends(paragraph: Element) -> bool:
    """Whether a paragraph's end stands; a tracked deletion of it joins the next one, and it has no number."""
    marks = paragraph.find(f"{W}pPr/{W}rPr")
    return marks is None or all(marks.find(tag) is None for tag in GONE)


def _part(file: ZipFile, name: str) -> Element:
    with file.open(name) as part:
        raw = part.read(MOST_XML + 1)
    if len(raw) > MOST_XML:
        raise Refused(
            _("%(name)s unpacks to more than %(most)s MB; that is no policy.")
            % {"name": name, "most": MOST_XML // 1_000_000}
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(_("%(name)s is not UTF-8. Open the DOCX and save it anew.") % {"name": name}) from error
    # Entities are how a small file becomes endless; Word never writes a DOCTYPE.
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Refused(
            _("%(name)s declares a DOCTYPE, which no word processor writes. Save the policy anew as DOCX.")
            % {"name": name}
        )
    try:
        return fromstring(text.replace(STRICT, W[1:-1]))  # noqa: S314 - no DOCTYPE, so no entities to expand
    except (ParseError, RecursionError) as error:
        raise Refused(
            _("%(name)s cannot be read (%(error)s). Open the DOCX and save it anew.") % {"name": name, "error": error}
        ) from error


def _line(paragraph: Element, words: str, numbers: Numbering) -> str:
    number = numbers.of(paragraph)
    words = " ".join(words.split())
    if not words:
        return ""
    if number and number.article and len(words) <= SHORT:
        words = words.upper()
    return f"{number.text} {words}" if number and number.text else words


def _words(node: Element, tracked: Counter[str]) -> Iterator[str]:
    for each in node:
        if each.tag in GONE:
            tracked["deleted"] += 1
        elif each.tag == f"{W}r":
            yield _run(each)
        elif each.tag not in (f"{W}p", f"{W}pPr"):  # a paragraph in a text box gets a line of its own
            tracked["inserted"] += each.tag == f"{W}ins" and len(each) > 0
            yield from _words(each, tracked)


def _run(run: Element) -> str:
    words = ""
    for each in run:
        if each.tag == f"{W}t":
            words += each.text or ""
        elif each.tag in (f"{W}tab", f"{W}br", f"{W}cr"):
            words += " "
        elif each.tag == f"{W}noBreakHyphen":
            words += "-"
    struck = run.find(f"{W}rPr/{W}strike")
    if words.strip() and struck is not None and struck.get(f"{W}val", "1") not in ("0", "false"):
        return f"~~{words}~~"
    return words


def _remarks(tracked: Counter[str]) -> Iterator[Finding]:
    if tracked["deleted"]:
        yield Finding(0, findings.DELETIONS, {"count": tracked["deleted"]})
    if tracked["inserted"]:
        yield Finding(0, findings.INSERTIONS, {"count": tracked["inserted"]})
