"""V.A.6: whoever opens somebody else's agreement, or the scan of it, is written down."""

from __future__ import annotations

from datetime import datetime

from homeroom.agreements.models import Agreement
from homeroom.base.actor import Actor
from homeroom.journal import actions as journal


def look_at_paper(*, actor: Actor, at: datetime, agreement: Agreement, what: str) -> None:
    """V.A.6: the sheet of somebody else is opened; `what` says which: "agreement", "blank" or "scan"."""
    if actor.id == agreement.person_id:
        return
    with journal.atomic():
        journal.record(
            actor=actor, verb="agreements.paper.seen", subject=f"person:{agreement.person_id}", at=at,
            data={"agreement": agreement.pk, "what": what},
        )  # fmt: skip
