"""IX.C.5, IX.C.6: the sealed sheets of filed agreements: the original once, later signatures as attachments to it."""

from __future__ import annotations

from datetime import datetime

from homeroom.agreements import sealing
from homeroom.agreements.models import Agreement, Filing, SealedPaper
from homeroom.agreements.queries import papers
from homeroom.base.actor import Actor
from homeroom.journal import actions as journal

BATCH = 200


def seal_agreement(*, actor: Actor, at: datetime, agreement: int) -> list[SealedPaper]:
    """IX.C.5: make whatever sealed sheet a filed agreement lacks; all its sheets, the original first.

    Nothing before it is on file. What is sealed already is never made again.
    """
    with journal.atomic():
        row = Agreement.objects.select_for_update(of=("self",)).select_related("person", "form").get(pk=agreement)
        filing = Filing.objects.select_related("school").filter(agreement=row).first()
        if filing is None:
            return []
        signed = papers.signatures(row)
        made = {each.attachment_id: each for each in SealedPaper.objects.filter(agreement=row)}
        acts = []
        if None not in made:
            pdf = sealing.original(row, [each for each in signed if each.signed_at <= filing.at],
                                   at=at, filed=sealing.on_file(filing))  # fmt: skip
            made[None] = _keep(row, None, pdf, at)
            acts.append(made[None])
        later = [each for each in signed if each.signed_at > filing.at]
        for number, each in enumerate(later, 1):
            if each.pk not in made:
                pdf = sealing.attachment(row, each, made[None].sha256, number, at=at)
                made[each.pk] = _keep(row, each.pk, pdf, at)
                acts.append(made[each.pk])
        for paper in acts:
            journal.record(
                actor=actor, verb="agreements.sealed", subject=f"person:{row.person_id}", at=at,
                clause="IX.C.6" if paper.attachment_id else "IX.C.5",
                data={"agreement": row.pk, "attachment": paper.attachment_id or 0, "sha256": paper.sha256},
            )  # fmt: skip
    return [made[None], *(made[each.pk] for each in later)]


def _keep(agreement: Agreement, signature: int | None, pdf: bytes, at: datetime) -> SealedPaper:
    digest = sealing.keep(pdf)
    return SealedPaper.objects.create(agreement=agreement, attachment_id=signature, sha256=digest, made_at=at)


def seal_filed(*, actor: Actor, at: datetime) -> int:
    """IX.C.5: seal what was filed, or signed, since; a portion at a time. Says how many agreements were done."""
    waiting = papers.unsealed()[:BATCH]
    for agreement in waiting:
        seal_agreement(actor=actor, at=at, agreement=agreement)
    return len(waiting)
