"""Policies as districts hold them, made small: DOCX and PDF files written by hand."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from zipfile import ZIP_DEFLATED, ZipFile

from homeroom.kernel.policytext import outline

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SMALL = """
504 THE SMALL POLICY OF A MADE-UP TOWN

I. PURPOSE

To be short.

II. USES

- A. Users shall not:
 - 1. shout, or
 - 2. run.

III. FILTER

ALTERNATIVE NO. 1

Block some.

ALTERNATIVE NO. 2

Block more.

ALTERNATIVE NO. 3

Block most.
"""
NUMBERING = f"""<?xml version="1.0" encoding="UTF-8"?><w:numbering {W}>
<w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%2."/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>
<w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%4)"/></w:lvl>
</w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>"""


def paragraph(words: str, depth: int | None = None) -> str:
    """A paragraph; `depth` puts it into the numbered list. `words` may be runs already."""
    runs = words if words.startswith("<") else run(words)
    return f"<w:p><w:pPr></w:pPr>{runs}</w:p>" if depth is None else numbered(runs, depth)


def numbered(runs: str, depth: int, marks: str = "") -> str:
    """A paragraph of the numbered list; `marks` are those of its end."""
    number = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="3"/></w:numPr>'
    return f"<w:p><w:pPr>{number}{marks}</w:pPr>{runs}</w:p>"


def run(words: str, strike: bool = False) -> str:
    look = "<w:rPr><w:strike/></w:rPr>" if strike else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{words}</w:t></w:r>'


def docx(*paragraphs: str, head: str = "", numbering: str = NUMBERING, styles: str = "") -> bytes:
    """A DOCX file."""
    start = f'<?xml version="1.0" encoding="UTF-8"?>{head}<w:document {W}><w:body>'
    body = f"{start}{''.join(paragraphs)}</w:body></w:document>"
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", body)
        file.writestr("word/numbering.xml", numbering)
        if styles:
            file.writestr("word/styles.xml", styles)
    return out.getvalue()


def pdf(*lines: str) -> bytes:
    """A PDF of one page; without lines a page as a scanner makes it, without text."""
    return pdf_pages(lines)


def pdf_pages(*pages: Sequence[str]) -> bytes:
    """A PDF of several pages."""
    first = 4  # the catalog, the tree of pages and the letters come before
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Courier>>",
    ]
    for lines in pages:
        stream = _stream(lines)
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 850]/Contents {len(objects) + 2} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>",
            f"<</Length {len(stream.encode())}>>stream\n{stream}\nendstream",
        ]
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj{each}endobj\n".encode()
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{each:010} 00000 n \n".encode() for each in places)
    return out + f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n".encode()


def typeset(*paragraphs: str, look: str = "") -> bytes:
    """A PDF as a word processor makes it: paragraphs, each broken into lines, items moved in by their depth."""
    import typst

    pad = {outline.Level.NUMBER: 20, outline.Level.SMALL: 40, outline.Level.PAREN: 60}
    set_ = []
    for each in paragraphs:
        mark = outline.mark(each)
        set_.append(f"#pad(left: {pad.get(mark.level, 0) if mark else 0}pt)[#{json.dumps(each, ensure_ascii=False)}]")
    return typst.compile("\n\n".join([look, *set_]).encode())


def _stream(lines: Sequence[str]) -> str:
    shown = " ".join(f"({line.replace('(', chr(92) + '(').replace(')', chr(92) + ')')}) Tj T*" for line in lines)
    return f"BT /F1 10 Tf 12 TL 40 800 Td {shown} ET" if lines else "0 0 m 9 9 l S"
