"""How the words of the gate are said to people, in their language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from homeroom.kernel.devices.gate import Lack


def features() -> dict[str, str]:
    """What is reached on a device."""
    return {
        "location": _("Location"),
        "audio": _("Microphone and sound"),
        "video": _("Camera and screen"),
        "keystrokes": _("What is typed"),
        "browsing": _("Sites visited"),
        "other": _("Other use of the device"),
        "lock": _("Remote lock"),
    }


def lacks(found: Iterable[Lack]) -> str:
    """XIV.C.0, XIV.D.2: what is lacking, in sentences."""
    return " ".join(
        _(each.words) % {"features": named(each.features)} if each.features else _(each.words) for each in found
    )


def named(ids: Iterable[str]) -> str:
    """Features in a sentence."""
    known = features()
    return ", ".join(known.get(each, each) for each in ids)


def moment(at: datetime) -> str:
    """A moment as a letter says it, with its zone: “Thursday, Nov. 26, 2026, 3:42 p.m. CST”."""
    return f"{date_format(at, 'l')}, {date_format(at, 'DATE_FORMAT')}, {date_format(at, 'TIME_FORMAT')} {at:%Z}"


def day(on: date) -> str:
    """A day as a letter says it."""
    return date_format(on, "DATE_FORMAT")


def grounds() -> dict[str, str]:
    """The six grounds."""
    return {
        "education": _("1: Teaching, support or exams"),
        "warrant": _("2: A judge’s warrant"),
        "missing": _("3: Missing or stolen"),
        "threat": _("4: Threat to life or safety"),
        "law": _("5: A law demands it"),
        "funding": _("6: Public funding demands it"),
    }


def purposes() -> dict[str, str]:
    """What an access is for."""
    return {
        "instruction": _("Instruction"),
        "support": _("Technical support"),
        "proctoring": _("Watching over an exam"),
        "investigation": _("Search for a violation"),
        "recovery": _("Finding the device"),
        "safety": _("Averting a threat"),
        "duty": _("A duty under law, warrant or funding"),
    }


def actors() -> dict[str, str]:
    """Who looks."""
    return {
        "employee": _("School employee"),
        "student_teacher": _("Student teacher"),
        "contracted": _("Contracted staff"),
        "vendor": _("Vendor"),
        "state_department": _("State department of education"),
        "resource_officer": _("School resource officer"),
        "county": _("County staff"),
        "cooperative": _("Cooperative or service district staff"),
    }


def standings() -> dict[str, tuple[str, str]]:
    """Where an access stands, and its tone."""
    return {
        "asked": (_("Waits for approval"), "warn"),
        "refused": (_("Refused"), "bad"),
        "planned": (_("Not begun"), "info"),
        "open": (_("Open now"), "info"),
        "over": (_("Over"), ""),
    }


def clocks() -> dict[str, tuple[str, str]]:
    """How a duty to tell stands, and its tone."""
    return {
        "due": (_("To tell"), "info"),
        "warned": (_("To tell soon"), "warn"),
        "late": (_("Late"), "bad"),
        "deferred": (_("Put off"), "warn"),
        "review_late": (_("Put off, next look is late"), "bad"),
        "told": (_("Told in time"), "good"),
        "told_late": (_("Told late"), "bad"),
    }


def ways() -> dict[str, str]:
    """How a notice reached somebody."""
    return {
        "hand": _("Handed over in person"),
        "letter": _("Letter by US mail"),
        "email": _("E-mail from Homeroom"),
    }


def mail() -> defaultdict[str, tuple[str, str]]:
    """How far the e-mail of a notice is, by state and way, and its tone."""
    known = {
        "queued-email": (_("Waits for the mail server"), "warn"),
        "sending-email": (_("Is being sent"), "info"),
        "sent-email": (_("Sent, not known to have arrived"), "warn"),
        "queued-paper": (_("Print it and mail it: the e-mail did not arrive in time"), "bad"),
        "printed-paper": (_("Printed, not said to be mailed"), "warn"),
        "delivered-email": (_("Arrived"), "good"),
        "delivered-paper": (_("Mailed"), "good"),
        "returned-paper": (_("The post brought it back"), "bad"),
        "unreachable-": (_("It came back, and no address is on record"), "bad"),
        "held-": (_("Held: a court order is on file"), "warn"),
    }
    return defaultdict(lambda: (_("Given another way"), "info"), known)


def states() -> dict[str, tuple[str, str]]:
    """Where a resource stands, and its tone."""
    return {
        "free": (_("Free"), "good"),
        "lent": (_("Lent"), "info"),
        "unaccepted": (_("Not accepted"), "warn"),
        "overdue": (_("Return is overdue"), "warn"),
        "missing": (_("Missing"), "bad"),
        "retired": (_("Retired"), ""),
    }
