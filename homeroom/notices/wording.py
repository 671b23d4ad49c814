"""From blocks with places to what somebody reads. Filling is pure, so that the same letter is always the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from homeroom.notices.elements import PLACE
from homeroom.notices.models import Content

RULE = "-" * 60
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur", "ku", "sd", "yi"})
OPEN = frozenset({"reader", "children"})  # places that differ from letter to letter


def fill(words: str, values: Mapping[str, Any], leave: frozenset[str] = frozenset()) -> str:
    """Put values into their places; those in `leave` stay open, those without a value become empty.

    >>> fill("{reader}: {providers}", {"providers": ["A", "B"]}, frozenset({"reader"}))
    '{reader}: \\n- A\\n- B'
    """

    def one(found: Any) -> str:
        name = found.group(1)
        return found.group(0) if name in leave else said(values.get(name, ""))

    return PLACE.sub(one, words)


def said(value: Any) -> str:
    """A fact in words: a list becomes lines."""
    if isinstance(value, (list, tuple)):
        return "".join(f"\n- {said(each)}" for each in value)
    return str(value).replace("{", "(").replace("}", ")")  # a brace in a fact must never be taken for a place


def of_letter(fields: Mapping[str, Any]) -> dict[str, str]:
    """The values for the open places of one letter."""
    return {"reader": str(fields.get("reader", "")), "children": ", ".join(fields.get("children", ()))}


def content_hash(
    kind: str, language: str, subject: str, blocks: Sequence[Sequence[str]], enclosed: str = "", beneath: str = ""
) -> str:
    """The name of a content: SHA-256 of everything in it."""
    return digest([kind, language, subject, [list(each) for each in blocks], enclosed, beneath])


def letter_hash(content: str, fields: Mapping[str, Any]) -> str:
    """What was said to whom, in one number."""
    return digest([content, fields])


def digest(value: Any) -> str:
    """SHA-256 of plain values in one fixed spelling."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def paragraphs(content: Content, fields: Mapping[str, Any]) -> list[str]:
    """The filled blocks of one content."""
    values = of_letter(fields)
    return [fill(words, values) for _, words in content.blocks]


def parts(content: Content, fields: Mapping[str, Any]) -> Iterable[tuple[Content, str, list[str]]]:
    """Everything in a letter, in reading order: home language, English beneath, and what is enclosed with each."""
    shown = [content, *([content.beneath] if content.beneath else [])]
    enclosed = [each.enclosed for each in shown if each.enclosed]
    for each in (*shown, *enclosed):
        yield each, fill(each.subject, of_letter(fields)), paragraphs(each, fields)


def text(content: Content, fields: Mapping[str, Any], closing: str = "") -> str:
    """A whole letter as plain text, as an e-mail carries it."""
    said_parts = []
    for _, subject, blocks in parts(content, fields):
        said_parts.append("\n\n".join([subject.upper(), *blocks]))
    body = f"\n\n{RULE}\n\n".join(said_parts)
    return f"{body}\n\n{RULE}\n{closing}\n" if closing else f"{body}\n"


def right_to_left(language: str) -> bool:
    """Whether a language is written from the right.

    >>> right_to_left("ar-SO"), right_to_left("so")
    (True, False)
    """
    return language.partition("-")[0].lower() in RIGHT_TO_LEFT
