"""What stands behind the dollar of an adblock rule."""

from __future__ import annotations

import re
from typing import NamedTuple

from homeroom.kernel.lists.names import canonical

_comma = re.compile(r"(?<!\\),").split
_type = re.compile(r"[A-Z][A-Z0-9-]{0,19}", re.ASCII).fullmatch
_WHOLE_SITE = frozenset({"all", "document", "doc"})  # whoever blocks the page itself blocks the name
_WHY = {
    "client": "It speaks of single clients; who may reach what is decided by person, not by list.",
    "ctag": "It speaks of kinds of clients; who may reach what is decided by person, not by list.",
    "dnsrewrite": "It answers with other data; only the district's own policy changes answers.",
}


class NotCarriedOut(ValueError):
    """A rule that Homeroom does not carry out; the message says why."""


class Modifiers(NamedTuple):
    """The fields of an `Entry` after `allow`, in the same order."""

    important: bool = False
    cancel: bool = False
    unless: tuple[str, ...] = ()
    qtypes: frozenset[str] = frozenset()
    not_qtypes: frozenset[str] = frozenset()


NONE = Modifiers()


def modifiers(text: str) -> Modifiers:
    """The modifiers of a rule; raises NotCarriedOut or BadName for one that is unknown or odd.

    AdGuard's documentation demands that a rule with an unknown modifier is left out as a whole.

    >>> modifiers("important,dnstype=~a|~aaaa").not_qtypes == {"A", "AAAA"}
    True
    """
    marks = NONE
    for part in _comma(text):
        name, equals, value = part.strip().partition("=")
        if name == "important" and not equals:
            marks = marks._replace(important=True)
        elif name == "badfilter" and not equals:
            marks = marks._replace(cancel=True)
        elif name == "denyallow":
            marks = marks._replace(unless=tuple(sorted(_excepted(value))))
        elif name == "dnstype":
            only, but = _types(value)
            marks = marks._replace(qtypes=only, not_qtypes=but)
        elif name not in _WHOLE_SITE or equals:
            raise NotCarriedOut(
                _WHY.get(name, f"The modifier “{name[:40]}” is none of DNS; browsers use it for parts of pages.")
            )
    return marks


def _excepted(value: str) -> set[str]:
    names = {canonical(name) for name in value.split("|") if name}
    if not names:
        raise NotCarriedOut("Its denyallow names nothing.")
    return names


def _types(value: str) -> tuple[frozenset[str], frozenset[str]]:
    """Types asked for and types left out; where both are named the first alone count, as AdGuard says."""
    names = [name.strip() for name in value.upper().split("|")]
    only = frozenset(name for name in names if not name.startswith("~"))
    but = frozenset(name[1:] for name in names if name.startswith("~"))
    if not all(_type(name) for name in only | but):
        raise NotCarriedOut(f"“{value[:40]}” is not a list of DNS record types.")
    return (only, frozenset()) if only else (frozenset(), but)
