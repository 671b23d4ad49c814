"""Acts about who belongs to the district, and the rosters that say so."""

from __future__ import annotations

from django.utils.translation import gettext as _


def of_people() -> dict[str, str]:
    """Acts about who belongs to the district, and the rosters that say so."""
    return {
        "people.classes.added": _("added classes"),
        "people.district.set-up": _("set up the district"),
        "people.enrolment.ended": _("took somebody out of a class"),
        "people.enrolments.added": _("put people into classes"),
        "people.guardians.added": _("wrote down who belongs to a child"),
        "people.addresses.added": _("wrote down where people get letters"),
        "people.persons.added": _("added people"),
        "people.role.ended": _("ended a role"),
        "people.roles.added": _("added roles"),
        "people.roles.given": _("gave a role"),
        "people.roster.loaded": _("took in a roster"),
        "people.school.added": _("added a school"),
        "people.schools.added": _("added schools"),
        "roster.asked": _("handed in a roster"),
        "roster.confirmed": _("confirmed what a roster changes"),
        "roster.connection.added": _("connected a roster service"),
        "roster.connection.ended": _("disconnected a roster service"),
        "roster.let_go": _("decided not to take in a roster"),
        "roster.mapped": _("said what the columns of a roster mean"),
    }
