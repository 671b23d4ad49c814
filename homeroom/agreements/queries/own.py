"""One person's agreements, with every place and signature."""

from __future__ import annotations

from django.db.models import Prefetch

from homeroom.agreements.models import Agreement, Signature, Slot


def of_person(person: str) -> list[Agreement]:
    """All agreements of somebody, the newest first, with slots and signatures at hand."""
    signatures = Signature.objects.select_related("version", "text", "signer").order_by("id")
    slots = Slot.objects.select_related("holder").prefetch_related(Prefetch("signatures", signatures)).order_by("id")
    rows = Agreement.objects.filter(person=person).prefetch_related(Prefetch("slots", slots))
    return list(rows.select_related("form", "filing__school"))
