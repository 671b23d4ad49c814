"""An entry as one line of a spill file, made so that sorting the lines brings together what belongs together.

    key TAB identity TAB line TAB template

Two records of the same key and identity say the same thing; the first line of a list wins. The
"!" of a $badfilter sorts before every line number and so meets the others first.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from homeroom.kernel.lists.entry import Entry, How
from homeroom.kernel.lists.table_shapes import Shape

_CODES = {How.SUFFIX: "s", How.EXACT: "e", How.SUB: "b", How.URL: "u", How.NET: "n", How.REGEX: "r"}
_HOWS = {code: how for how, code in _CODES.items()}
_HERE = "\0"
_BARE = f"={_HERE}"
LONGEST_FRAME = 64

URLS_HERE_IDENTITY = "----"
URLS_HERE_RECORD = f"{URLS_HERE_IDENTITY}\t0\t="  # a record of no list: some list holds URLs of this host


def identity_of(slot: int, entry: Entry, pattern: str, key: str) -> str:
    """What makes two entries of one key the same: slot, how, flags and conditions, but not line and text."""
    identity = _plain_identity(slot, entry.how, entry.allow, entry.important)
    cut = pattern if entry.how is How.URL and pattern != key else ""
    if cut or entry.unless or entry.qtypes or entry.not_qtypes:
        identity += _json(_conditions(entry, cut))
    return identity


def record_of(key: str, identity: str, pattern: str, entry: Entry) -> str:
    """The entry as one line, with its line end."""
    mark = "!" if entry.cancel else ""
    return f"{key}\t{identity}\t{mark}{entry.line:08x}\t{template_of(entry.text, _shown(pattern))}\n"


def template_of(text: str, pattern: str) -> str:
    """A text with its pattern taken out, where it holds it; otherwise the text itself.

    >>> template_of("||ex.test^", "ex.test"), template_of("Ex.test", "ex.test")
    ('=||\\x00^', '"Ex.test"')
    """
    if text == pattern:
        return _BARE
    before, found, after = text.partition(pattern)
    if not found or len(before) + len(after) > LONGEST_FRAME:
        return _json(text)
    if before.isprintable() and after.isprintable():
        return f"={before}{_HERE}{after}"
    return _json([before, after])


def shape_of(identity: str, template: str) -> Shape:
    """The shape of a record."""
    flags = int(identity[5])
    conditional = len(identity) > 6
    before, after = _frame(template)
    return Shape(
        int(identity[:4], 16), _HOWS[identity[4]], bool(flags & 1), bool(flags & 2), conditional, before, after
    )


def more_of(identity: str) -> dict[str, Any]:
    """The conditions that an identity holds, and its pattern where that is not its key."""
    more: dict[str, Any] = json.loads(identity[6:]) if len(identity) > 6 else {}
    return more


def text_of(template: str, pattern: str) -> str:
    """The text that a template was made of; inverse of `template_of`."""
    before, after = _frame(template)
    return str(json.loads(template)) if before is None else before + _shown(pattern) + after


def row_of(shape: Shape, pattern: str, line: int, more: dict[str, Any]) -> tuple[int, Entry]:
    """The slot and entry that a row stands for."""
    pattern = more.get("pattern", pattern)
    before = shape.before
    return shape.slot, Entry(
        pattern=pattern,
        how=shape.how,
        line=line,
        text=more["text"] if before is None else before + _shown(pattern) + shape.after,
        allow=shape.allow,
        important=shape.important,
        unless=tuple(more.get("unless", ())),
        qtypes=frozenset(more.get("qtypes", ())),
        not_qtypes=frozenset(more.get("not_qtypes", ())),
    )


@cache
def _plain_identity(slot: int, how: How, allow: bool, important: bool) -> str:
    return f"{slot:04x}{_CODES[how]}{allow + 2 * important}"


def _conditions(entry: Entry, pattern: str) -> dict[str, Any]:
    said = {
        "pattern": pattern,
        "unless": list(entry.unless),
        "qtypes": sorted(entry.qtypes),
        "not_qtypes": sorted(entry.not_qtypes),
    }
    return {name: value for name, value in said.items() if value}


def _shown(pattern: str) -> str:
    """A pattern as lines write it: single addresses without their prefix length."""
    return pattern.removesuffix("/32").removesuffix("/128") if "/" in pattern else pattern


def _frame(template: str) -> tuple[str | None, str]:
    if template.startswith("="):
        before, _, after = template[1:].partition(_HERE)
        return before, after
    if template.startswith("["):
        before, after = json.loads(template)
        return before, after
    return None, ""


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True)
