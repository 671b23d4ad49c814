"""Whether a PDF can be read by people who do not see it: the structure that PDF/UA-1 (ISO 14289-1) asks for.

`faults` opens a file as a reader does, walks its structure tree and every page's content, and says in sentences what
is wrong; an empty list is a file that passes. What only a person can judge (are the words right?) is not looked at.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pikepdf
import pypdfium2

SHOWS = {"Tj", "TJ", "'", '"', "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "EI"}
STANDARD = {
    "Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct", "Private",
    "P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead",
    "TBody", "TFoot", "Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Figure", "Formula",
    "Form", "Ruby", "RB", "RT", "RP", "Warichu", "WT", "WP",
}  # fmt: skip
INSIDE = {
    "TR": {"Table", "THead", "TBody", "TFoot"}, "TH": {"TR"}, "TD": {"TR"}, "THead": {"Table"}, "TBody": {"Table"},
    "TFoot": {"Table"}, "LI": {"L"}, "LBody": {"LI"}, "TOCI": {"TOC"},
}  # fmt: skip


def faults(data: bytes) -> list[str]:
    """What keeps this file from being read by everybody."""
    found = list(_opens(data))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found += [f"qpdf: {problem}" for problem in pdf.check_pdf_syntax()]
        found += _document(pdf)
        root = pdf.Root.get("/StructTreeRoot")
        if root is None:
            return [*found, "It has no structure tree."]
        tree = list(_walk(root, _roles(root), ()))
        found += [*_roles_are_known(tree), *_order_of_headings(tree), *_places(tree), *_tables(tree), *_pictures(tree)]
        found += [*_pages(pdf, tree), *_fonts(pdf)]
    return found


def headings(data: bytes) -> list[str]:
    """The headings as a reader announces them: "H1", "H2" and so on, in order."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        root = pdf.Root.StructTreeRoot
        return [role for role, _, _ in _walk(root, _roles(root), ()) if role[0] == "H" and role[1:].isdigit()]


def _opens(data: bytes) -> Iterator[str]:
    reader = pypdfium2.PdfDocument(data)
    if len(reader) == 0:
        yield "It has no pages."
    for number, page in enumerate(reader, 1):
        if not page.get_textpage().get_text_range().strip():
            yield f"Page {number} has no words."
    reader.close()


def _document(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    if not root.get("/MarkInfo", {}).get("/Marked", False):
        yield "It does not say that its content is marked."
    if not str(root.get("/Lang", "")):
        yield "It does not say in which language it is."
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
        yield "A reader would show the file's name in place of its title."
    with pdf.open_metadata() as told:
        if str(told.get("pdfuaid:part", "")) != "1":
            yield "It does not say that it is PDF/UA-1."
        if not str(told.get("dc:title", "")).strip():
            yield "It has no title."


def _roles(root: Any) -> dict[str, str]:
    return {str(key): str(value)[1:] for key, value in dict(root.get("/RoleMap", {})).items()}


Row = tuple[str, Any, tuple[str, ...]]


def _walk(node: Any, mapped: dict[str, str], above: tuple[str, ...]) -> Iterator[Row]:
    """Each structure element with its role and the roles above it, in reading order."""
    if isinstance(node, pikepdf.Array):
        for each in node:
            yield from _walk(each, mapped, above)
    elif isinstance(node, pikepdf.Dictionary) and node.get("/Type") not in ("/MCR", "/OBJR"):
        role = str(node.get("/S", ""))
        if role:
            role = mapped.get(role, role[1:])
            yield role, node, above
        if "/K" in node:
            yield from _walk(node["/K"], mapped, (*above, role) if role else above)


def _roles_are_known(tree: list[Row]) -> Iterator[str]:
    yield from sorted({f"No reader knows the role “{role}”." for role, _, _ in tree if role not in STANDARD})


def _order_of_headings(tree: list[Row]) -> Iterator[str]:
    levels = [int(role[1]) for role, _, _ in tree if len(role) == 2 and role[0] == "H" and role[1].isdigit()]
    if not levels or levels[0] != 1 or levels.count(1) != 1:
        yield f"It has not one first heading, but: {levels[:5]}."
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"A heading of level {after} follows one of level {before}."


def _places(tree: list[Row]) -> Iterator[str]:
    for role, _, above in tree:
        if role in INSIDE and (not above or above[-1] not in INSIDE[role]):
            yield f"{role} stands in {above[-1] if above else 'nothing'}."


def _tables(tree: list[Row]) -> Iterator[str]:
    for number, (role, _, _) in enumerate(tree):
        if role != "Table":
            continue
        rows = [each for each in _below(tree, number) if each[0] == "TR"]
        widths = {sum(_span(cell) for kind, cell in _children(row) if kind in ("/TH", "/TD")) for _, row, _ in rows}
        if len(widths) != 1:
            yield f"The rows of a table have {sorted(widths)} cells."
        heads = [cell for _, row, _ in rows for kind, cell in _children(row) if kind == "/TH"]
        if not heads:
            yield "A table has no head cells."
        if any(_attribute(cell, "/Scope") is None for cell in heads):
            yield "A head cell does not say for what it is the head."


def _below(tree: list[Row], number: int) -> Iterator[Row]:
    depth = len(tree[number][2])
    for each in tree[number + 1 :]:
        if len(each[2]) <= depth:
            return
        yield each


def _children(node: Any) -> list[tuple[str, Any]]:
    inside = node.get("/K")
    every = list(inside) if isinstance(inside, pikepdf.Array) else [inside]
    return [(str(each.get("/S", "")), each) for each in every if isinstance(each, pikepdf.Dictionary)]


def _attribute(node: Any, key: str) -> Any:
    told = node.get("/A")
    every = list(told) if isinstance(told, pikepdf.Array) else [told]
    return next((each[key] for each in every if isinstance(each, pikepdf.Dictionary) and key in each), None)


def _span(cell: Any) -> int:
    return int(_attribute(cell, "/ColSpan") or 1)


def _pictures(tree: list[Row]) -> Iterator[str]:
    for role, node, _ in tree:
        if role in ("Figure", "Formula") and not str(node.get("/Alt", node.get("/ActualText", ""))).strip():
            yield f"A {role.lower()} says nothing to whoever does not see it."


def _pages(pdf: pikepdf.Pdf, tree: list[Row]) -> Iterator[str]:
    known = {node.objgen for _, node, _ in tree}
    parents = dict(_numbers(pdf.Root.StructTreeRoot.get("/ParentTree")))
    for number, page in enumerate(pdf.pages, 1):
        if page.obj.get("/Tabs") != "/S":
            yield f"On page {number} the tabulator does not follow the structure."
        marked, loose = _marks(page)
        if loose:
            yield f"Page {number} shows {loose} pieces that are neither in the structure nor decoration."
        owners = parents.get(int(page.obj.get("/StructParents", -1)))
        for mark in marked:
            owner = owners[mark] if owners is not None and mark < len(owners) else None
            if owner is None or owner.objgen not in known:
                yield f"Piece {mark} of page {number} belongs to no element of the structure."
        for each in page.obj.get("/Annots", ()):
            if int(each.get("/StructParent", -1)) not in parents:
                yield f"A link of page {number} is not in the structure."
            if each.get("/Subtype") == "/Link" and not str(each.get("/Contents", "")).strip():
                yield f"A link of page {number} does not say where it leads."


def _numbers(node: Any) -> Iterator[tuple[int, Any]]:
    if node is None:
        return
    pairs = list(node.get("/Nums", ()))
    yield from ((int(key), value) for key, value in zip(pairs[::2], pairs[1::2], strict=True))
    for each in node.get("/Kids", ()):
        yield from _numbers(each)


def _marks(page: pikepdf.Page) -> tuple[list[int], int]:
    """The numbers of the marked pieces of a page, and how much it shows outside of any and of decoration."""
    open_: list[bool] = []
    marked: list[int] = []
    loose = 0
    for operands, operator in pikepdf.parse_content_stream(page):
        sign = str(operator)
        if sign in ("BMC", "BDC"):
            told = operands[1] if len(operands) > 1 else None
            number = told.get("/MCID") if isinstance(told, pikepdf.Dictionary) else None
            if number is not None:
                marked.append(int(number))
            open_.append(number is not None or str(operands[0]) == "/Artifact")
        elif sign == "EMC":
            open_.pop()
        elif sign in SHOWS and not any(open_):
            loose += 1
    return marked, loose


def _fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    for each in pdf.objects:
        if not isinstance(each, pikepdf.Dictionary) or each.get("/Type") != "/Font":
            continue
        if each.get("/Subtype") == "/Type0" and "/ToUnicode" not in each:
            yield f"The letters of {each.get('/BaseFont')} cannot be turned into text."
        told = each.get("/FontDescriptor")
        if told is not None and not {"/FontFile", "/FontFile2", "/FontFile3"} & set(told.keys()):
            yield f"The font {each.get('/BaseFont')} is not in the file."
