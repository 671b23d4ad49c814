"""How reasons, parts and states are said to people, in their language."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeroom.base import speech
from homeroom.kernel.decision import reasons
from homeroom.kernel.decision.standing import Standing


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why the network is closed, as a page shows it."""

    clause: str
    sentence: str
    step: str


def reasons_of(standing: Standing, *, of_another: bool = False) -> list[Reason]:
    """Every reason in the language of the page; `of_another`: as much of it as a teacher needs about a student."""
    language = speech.language()
    codes = [(each.clause, reasons.for_others(each.code) if of_another else each.code) for each in standing.missing]
    return [Reason(clause, reasons.sentence(code, language), reasons.step(code, language)) for clause, code in codes]


def parts() -> dict[str, str]:
    """In which part somebody signs."""
    return {
        "student": _("Student"),
        "parent": _("Parent or guardian"),
        "teacher": _("Supervising teacher"),
        "employee": _("Employee"),
    }


def alternative_states() -> dict[str, str]:
    """How far a request for other activities is."""
    return {
        "requested": _("Waits for the teacher’s plan"),
        "explained": _("Explained in writing"),
        "offered": _("Waits for the parent’s answer"),
        "accepted": _("Accepted"),
        "disputed": _("The parent wants something else"),
        "in_effect": _("In effect"),
        "ended": _("Ended"),
    }


def scopes() -> dict[str, str]:
    """How much of the Internet other activities replace."""
    return {
        "all": _("All use of the Internet"),
        "tools": _("Some tools"),
        "assignments": _("Some assignments"),
    }
