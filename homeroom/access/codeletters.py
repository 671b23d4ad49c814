"""V.A.7.4: code letters as one PDF to print, each in the language of its home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from homeroom.access import secretcode
from homeroom.base import paper, qr
from homeroom.people import queries as people
from homeroom.people.models import Address, Person

SPOKEN = {code for code, _name in settings.LANGUAGES}


def pdf(made: Sequence[tuple[Person, str]], *, at: datetime) -> bytes:
    """The letters, in the order given; the codes are in them and nowhere else."""
    until = people.local(at + secretcode.LETTER_LASTS)
    addresses = _addresses([person.pk for person, _code in made], at)
    letters = [_letter(person, code, addresses.get(person.pk, []), until) for person, code in made]
    sheet = {"title": _("Code letters"), "language": "en", "foot": settings.ORGANISATION, "letters": letters}
    return paper.typeset("access/letters.typ", sheet, at=at)


def _letter(person: Person, code: str, address: list[str], until: datetime) -> dict[str, Any]:
    wanted = (person.home_language or "en").partition("-")[0]
    language = wanted if wanted in SPOKEN else "en"
    where = settings.PUBLIC_URL + reverse("access:code-letter")
    with translation.override(language):
        return {
            "language": language, "name": person.name, "address": address, "where": where, "svg": qr.svg(where),
            "code": secretcode.shown(code), "title": _("Your code to sign in"),
            "why": _("With this code you can sign in to %s without a password, to read and sign what the school asks "
                     "you to.") % settings.ORGANISATION,
            "open": _("Open this page, or take a picture of the square:"), "type": _("Type this code:"),
            "until": _("It works once, until %s. Give it to nobody else.") % date_format(until, "DATE_FORMAT"),
            "paper": _("You may sign on paper instead: ask the school office."),
        }  # fmt: skip


def _addresses(ids: list[str], at: datetime) -> dict[str, list[str]]:
    """The lines for the window of an envelope; the mailing address before that of the home."""
    found: dict[str, list[str]] = {}
    held = Address.objects.on(people.today(at)).filter(person__in=ids).exclude(street="").exclude(city="")
    for each in held.order_by("kind", "first_day"):
        found[each.person_id] = [each.street, f"{each.city}, {each.state} {each.postal_code}".strip(" ,")]
    return found
