"""Nobody is forgotten: looks for letters that are missing, stuck or in vain, and sets them going again."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db.models import F, Q

from homeroom.base.actor import SYSTEM, Actor
from homeroom.journal import actions as journal
from homeroom.notices import parameters
from homeroom.notices.actions import building, clocks, letters
from homeroom.notices.kinds import KINDS
from homeroom.notices.models import Channel, Letter, LetterState, Notice, NoticeState
from homeroom.notices.queries import progress, recipients, waiting
from homeroom.people import queries as people

PORTION = 500


@dataclass(slots=True)
class Found:
    """What a look brought to light and set right, by number of letters; `notices` were looked at."""

    notices: int = 0
    missing: int = 0  # people who should be told and had no letter
    stuck: int = 0  # claimed by a worker that is gone, or queued without a moment
    reachable: int = 0  # nobody could be reached, and now there is a way
    out_of_time: int = 0  # too little time left for e-mail that no server takes
    finished: int = 0  # notices whose last letter was delivered

    @property
    def sentence(self) -> str:
        """What was set right, or nothing."""
        said = {name: number for name, number in asdict(self).items() if number and name != "notices"}
        words = {
            "missing": "missing letters written",
            "stuck": "stuck letters set going",
            "reachable": "letters with a way at last",
            "out_of_time": "letters moved to paper in time",
            "finished": "notices finished",
        }
        return ", ".join(f"{number} {words[name]}" for name, number in said.items())


def reconcile(*, at: datetime, actor: Actor = SYSTEM) -> Found:
    """XI.A, XII.B.0a, XIII.C.0: one look over everything that is under way, at any moment, as often as wanted."""
    found = Found()
    on = people.today(at)
    rows = Notice.objects.filter(state=NoticeState.RELEASED).select_related("template", "clock")
    for notice in rows.filter(Q(built_at__isnull=True) | Q(follow=True, follow_until__gte=on)):
        found.notices += 1
        found.missing += building.build(actor=actor, at=at, notice=notice)
    found.stuck = _stuck(actor, at)
    found.reachable = _reachable(actor, at)
    found.out_of_time = _out_of_time(actor, at)
    found.finished = _finished(actor, at)
    return found


def _stuck(actor: Actor, at: datetime) -> int:
    """Letters in the queue without a moment, sent ones without an end; claimed ones whose time is over wait already."""
    with journal.atomic():
        queued = Letter.objects.filter(state=LetterState.QUEUED, channel=Channel.EMAIL, next_at__isnull=True)
        sent = Letter.objects.filter(state=LetterState.SENT, next_at__isnull=True)
        count = queued.update(next_at=at) + sent.update(next_at=at)
        if count:
            _record(actor, "stuck", count, at)
    over = Letter.objects.filter(state=LetterState.SENDING, next_at__lte=at).count()
    return count + over


def _reachable(actor: Actor, at: datetime) -> int:
    count = 0
    rows = Letter.objects.filter(state=LetterState.UNREACHABLE, notice__state=NoticeState.RELEASED).order_by("id")
    ids = list(rows.values_list("pk", "reader_id"))
    for start in range(0, len(ids), PORTION):
        part = ids[start : start + PORTION]
        ways = recipients.ways({reader for _, reader in part}, people.today(at))
        now = [pk for pk, reader in part if ways[reader].channel and not _in_vain(pk, ways[reader].channel)]
        for letter in Letter.objects.filter(pk__in=now):
            letters.try_again(actor=actor, letter=letter, at=at)
            count += 1
    return count


def _in_vain(letter: int, channel: str) -> bool:
    """Whether that very way was tried and came back; somebody has to look before it is tried once more."""
    from homeroom.notices.models import Attempt
    from homeroom.people.models import Person

    bad = Attempt.objects.filter(letter=letter, channel=channel, state__in=("returned", "failed", "delayed"))
    last = bad.order_by("-number").first()
    if last is None or channel != Channel.EMAIL:
        return last is not None
    return Person.objects.filter(letters=letter, email__iexact=last.address).exists()


def _out_of_time(actor: Actor, at: datetime) -> int:
    count = _urgent(actor, at)
    tried = Letter.objects.filter(state=LetterState.QUEUED, channel=Channel.EMAIL, tries__gt=0).order_by("id")
    for letter in tried.iterator(chunk_size=PORTION):
        if waiting.out_of_time(letter, at):
            letters.fall_back(actor=actor, letter=letter, why=letter.why or "No mail server took it.", at=at)
            count += 1
    return count


def _urgent(actor: Actor, at: datetime) -> int:
    """XIV.D.1: urgent notices whose e-mail cannot be known to have arrived before their clock runs out."""
    mail = Letter.objects.filter(channel=Channel.EMAIL)
    urgent = Q(kind__in=[kind.id for kind in KINDS.values() if kind.urgent])
    count = 0
    # Of the others only those that a server reported as delayed.
    for letter in mail.filter(urgent | ~Q(why=""), state=LetterState.SENT, next_at__gt=F("due_at")):
        why = "Too little time is left to know whether the e-mail arrived."
        count += letters.also_on_paper(actor=actor, letter=letter, why=why, at=at)
    near = at + parameters.hours("urgent_hours")
    for letter in mail.filter(urgent, state=LetterState.QUEUED, due_at__lt=near):
        letters.fall_back(actor=actor, letter=letter, why=letter.why or "No mail server has taken it.", at=at)
        count += 1
    return count


def _finished(actor: Actor, at: datetime) -> int:
    """A notice is complete when every letter was delivered; only then does its clock stop."""
    count = 0
    running = Notice.objects.filter(
        state=NoticeState.RELEASED, built_at__isnull=False, clock__met_at__isnull=True,
        clock__withdrawn_at__isnull=True, clock__isnull=False,
    ).select_related("clock")  # fmt: skip
    for notice in running:
        last = progress.completed_at(notice)
        if last is not None and notice.clock is not None:
            clocks.meet_clock(
                actor=actor, at=at, clock=notice.clock, how="Every letter was delivered.", met_at=min(last, at)
            )
            count += 1
    return count


def _record(actor: Actor, what: str, count: int, at: datetime) -> None:
    journal.record(
        actor=actor, verb="notices.letters.set-going", subject="letters", at=at, clause="XIII.C.0m",
        data={"what": what, "letters": count},
    )  # fmt: skip
