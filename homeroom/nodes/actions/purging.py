"""XIV.B.3: names of files that nodes handed over long ago, and could not send again, are forgotten."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max, Q

from homeroom.base.actor import SYSTEM, Actor
from homeroom.board import queries as board
from homeroom.journal import actions as journal
from homeroom.nodes.models import Node, Shipped


def purge(*, at: datetime, actor: Actor = SYSTEM) -> int:
    """XIV.B.3: forget them; how many.

    A node sends its files oldest first and lets go of each before the next: what came before the last one it cannot
    send again. So the last one of a node in use stays, however old. Of a node that was ended nothing is taken.
    """
    before = at - board.kept("shipped_files", at)
    gone = 0
    with journal.atomic():
        for node in Node.objects.annotate(last=Max("shipped__pk")).exclude(last=None):
            ended = node.ended is not None and node.ended < before
            rows = Shipped.objects.filter(Q() if ended else Q(pk__lt=node.last), node=node, at__lt=before)
            gone += rows.delete()[0]
        if gone:
            journal.record(
                actor=actor, verb="nodes.purged", subject="nodes:all", at=at, clause="XIV.B.3",
                reason="Their time was over (homeroom/board/data/retention.json).", data={"shipped_files": gone},
            )  # fmt: skip
    return gone
