"""How the pages and sheets of signing call things: languages by their own names, parts, ways to be identified."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from homeroom.agreements.models import Method
from homeroom.kernel.agreements.values import Part

# Languages that are offered first, each by its own name; others are added where a form has words in them.
LANGUAGES = {
    "en": "English", "es": "Español", "so": "Soomaali", "hmn": "Hmoob", "ar": "العربية", "ksw": "ကညီကျိၥ်",
    "am": "አማርኛ", "vi": "Tiếng Việt",
}  # fmt: skip
PARTS = {
    Part.STUDENT: __("student"),
    Part.PARENT: __("parent or guardian"),
    Part.TEACHER: __("supervising teacher"),
    Part.EMPLOYEE: __("employee"),
}
METHODS = {
    Method.CODE_EMAIL: __("a code by e-mail"),
    Method.CODE_SMS: __("a code by text message"),
    Method.CODE_LETTER: __("a code in a letter"),
    Method.SINGLE_SIGN_ON: __("the school’s account"),
    Method.PASSKEY: __("a passkey"),
    Method.PASSWORD: __("a password"),
    Method.SESSION: __("signed in to Homeroom"),
    Method.IN_PERSON: __("seen in person"),
    Method.PAPER: __("on paper"),
}


def language(code: str) -> str:
    """A language by its own name."""
    return LANGUAGES.get(code) or LANGUAGES.get(code.partition("-")[0]) or code


def spoken(code: str) -> str:
    """The language that pages are in, for whoever asks for this one: itself, else English."""
    known = {each for each, _name in settings.LANGUAGES}
    return code if code in known else code.partition("-")[0] if code.partition("-")[0] in known else "en"


def part(code: str) -> str:
    """In which part somebody signs."""
    return str(PARTS.get(code, code))  # type: ignore[call-overload]


def method(code: str) -> str:
    """How somebody was identified."""
    return str(METHODS.get(code, code))  # type: ignore[call-overload]


def intent(part: str, student: str, title: str) -> str:
    """325L.02: what somebody declares by signing, as it is shown and kept."""
    said = {
        Part.PARENT: _("I have read “%(title)s”. I mean to sign it for %(student)s by typing my name."),
        Part.TEACHER: _("I have read “%(title)s”. I supervise %(student)s, and I mean to sign by typing my name."),
    }.get(part, _("I have read “%(title)s”. I mean to sign it by typing my name."))  # type: ignore[call-overload]
    return str(said) % {"title": title, "student": student}


def assent(student: str, title: str) -> str:
    """325L.02: what is kept where a child who cannot write agrees before an adult."""
    said = _("“%(title)s” was read out to %(student)s, who agreed to it before the adult named here.")
    return said % {"title": title, "student": student}
