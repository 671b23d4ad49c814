"""VI.Alt3.C: why a name is open or blocked, in a sentence of the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from homeroom.base import speech
from homeroom.filtering import titles
from homeroom.kernel.decision import reasons
from homeroom.kernel.decision.decision import Decision, Kind


def reason(decision: Decision) -> str:
    """The reason of a decision; "" in English, where the decision's own words say it, with each name in them."""
    language = speech.language()
    if language == speech.WRITTEN_IN:
        return ""
    if decision.step == "standing":
        return " ".join(reasons.sentence(code, language) for _clause, code in getattr(decision, "missing", ()))
    # What somebody of the district wrote as the reason of a rule stays as they wrote it.
    words = {"title": titles.title(decision.category), "words": decision.reason.partition(": ")[2]}
    return _sentences(decision).get(decision.step, "") % words


def _sentences(decision: Decision) -> dict[str, str]:
    return {
        "canary": _("Devices ask by this name whether the network filters; it does."),
        "statutory": (
            _("The law requires this block: it is listed as “%(title)s”.")
            if decision.kind is Kind.STATUTORY
            else _("The adopted policy requires this block: it is listed as “%(title)s”.")
        ),
        "local_block": _("A rule of the district blocks it: %(words)s"),
        "district_category": _("The district chose to block “%(title)s” for this group, and it is listed there."),
        "safe_search": _("It answers in its locked, safe form."),
        "local_allow": _("A rule of the district allows it: %(words)s"),
        "otherwise": _otherwise(decision.category),
    }


def _otherwise(category: str) -> str:
    if category == "not-named":
        return _("For this group only what a rule names is open, and no rule names this.")
    if category == "list-correction":
        return _("A list has it, but that listing is corrected: %(words)s")
    return _("No list and no rule blocks it.")
