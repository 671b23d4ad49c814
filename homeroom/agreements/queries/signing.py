"""What is still to be signed, by whom, and in which words: what the signing pages ask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from homeroom.agreements import approval
from homeroom.agreements.models import FormText, FormVersion, Refusal, Signature, Slot
from homeroom.base.actor import Actor
from homeroom.kernel.agreements.values import Part
from homeroom.people.models import Enrolment

_SIGNED = Signature.objects.select_related("version").defer("drawing").order_by()
_REFUSED = Refusal.objects.filter(taken_back_on=None).order_by()


@dataclass(frozen=True, slots=True)
class ToSign:
    """One place to sign: the slot (with agreement and person at hand), the version and its texts, what was done.

    `signed` is whether the holder signed a version that still counts, `refused` the reason of a refusal that
    stands ("" for none).
    """

    slot: Slot
    version: FormVersion
    texts: tuple[FormText, ...]
    signed: bool
    refused: str

    @property
    def waits(self) -> bool:
        """Whether the holder has neither signed nor refused."""
        return not self.signed and not self.refused

    def text(self, language: str) -> FormText:
        """The words in a language; in English where there are none in that one."""
        by = {each.language: each for each in self.texts}
        return by.get(language) or by.get(language.partition("-")[0]) or by["en"]


def open_slots(on: date) -> QuerySet[Slot]:
    """The places of agreements that are not closed and not over."""
    running = Q(agreement__last_day=None) | Q(agreement__last_day__gte=on)
    return Slot.objects.filter(running, closed_on=None, agreement__closed_on=None)


def to_sign(on: date, slots: QuerySet[Slot], *, words: bool = True) -> list[ToSign]:
    """Those slots as people need them, by the person's name; with the words only where they are shown.

    A fixed number of questions.
    """
    forms = approval.in_effect(on)
    rows = (
        slots.filter(agreement__form__in=list(forms))
        .select_related("agreement__person", "holder")
        .prefetch_related(Prefetch("signatures", _SIGNED), Prefetch("refusals", _REFUSED))
        .order_by()
    )
    texts = _texts(each.version.pk for each in forms.values()) if words else {}
    found = []
    for slot in sorted(rows, key=_by_name):
        effect = forms[slot.agreement.form_id]
        signed = any(each.version.number >= effect.wanted.oldest for each in slot.signatures.all())
        refused = next((each.reason for each in slot.refusals.all() if each.taken_back_on is None), "")
        found.append(ToSign(slot, effect.version, texts.get(effect.version.pk, ()), signed, refused))
    return found


def _by_name(slot: Slot) -> tuple[str, str, date, int]:
    """By the person's name; sorted here, since the order costs Django more than the few rows of a household."""
    person = slot.agreement.person
    return person.family_name, person.given_name, slot.agreement.first_day, slot.pk


def _texts(versions: Iterable[int]) -> dict[int, tuple[FormText, ...]]:
    found: dict[int, list[FormText]] = {}
    rows = FormText.objects.filter(version__in=list(versions)).order_by()
    for text in sorted(rows, key=lambda row: row.pk):
        found.setdefault(text.version_id, []).append(text)
    return {version: tuple(those) for version, those in found.items()}


def to_sign_for(actor: Actor, on: date, *, words: bool = True) -> list[ToSign]:
    """IX.C: all places that somebody holds, in whatever part: their own, their children's, their students'."""
    return to_sign(on, open_slots(on).filter(holder_id=actor.id), words=words)


def household(guardian: Actor, on: date) -> list[ToSign]:
    """IX.C.2: a parent's places, one for each child, so that a family is done in one sitting."""
    return to_sign(on, open_slots(on).filter(holder_id=guardian.id, part=Part.PARENT))


def class_to_sign(teacher: Actor, on: date, group: str = "") -> list[ToSign]:
    """IX.C.3: a teacher's places, one for each student; of one class where it is named."""
    slots = open_slots(on).filter(holder_id=teacher.id, part=Part.TEACHER)
    if group:
        there = Enrolment.objects.on(on).filter(group_id=group, role=Enrolment.As.STUDENT)
        slots = slots.filter(agreement__person__in=there.values("person_id"))
    return to_sign(on, slots)


def slot(pk: int) -> Slot | None:
    """One place, with its agreement and people."""
    return Slot.objects.select_related("agreement__person", "agreement__form", "holder").filter(pk=pk).first()


def some(pks: Sequence[int]) -> list[Slot]:
    """Several places in the order asked for."""
    rows = Slot.objects.select_related("agreement__person", "holder").in_bulk(list(pks))
    return [rows[pk] for pk in pks if pk in rows]
