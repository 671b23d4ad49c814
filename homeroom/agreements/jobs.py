"""What agreements do by the clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from homeroom.agreements import actions
from homeroom.agreements.queries import following
from homeroom.base.actor import SYSTEM
from homeroom.base.job import Job
from homeroom.base.words import counted
from homeroom.journal import queries as journal
from homeroom.people import queries as people


class Seen:
    """What the last look saw: the journal's last act and the day. Nothing is lost with it: the first look is whole."""

    act = -1
    day = date.min


_seen = Seen()


def follow(at: datetime) -> str | None:
    """IX.C.6: open and close agreements and places to sign as the roster changes."""
    head, day = journal.head().id, people.today(at)
    if (head, day) == (_seen.act, _seen.day):
        return None
    whom = None if day != _seen.day else following.concerned(_seen.act)
    done = None if whom == set() else actions.follow_roster(actor=SYSTEM, at=at, ids=whom and sorted(whom))
    _seen.act, _seen.day = head, day
    if not done:
        return None
    return (
        f"{counted(done.agreements, 'agreement')} opened, {done.closed} closed; {counted(done.slots, 'place')} to sign."
    )


def receipts(at: datetime) -> str | None:
    """325L.08: send the copies of what was signed."""
    sent = actions.send_receipts(actor=SYSTEM, at=at)
    return f"{counted(sent, 'receipt')} sent." if sent else None


def seal(at: datetime) -> str | None:
    """IX.C.5: seal what came on file, and what was attached to it."""
    done = actions.seal_filed(actor=SYSTEM, at=at)
    return f"{counted(done, 'agreement')} sealed." if done else None


def remind(at: datetime) -> str | None:
    """IX.C: send the reminders that were asked for."""
    sent = actions.send_reminders(actor=SYSTEM, at=at)
    return f"{counted(sent, 'reminder')} sent." if sent else None


JOBS = (
    Job(name="agreements.remind", every=timedelta(seconds=10), run=remind),
    Job(name="agreements.follow", every=timedelta(seconds=0.5), run=follow),
    Job(name="agreements.receipts", every=timedelta(seconds=20), run=receipts),
    Job(name="agreements.seal", every=timedelta(seconds=30), run=seal),
)
