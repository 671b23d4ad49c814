"""One person's agreements, with every place and signature."""

from __future__ import annotations

from django.db.models import Prefetch

from homeroom.agreements.models import Agreement, Refusal, Signature, Slot


def of_person(person: str) -> list[Agreement]:
    """All agreements of somebody, the newest first, with slots, signatures and refusals at hand."""
    signatures = Signature.objects.select_related("version", "text", "signer").order_by("id")
    refusals = Prefetch("refusals", Refusal.objects.filter(taken_back_on=None), to_attr="refused")
    of_slots = Slot.objects.select_related("holder").order_by("id")
    slots = of_slots.prefetch_related(Prefetch("signatures", signatures), refusals)
    rows = Agreement.objects.filter(person=person).prefetch_related(Prefetch("slots", slots))
    return list(rows.select_related("form", "filing__school"))
