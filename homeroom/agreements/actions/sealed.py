"""IX.C.5, IX.C.6: the sealed sheets of filed agreements: the original once, later signatures as attachments to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from homeroom.agreements import sealing
from homeroom.agreements.models import Agreement, Filing, SealedPaper, Signature
from homeroom.agreements.queries import papers
from homeroom.base.actor import Actor
from homeroom.journal import actions as journal

BATCH = 200


def seal_agreement(*, actor: Actor, at: datetime, agreement: int) -> list[SealedPaper]:
    """IX.C.5: make whatever sealed sheet a filed agreement lacks; all its sheets, the original first.

    Nothing before it is on file. What is sealed already is never made again. Setting and sealing take their time,
    so they are done before the transaction: nobody who signs waits for them.
    """
    row = Agreement.objects.select_related("person", "form").get(pk=agreement)
    filing = Filing.objects.select_related("school").filter(agreement=row).first()
    if filing is None:
        return []
    signed = papers.signatures(row)
    drawn = _draw(row, filing, signed, _made(row), at)
    if drawn:
        with journal.atomic():
            _keep_drawn(actor, at, row, drawn)
    made = _made(row)
    later = [each.pk for each in signed if each.signed_at > filing.at]
    return [made[pk] for pk in (None, *later) if pk in made]


def _made(row: Agreement) -> dict[int | None, SealedPaper]:
    return {each.attachment_id: each for each in SealedPaper.objects.filter(agreement=row)}


def _draw(
    row: Agreement, filing: Filing, signed: Sequence[Signature], made: Mapping[int | None, SealedPaper], at: datetime
) -> list[tuple[int | None, str]]:
    """The sheets that are missing, set, sealed and laid away: (signature or None for the original, hash)."""
    drawn: list[tuple[int | None, str]] = []
    if None in made:
        original = made[None].sha256
    else:
        first = [each for each in signed if each.signed_at <= filing.at]
        original = sealing.keep(sealing.original(row, first, at=at, filed=sealing.on_file(filing)))
        drawn.append((None, original))
    later = [each for each in signed if each.signed_at > filing.at]
    for number, each in enumerate(later, 1):
        if each.pk not in made:
            drawn.append((each.pk, sealing.keep(sealing.attachment(row, each, original, number, at=at))))
    return drawn


def _keep_drawn(actor: Actor, at: datetime, row: Agreement, drawn: Sequence[tuple[int | None, str]]) -> None:
    """Write down what was sealed; a worker that was second lets its own sheets go."""
    Agreement.objects.select_for_update(of=("self",)).get(pk=row.pk)
    there = _made(row)
    if drawn[0][0] is None and None in there:
        return
    acts = []
    for signature, digest in drawn:
        if signature not in there:
            SealedPaper.objects.create(agreement=row, attachment_id=signature, sha256=digest, made_at=at)
            acts.append(
                journal.Act(
                    verb="agreements.sealed", subject=f"person:{row.person_id}",
                    clause="IX.C.6" if signature else "IX.C.5",
                    data={"agreement": row.pk, "attachment": signature or 0, "sha256": digest},
                )
            )  # fmt: skip
    journal.record_all(actor=actor, acts=acts, at=at)


def seal_filed(*, actor: Actor, at: datetime) -> int:
    """IX.C.5: seal what was filed, or signed, since; a portion at a time. Says how many agreements were done."""
    waiting = papers.unsealed()[:BATCH]
    for agreement in waiting:
        seal_agreement(actor=actor, at=at, agreement=agreement)
    return len(waiting)
