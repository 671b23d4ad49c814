"""The clauses in Homeroom's own words, in the reader's language; what binds is the adopted text, in its own."""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

from homeroom.base.speech import WRITTEN_IN, language

LOCALE = Path(__file__).with_name("locale")
DOMAIN = "clauses"  # apart from the words of pages: these stand in data, where no tool collects them


def said(words: str) -> tuple[str, str]:
    """Words of the catalogue or of a claim in the reader's language, and the language that they are in.

    What nobody has translated yet is said in English, and is marked so for those who hear the page.
    """
    reader = language()
    if reader == WRITTEN_IN or not words:
        return words, reader
    told = _translations(reader).gettext(words)
    return told, WRITTEN_IN if told == words else reader


def everything_said(words: str) -> str:
    """Words as they are written and as the reader's language has them, for looking something up."""
    told, _ = said(words)
    return words if told == words else f"{words} {told}"


def elsewhere() -> bool:
    """Whether the page is in another language than the one in which clauses are written."""
    return language() != WRITTEN_IN


@cache
def _translations(reader: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALE, [reader], fallback=True)
