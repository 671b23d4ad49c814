"""XIV.B.3: binders with lists of students are not left lying about."""

from __future__ import annotations

from datetime import datetime

from homeroom.base.actor import SYSTEM, Actor
from homeroom.board import queries as board
from homeroom.journal import actions as journal
from homeroom.ledger.actions.binding import file_of, on_disk
from homeroom.ledger.models import Binder


def purge_binders(*, at: datetime, actor: Actor = SYSTEM) -> int:
    """XIV.B.3: delete the files of binders that name students when their time is over; how many.

    That they were built, for whom and with which hash stays. A file is deleted after it is written down that it is,
    so one that a crash left is deleted by the next run.
    """
    old = Binder.objects.filter(names=True, purged_at=None, done_at__lt=at - board.kept("binders_with_names", at))
    with journal.atomic():
        gone = old.update(purged_at=at)
        if gone:
            journal.record(
                actor=actor, verb="ledger.binders.purged", subject="binders:with-names", at=at, clause="XIV.B.3",
                reason="Their time was over (homeroom/board/data/retention.json).", data={"binders": gone},
            )  # fmt: skip
    for row in Binder.objects.filter(pk__in=on_disk()).exclude(purged_at=None):
        file_of(row).unlink(missing_ok=True)
    return gone
