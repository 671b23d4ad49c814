"""What the ledger says to people: articles, states and ways of keeping, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from django.utils.translation import gettext as _

from homeroom.ledger.queries import Entry


def by_article(entries: Iterable[Entry]) -> list[tuple[str, list[Entry]]]:
    """The clauses under the titles of their articles, in the policy's order."""
    return [(article(id), list(each)) for id, each in groupby(entries, key=lambda entry: entry.article)]


def article(id: str) -> str:
    """An article by its number and a title of our own."""
    titles = {
        "524": _("The policy itself"),
        "I": _("Purpose of the policy"),
        "II": _("Teaching"),
        "III": _("What access is for"),
        "IV": _("A privilege, and its loss"),
        "V": _("What is not allowed"),
        "VI": _("The filter"),
        "VII": _("Other policies"),
        "VIII": _("Privacy and searches"),
        "IX": _("The use agreement"),
        "X": _("Limits of liability"),
        "XI": _("Notices to users"),
        "XII": _("Parents"),
        "XIII": _("Technology providers"),
        "XIV": _("School-issued devices"),
        "XV": _("Phones"),
        "XVI": _("Screens of the youngest"),
        "XVII": _("Carrying out and reviewing the policy"),
        "REF": _("Laws behind it"),
    }
    return titles[id] if id in ("524", "REF") else f"{id}. {titles[id]}"


def translated() -> str:
    """What a reader in another language must know of the clauses' words."""
    return _(
        "Clauses are told here in a translation to help you read. What binds is the text that the board adopted, in "
        "English."
    )


def states() -> dict[str, str]:
    """The states of a clause."""
    return {
        "kept": _("Kept"),
        "broken": _("Broken"),
        "nothing": _("Nothing to look at yet"),
        "stale": _("Not looked at lately"),
        "open": _("Open"),
    }


def hows() -> dict[str, str]:
    """How a clause is kept."""
    return {
        "gate": _("Looked at on each request"),
        "clock": _("Kept by a deadline"),
        "record": _("People do it, and the proof is kept"),
        "words": _("Shown to everybody"),
        "open": _("Not kept by Homeroom yet"),
    }
