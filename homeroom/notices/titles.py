"""How the values of notices are said to people, in their language."""

from __future__ import annotations

from django.utils.translation import gettext as _


def states() -> dict[str, str]:
    """Where a letter is."""
    return {
        "queued": _("Waits to go out"),
        "sending": _("Being sent"),
        "printed": _("Printed, not mailed yet"),
        "sent": _("Sent, not known to have arrived"),
        "delivered": _("Delivered"),
        "returned": _("Came back"),
        "held": _("Held: somebody must look first"),
        "unreachable": _("Nobody can be reached"),
        "stopped": _("Stopped"),
    }


def tones() -> dict[str, str]:
    """The colour of a state's badge."""
    return {
        "delivered": "good",
        "returned": "bad",
        "unreachable": "bad",
        "held": "warn",
        "printed": "warn",
        "sent": "info",
        "sending": "info",
        "queued": "info",
    }


def channels() -> dict[str, str]:
    """By which way."""
    return {"email": _("E-mail"), "paper": _("Letter by mail"), "hand": _("In person"), "": _("No way")}


def wishes() -> dict[str, str]:
    """Which way a notice is asked to take."""
    return {
        "auto": _("E-mail, and a letter by mail where there is none"),
        "email": _("E-mail first"),
        "paper": _("Letters by mail"),
    }


def attempts() -> dict[str, str]:
    """How a try went."""
    return {
        "sending": _("under way"),
        "sent": _("sent"),
        "delivered": _("delivered"),
        "delayed": _("not taken for now"),
        "returned": _("came back"),
        "failed": _("refused"),
        "void": _("printed and thrown away"),
    }


def attempt(channel: str, state: str) -> str:
    """How one try went; a hand-over that was not so was never printed."""
    return _("taken back") if (channel, state) == ("hand", "void") else attempts().get(state, state)


def how(value: str) -> str:
    """What shows that a letter was delivered."""
    return {
        "no-return": _("(it did not come back)"),
        "reported": _("(the mail service reported it)"),
        "mailed": _("(mailed)"),
        "hand": _("(handed over in person)"),
        "read": _("(the reader confirmed it)"),
    }.get(value, value)


def clock_states() -> dict[str, tuple[str, str]]:
    """How a clock stands, with the colour of its badge."""
    return {
        "running": (_("Running"), "info"),
        "warned": (_("Warned"), "warn"),
        "late": (_("Late"), "bad"),
        "paused": (_("Paused"), ""),
        "met": (_("Done in time"), "good"),
        "met-late": (_("Done late"), "bad"),
        "withdrawn": (_("Withdrawn"), ""),
    }


def closings() -> dict[str, str]:
    """What a day in the calendar of closings is."""
    return {
        "no_school": _("No school"),
        "closed": _("District closed: counts like a holiday"),
        "open": _("A holiday on which the district works"),
    }


def languages() -> dict[str, str]:
    """Languages of notices, by their own names."""
    return {
        "en": "English", "es": "Español", "so": "Soomaali", "hmn": "Hmoob", "ar": "العربية", "vi": "Tiếng Việt",
        "am": "አማርኛ", "ksw": "ကညီကျိၥ်", "om": "Afaan Oromoo", "ru": "Русский", "sw": "Kiswahili",
    }  # fmt: skip
