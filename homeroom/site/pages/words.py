"""How values of the domain are said to people, in their language."""

from __future__ import annotations

from django.utils.translation import gettext as _

KINDS = ("statutory", "district", "standing", "safety")


def kinds() -> dict[str, str]:
    """Who stands behind a block."""
    return {
        "statutory": _("Required by law"),
        "district": _("District choice"),
        "standing": _("Standing"),
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
        "guardian": _("Parent or guardian"),
    }
