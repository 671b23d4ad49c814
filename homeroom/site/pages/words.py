"""How values of the domain are said to people, in their language."""

from __future__ import annotations

from django.utils.translation import gettext as _

KINDS = ("statutory", "district", "standing", "safety")


def kinds() -> dict[str, str]:
    """Who stands behind a block."""
    return {
        "statutory": _("Required by law"),
        "district": _("District’s choice"),
        "standing": _("Access closed"),
        "safety": _("Network safety"),
    }


def roles() -> dict[str, str]:
    """What somebody is in the district."""
    return {
        "student": _("Student"),
        "teacher": _("Teacher"),
        "clerk": _("Clerk"),
        "building_administrator": _("Building administrator"),
        "technology_director": _("Technology director"),
        "superintendent": _("Superintendent"),
        "board_clerk": _("Board clerk"),
        "employee": _("Employee"),
        "guardian": _("Parent or guardian"),
    }


def audiences() -> dict[str, str]:
    """For whom a filter profile is made."""
    return {"student": _("Students"), "adult": _("Adults"), "unknown": _("Unknown")}


def youtube() -> dict[str, str]:
    """How video sites answer an audience."""
    return {"off": _("as it is"), "moderate": _("moderate"), "strict": _("strict")}


def effects() -> dict[str, str]:
    """What a rule does."""
    return {"block": _("Blocks"), "allow": _("Allows"), "correct": _("Corrects a list")}


def verdicts() -> dict[str, str]:
    """What somebody is answered."""
    return {"allow": _("Open"), "block": _("Blocked"), "rewrite": _("Safe form")}


def answers() -> dict[str, str]:
    """What a review request was answered."""
    return {"allow": _("Opened"), "correct": _("The list was wrong"), "keep": _("Stays blocked")}


def version_states() -> dict[str, str]:
    """Where a version of a list stands."""
    return {
        "fetched": _("Fetched, not read yet"),
        "checked": _("Checked, goes live with the next build"),
        "held": _("Held for a person"),
        "live": _("Live"),
        "replaced": _("Replaced"),
        "refused": _("Refused"),
    }
