"""How requests are said to people, in their language."""

from __future__ import annotations

from django.utils.translation import gettext as _


def wants() -> dict[str, str]:
    """What may be asked for."""
    return {
        "files": _("Files on school accounts and devices"),
        "email": _("School e-mail"),
        "filter": _("What the filter blocked"),
        "accounts": _("Which accounts the school gave"),
        "records": _("Agreements, notices and looks into devices"),
    }


def parts() -> dict[str, tuple[str, str]]:
    """What became of one thing, and its tone."""
    return {
        "given": (_("Shown"), "good"),
        "nothing": (_("There is nothing"), "info"),
        "withheld": (_("Kept back by law"), "warn"),
    }


def outcomes() -> dict[str, tuple[str, str]]:
    """How a request ended, and its tone."""
    return {
        "": (_("Open"), "info"),
        "given": (_("Shown"), "good"),
        "partly": (_("Partly kept back by law"), "warn"),
        "refused": (_("Refused by law"), "bad"),
    }


def cautions() -> dict[str, str]:
    """What an official must look at first."""
    return {
        "order": _("A court order or a word about custody is on file for this parent. Read it first."),
        "of-age": _("The student is of age, so the right is the student’s. A parent needs the student’s written word."),
        "no-parent": _("Whoever asks is no parent of this student by what is on record."),
    }


def bases() -> dict[str, str]:
    """What an authority's request rests on."""
    return {
        "warrant": _("A judge’s warrant"),
        "order": _("A court order"),
        "subpoena": _("A subpoena"),
        "emergency": _("A threat to life or safety right now"),
        "consent": _("Written consent"),
        "law": _("A law that demands or allows it"),
        "none": _("Nothing yet"),
    }


def answers() -> dict[str, tuple[str, str]]:
    """What the district did, and its tone."""
    return {
        "": (_("Open"), "info"),
        "given": (_("Handed over"), "good"),
        "partly": (_("Partly handed over"), "warn"),
        "refused": (_("Not handed over"), "bad"),
        "counsel": (_("With counsel"), "warn"),
    }


def family() -> dict[str, str]:
    """Whether the family was told."""
    return {
        "told": _("Told before"),
        "barred": _("An order or law bars telling them"),
        "not-owed": _("Nobody has to be told"),
    }


def states() -> dict[str, tuple[str, str]]:
    """How a clock stands, and its tone."""
    return {
        "running": (_("Runs"), "info"),
        "warned": (_("Due soon"), "warn"),
        "late": (_("Late"), "bad"),
        "paused": (_("Paused"), "warn"),
        "met": (_("Answered in time"), "good"),
        "met-late": (_("Answered late"), "bad"),
        "withdrawn": (_("Withdrawn"), ""),
    }
