"""IX.C: blank forms to sign by hand, each with the code by which it is known when it comes back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from homeroom.agreements import approval, wordings
from homeroom.agreements.models import Agreement, FormText, FormVersion, Slot
from homeroom.agreements.queries import papers
from homeroom.base import paper, qr
from homeroom.base.errors import Refused
from homeroom.base.paper import blocks
from homeroom.kernel.agreements import papercode
from homeroom.kernel.agreements.papercode import PaperCode
from homeroom.people.models import Role, RoleName

MOST = 200  # forms in one PDF


def blank(agreements: Sequence[Agreement], *, on: date, at: datetime, language: str = "") -> bytes:
    """A PDF with a form for each agreement, in `language` or that of each home. Raises Refused with what is missing."""
    if not agreements:
        raise Refused(_("There is nothing to print: nobody here has an agreement that is open."))
    if len(agreements) > MOST:
        raise Refused(_("Print at most %d forms at once; choose a class.") % MOST)
    versions = {kind: _Version(each.version) for kind, each in approval.in_effect(on).items()}
    lacking = [each for each in agreements if each.form_id not in versions]
    if lacking:
        raise Refused(_("No form is in effect that could be printed; the school board has to approve one first."))
    where = _where([each.person_id for each in agreements], on)
    places = papers.places_of(agreements)
    forms = [
        _form(each, versions[each.form_id], where.get(each.person_id, ""), places[each.pk], language)
        for each in agreements
    ]
    title = forms[0]["title"] if len(forms) == 1 else _("Forms to sign by hand")
    sheet = {"title": title, "language": forms[0]["language"], "labels": forms[0]["labels"], "forms": forms}
    return paper.typeset("agreements/blank.typ", sheet, at=at)


class _Version:
    """A version of a form with its words at hand."""

    def __init__(self, version: FormVersion) -> None:
        self.number = version.number
        self.texts = {each.language: each for each in version.texts.all()}

    def text(self, wanted: str) -> FormText:
        """The words in a language; in English where there are none in that one."""
        return self.texts.get(wanted) or self.texts.get(wanted.partition("-")[0]) or self.texts["en"]


def _form(agreement: Agreement, version: _Version, where: str, places: Sequence[Slot], language: str) -> dict[str, Any]:
    wanted = language or agreement.person.home_language or "en"
    text = version.text(wanted)
    code = papercode.write(PaperCode(agreement.pk, version.number))
    with translation.override(wordings.spoken(text.language)):
        rows = [[_("Name"), agreement.person.name], [_("Number on the roster"), agreement.person_id]]
        if where:
            rows.append([_("School"), where])
        return {
            "language": text.language, "title": text.title, "body": blocks.plain(text.body), "rows": rows,
            "code": code, "svg": qr.svg(f"{settings.PUBLIC_URL}/paper/{code}", strong=True),
            "note": _note(version.texts, wanted), "labels": _labels(),
            "foot": _("%(name)s, version %(number)d of the form. Return every page to the school office.")
            % {"name": agreement.person.name, "number": version.number},
            "slots": [_place(each) for each in places],
        }  # fmt: skip


def _place(slot: Slot) -> dict[str, str]:
    return {"part": wordings.part(slot.part), "name": slot.holder.name}


def _note(texts: dict[str, Any], wanted: str) -> str:
    if wanted in texts or wanted.partition("-")[0] in texts:
        return ""
    said = _(
        "The words are not there in %s yet, so they stand here in English. The school finds an interpreter for you."
    )
    return said % wordings.language(wanted)


def _labels() -> dict[str, str]:
    return {
        "what": _("What"), "says": _("What it says"), "signatures": _("Signatures"), "signature": _("Signature"),
        "name": _("Name in print"), "date": _("Date"),
        "decline": _("If you do not agree, write “I do not agree” and why. The school then plans activities without "
                     "the Internet, and grades do not change."),
    }  # fmt: skip


def _where(ids: Sequence[str], on: date) -> dict[str, str]:
    rows = Role.objects.on(on).filter(person__in=ids, school__isnull=False).select_related("school").order_by("id")
    found: dict[str, str] = {}
    for each in rows:
        grade = _(", grade %s") % each.grade if each.grade and each.role == RoleName.STUDENT else ""  # type: ignore[attr-defined]
        found.setdefault(each.person_id, f"{each.school.name}{grade}")  # type: ignore[attr-defined]
    return found
