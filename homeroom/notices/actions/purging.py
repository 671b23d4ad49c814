"""XIV.B.3: pages of print files and addresses in reports go when their time is over; each letter's proof stays."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from homeroom.base.actor import SYSTEM, Actor
from homeroom.board import queries as board
from homeroom.journal import actions as journal
from homeroom.notices.actions.letters import OVER
from homeroom.notices.actions.printing import on_disk, path_of
from homeroom.notices.models import Attempt, Bounce, PrintRun

MOST = 500  # rows in one transaction; the rest follows in the next run


def purge(*, at: datetime, actor: Actor = SYSTEM) -> tuple[int, int]:
    """XIV.B.3: let go of print files and strike out addresses; how many of each.

    A file is deleted after it is written down that it is, so one that a crash left is deleted by the next run.
    """
    with journal.atomic():
        runs = _runs(at)
        reports = _reports(at)
        if runs or reports:
            journal.record(
                actor=actor, verb="notices.purged", subject="notices:all", at=at, clause="XIV.B.3",
                reason="Their time was over (homeroom/board/data/retention.json).",
                data={"print_files": runs, "reports": reports},
            )  # fmt: skip
    for run in PrintRun.objects.filter(pk__in=on_disk()).exclude(purged_at=None):
        path_of(run).unlink(missing_ok=True)
    return runs, reports


def _runs(at: datetime) -> int:
    """Files mailed long ago whose letters are all closed since long, and files thrown away long ago."""
    before = at - board.kept("print_files", at)
    own = Attempt.objects.exclude(run=None)
    young = own.exclude(letter__state__in=OVER) | own.filter(letter__delivered_at__gte=before)
    due = Q(void_at__lt=before) | (Q(mailed_at__lt=before) & ~Q(pk__in=young.order_by().values("run")))
    ids = list(PrintRun.objects.filter(due, purged_at=None).values_list("pk", flat=True)[:MOST])
    return PrintRun.objects.filter(pk__in=ids, purged_at=None).update(purged_at=at)


def _reports(at: datetime) -> int:
    """The rows stay with their digest and outcome: the same report is taken in once, and the letter keeps its proof."""
    old = Bounce.objects.filter(came_at__lt=at - board.kept("bounces", at))
    named = old.exclude(address="", why="", message_id="")
    ids = list(named.order_by("came_at").values_list("pk", flat=True)[:MOST])
    return Bounce.objects.filter(pk__in=ids).update(address="", why="", message_id="")
