"""XI.B, XII.B, XIII.C, XIV.D.2: looks whether a template says what it must, block by block."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeroom.notices.kinds import CLOSING, OPENING, Element, Kind, places

PLACE = re.compile(r"\{([^{}]*)\}")
FEWEST_LETTERS = 20  # fewer cannot say anything; scripts without spaces between words count the same


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one block: its element, and a sentence."""

    element: str
    sentence: str


def faults(kind: Kind, blocks: Mapping[str, str]) -> list[Fault]:
    """Everything that keeps these words from being approved, in the order of the elements."""
    found = [fault for element in kind.elements for fault in _of_element(element, blocks.get(element.id, ""))]
    for name, words in blocks.items():
        found += _of_words(kind, name, words)
    known = {OPENING, CLOSING, *(element.id for element in kind.elements)}
    found += [
        Fault(name, _("There is no element %(name)s in this kind of notice.") % {"name": name})
        for name in blocks
        if name not in known
    ]
    return found


def order(kind: Kind, blocks: Mapping[str, str]) -> list[list[str]]:
    """The blocks that have words, as they are read: [[element, words], …]."""
    names = (OPENING, *(element.id for element in kind.elements), CLOSING)
    return [[name, blocks[name].strip()] for name in names if blocks.get(name, "").strip()]


def _of_element(element: Element, words: str) -> list[Fault]:
    if not words.strip():
        return [Fault(element.id, _("%(id)s is missing: %(title)s.") % {"id": element.id, "title": element.title})]
    if sum(each.isalpha() for each in words) < FEWEST_LETTERS:
        return [
            Fault(
                element.id,
                _("%(id)s says too little to be a notice: %(title)s.") % {"id": element.id, "title": element.title},
            )
        ]
    lacking = [place for place in element.places if f"{{{place}}}" not in words]
    return [
        Fault(element.id, _("%(id)s must hold {%(place)s}.") % {"id": element.id, "place": place}) for place in lacking
    ]


def _of_words(kind: Kind, name: str, words: str) -> list[Fault]:
    known = places(kind)
    odd = [each for each in PLACE.findall(words) if each not in known]
    found = [
        Fault(
            name, _("%(name)s names a place {%(place)s} that this kind does not have.") % {"name": name, "place": each}
        )
        for each in odd
    ]
    if PLACE.sub("", words).count("{") or PLACE.sub("", words).count("}"):
        found.append(
            Fault(name, _("%(name)s has a brace without its partner; places are written {reader}.") % {"name": name})
        )
    return found
