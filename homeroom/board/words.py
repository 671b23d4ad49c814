"""How the board's values are said to people, in their language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from homeroom.base.speech import WRITTEN_IN, language


def groups() -> dict[str, str]:
    """What kinds of numbers there are."""
    return {
        "clock": _("Clocks"),
        "law": _("Law"),
        "filter": _("Filter"),
        "retention": _("How long records are kept"),
    }


def marks() -> dict[str, str]:
    """How a source was read."""
    return {
        "S": _("read in the policy"),
        "L": _("read in a public copy of the law"),
        "M": _("general knowledge; counsel should confirm it"),
        "D": _("the district’s or Homeroom’s choice"),
    }


def finding(kept: dict[str, Any]) -> tuple[str, str]:
    """524.title-note: what is odd about a text, and the language that it is said in; old ones are kept in English."""
    words = kept.get("words", "")
    told = _(words) if words else ""
    if told == words:
        return kept["sentence"], WRITTEN_IN
    return told % kept["values"], language()
