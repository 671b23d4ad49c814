"""Questions about sittings, scans and sealed sheets; they never write."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from homeroom.agreements.models import Agreement, Filing, PaperRecord, Scan, SealedPaper, Signature, Sitting, Slot

EVIDENCE = (
    "slot__holder", "slot__agreement__person", "slot__agreement__form", "signer", "version__form", "text",
    "attested_by",
)  # fmt: skip


def signatures(agreement: Agreement) -> list[Signature]:
    """All signatures of an agreement with their evidence, in order."""
    rows = Signature.objects.filter(slot__agreement=agreement).select_related(*EVIDENCE)
    return list(rows.order_by("signed_at", "id"))


def signed_in(sitting: Sitting) -> list[Signature]:
    """325L.08: what was signed in a sitting, in order."""
    return list(Signature.objects.filter(pk__in=sitting.signatures).select_related(*EVIDENCE).order_by("id"))


def unsealed() -> QuerySet[Agreement, int]:
    """IX.C.5: agreements on file that lack their sealed original, or an attachment; ids, oldest first."""
    original = SealedPaper.objects.filter(agreement=OuterRef("agreement"), attachment=None)
    later = Signature.objects.filter(
        slot__agreement=OuterRef("agreement"), signed_at__gt=OuterRef("at"), sealed_attachment=None
    )
    rows = Filing.objects.filter(~Exists(original) | Exists(later)).order_by("id")
    return rows.values_list("agreement_id", flat=True)  # type: ignore[return-value]


def sheets(agreement: int) -> list[SealedPaper]:
    """IX.C.6: the sealed sheets of an agreement, the original first."""
    rows = SealedPaper.objects.filter(agreement=agreement).select_related("attachment__signer")
    return list(rows.order_by(F("attachment").asc(nulls_first=True)))


def known_file(digest: str) -> SealedPaper | None:
    """Whether a file is one that was filed here, byte for byte."""
    return SealedPaper.objects.filter(sha256=digest).first()


def scans(people: QuerySet[object]) -> QuerySet[Scan]:
    """IX.C.5: the sheets that wait to be typed in, of these people, oldest first."""
    rows = Scan.objects.filter(done_at=None, agreement__person__in=people)
    return rows.select_related("agreement__person", "version__form").order_by("id")


def unchecked(people: QuerySet[object]) -> QuerySet[PaperRecord]:
    """IX.C.5: what was typed in and waits for the second pair of eyes, oldest first."""
    rows = PaperRecord.objects.filter(checked_at=None, slot__agreement__person__in=people)
    return rows.select_related("slot__agreement__person", "slot__holder", "version__form").order_by("id")


def scan_of(record: PaperRecord) -> str:
    """The hash of the scan that a paper record names; "" where the sheet itself is kept."""
    kind, _, digest = record.scan.partition(":")
    return digest if kind == "scan" else ""


def places(agreement: Agreement) -> list[Slot]:
    """The open places of an agreement, in the order in which they stand on paper."""
    return places_of([agreement])[agreement.pk]


def places_of(agreements: Sequence[Agreement]) -> dict[int, list[Slot]]:
    """As `places`, for many at once: one question."""
    order = {"student": 0, "employee": 0, "parent": 1, "teacher": 2}
    rows = Slot.objects.filter(agreement__in=agreements, closed_on=None).select_related("holder").order_by("id")
    found: dict[int, list[Slot]] = {agreement.pk: [] for agreement in agreements}
    for slot in sorted(rows, key=lambda slot: order.get(slot.part, 9)):
        found[slot.agreement_id].append(slot)
    return found


def printable(people: Sequence[str] | QuerySet[object]) -> list[Agreement]:
    """IX.C: the open agreements of these people, by name, with their open places at hand."""
    rows = Agreement.objects.filter(Q(person__in=people), closed_on=None).select_related("person", "form")
    latest: dict[str, Agreement] = {}
    for row in rows.order_by("first_day", "id"):
        latest[row.person_id] = row
    return sorted(latest.values(), key=lambda row: (row.person.family_name, row.person.given_name, row.pk))
