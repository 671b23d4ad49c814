"""Codes on paper, for homes that have neither e-mail nor a telephone that takes messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from homeroom.access import household, secretcode
from homeroom.access.models import LetterCode
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.people import queries as people
from homeroom.people.models import Person


def make_letters(*, actor: Actor, people_ids: Sequence[str], at: datetime) -> list[tuple[Person, str]]:
    """V.A.7.4: a code for each person, to be printed now: it cannot be looked up again. An earlier one ends.

    Raises Refused where nobody of them is a parent or a student today.
    """
    ids = list(dict.fromkeys(people_ids))
    chosen = household.those_who_may(ids, people.today(at))
    if not chosen:
        raise Refused(_("Letters are for parents and students of today; none of these is one."))
    made = [(person, secretcode.new_letter()) for person in chosen]
    expires = at + secretcode.LETTER_LASTS
    with journal.atomic():
        LetterCode.objects.filter(person__in=chosen, used=None, ended=None).update(ended=at)
        LetterCode.objects.bulk_create(
            LetterCode(digest=secretcode.digest("letter", code), person=person, created=at, expires=expires)
            for person, code in made
        )
        journal.record_all(
            actor=actor, at=at,
            acts=[journal.Act("access.letter.made", f"person:{each.pk}", clause="V.A.7.4") for each in chosen],
        )  # fmt: skip
    return made


def use_letter(*, code: str, at: datetime) -> Person:
    """V.A.7.3: whom a code on paper signs in; it works once. Raises Refused."""
    # The code is long enough to be looked up by its digest; nothing about a wrong one can be learnt by the clock.
    row = LetterCode.objects.filter(digest=secretcode.digest("letter", secretcode.typed(code))).first()
    if row is None:
        raise Refused(
            _("This is not the code of a letter. Check each letter and digit, or ask the office for a new one.")
        )
    if row.used:
        raise Refused(_("This code was used already. Sign in by e-mail, or ask the office for a new letter."))
    if row.ended or row.expires <= at:
        raise Refused(_("This code is over. Use the code of a newer letter, or ask the office for one."))
    found = household.those_who_may([row.person_id], people.today(at))
    if not found:
        raise Refused(_("This code no longer signs anybody in. Please call the office of your school."))
    if LetterCode.objects.filter(pk=row.pk, used=None, ended=None).update(used=at) != 1:
        raise Refused(_("This code was used already. Sign in by e-mail, or ask the office for a new letter."))
    return found[0]
