"""Markdown as plain data that a template can set: headings, paragraphs, lists; nothing that leads elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

_READER = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline"])


def of(markdown: str) -> list[dict[str, Any]]:
    """What a text in Markdown says, block by block.

    >>> of("# Hello\\n\\nBe *kind*.\\n\\n- one\\n- two")[:2]
    [{'kind': 'heading', 'level': 1, 'spans': [['Hello', '']]}, \
{'kind': 'text', 'spans': [['Be ', ''], ['kind', 'em'], ['.', '']]}]
    """
    return list(_without_skips(_blocks(iter(_READER.parse(markdown)))))


def plain(text: str) -> list[dict[str, Any]]:
    """A text of paragraphs, where a line that begins with "# " is a heading and with "- " a point, word for word.

    >>> plain("# Hello\\n\\nBe *kind*,\\nalways.\\n- one\\n- two")[1:]
    [{'kind': 'text', 'spans': [['Be *kind*, always.', '']]}, {'kind': 'bullet', 'items': \
[[{'kind': 'text', 'spans': [['one', '']]}], [{'kind': 'text', 'spans': [['two', '']]}]]}]
    """
    found: list[dict[str, Any]] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        said = line.strip()
        last = found[-1] if found else {"kind": "gap"}
        if said.startswith("# "):
            found.append({"kind": "heading", "level": 1, "spans": [[said[2:].strip(), ""]]})
        elif said.startswith("- "):
            if last["kind"] != "bullet":
                last = {"kind": "bullet", "items": []}
                found.append(last)
            last["items"].append([_text(said[2:].strip())])
        elif not said:
            found.append({"kind": "gap"})
        elif last["kind"] == "text":
            last["spans"][0][0] += f" {said}"
        elif last["kind"] == "bullet":
            last["items"][-1][0]["spans"][0][0] += f" {said}"
        else:
            found.append(_text(said))
    return [each for each in found if each["kind"] != "gap"]


def _text(said: str) -> dict[str, Any]:
    return {"kind": "text", "spans": [[said, ""]]}


def _without_skips(blocks: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """PDF/UA wants headings without gaps, as an outline has them, whatever a writer chose: 2, 4, 2 becomes 1, 2, 1."""
    open_levels: list[int] = []
    for block in blocks:
        if block["kind"] == "heading":
            while open_levels and open_levels[-1] >= block["level"]:
                open_levels.pop()
            open_levels.append(block["level"])
            block["level"] = len(open_levels)
        yield block


def _blocks(tokens: Iterator[Token], until: str = "") -> Iterator[dict[str, Any]]:
    for token in tokens:
        if token.type == until:
            return
        if token.type == "heading_open":
            yield {"kind": "heading", "level": int(token.tag[1:]), "spans": _spans(next(tokens))}
        elif token.type == "inline":
            yield {"kind": "text", "spans": _spans(token)}
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            kind = token.type.removesuffix("_list_open")
            yield {"kind": kind, "items": list(_items(tokens, token.type.replace("open", "close")))}
        elif token.type in ("fence", "code_block"):
            yield {"kind": "text", "spans": [[token.content, ""]]}
        elif token.type == "blockquote_open":
            yield {"kind": "quote", "body": [_no_heading(each) for each in _blocks(tokens, "blockquote_close")]}


def _items(tokens: Iterator[Token], until: str) -> Iterator[list[dict[str, Any]]]:
    for token in tokens:
        if token.type == until:
            return
        if token.type == "list_item_open":
            yield [_no_heading(each) for each in _blocks(tokens, "list_item_close")]


def _no_heading(block: dict[str, Any]) -> dict[str, Any]:
    """A heading inside a list or a quotation heads nothing."""
    return {"kind": "text", "spans": block["spans"]} if block["kind"] == "heading" else block


def _spans(token: Token) -> list[list[str]]:
    """Pieces of text, each with how it is said: "", "em" or "strong". A link is its words and its address."""
    spans: list[list[str]] = []
    how, address = [""], ""
    for each in token.children or ():
        if each.type in ("em_open", "strong_open"):
            how.append(each.type.removesuffix("_open"))
        elif each.type in ("em_close", "strong_close"):
            how.pop()
        elif each.type == "link_open":
            address = str(each.attrs.get("href", ""))
        elif each.type == "link_close":
            spans.append([f" ({address})", how[-1]])
        elif each.type in ("softbreak", "hardbreak"):
            spans.append([" " if each.type == "softbreak" else "\n", how[-1]])
        elif each.content:
            spans.append([each.content, how[-1]])
    return spans
