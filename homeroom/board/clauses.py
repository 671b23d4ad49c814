"""What the board's records owe the policy, and the probes that look whether it is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Q

from homeroom.board import queries
from homeroom.board.actions import approve_addendum, draft_addendum, import_text, put_in_force, submit_addendum
from homeroom.board.models import Addendum, AddendumState, AdoptedText
from homeroom.kernel.policytext.claims import Claim, How, Looked
from homeroom.people import queries as people


def days_without_policy(at: datetime) -> Looked:
    """524.title-note: texts are on file, but none is in force today."""
    known = AdoptedText.objects.count()
    return Looked(known, int(known > 0 and queries.in_force(people.today(at)) is None))


def begun_without_meeting(at: datetime) -> Looked:
    """VI.Alt3.note.b: texts with Alternative 3 that began without notice, hearing and minutes."""
    begun = AdoptedText.objects.filter(from_day__lte=people.today(at), alternative__endswith="Alt3")
    proper = Q(noticed_on__lt=F("hearing_on"), hearing_on__lt=F("from_day")) & ~Q(minutes="")
    return Looked(begun.count(), begun.exclude(proper).count())


def addenda_lost(at: datetime) -> Looked:
    """XVII.A.1: forms, guidelines and procedures that were handed to the board more than a year ago, unanswered."""
    handed = Addendum.objects.exclude(state=AddendumState.DRAFTED)
    waiting = handed.filter(state=AddendumState.SUBMITTED, submitted_at__lt=at - timedelta(days=366))
    return Looked(handed.count(), waiting.count())


def addenda_unapproved(at: datetime) -> Looked:
    """XVII.A.2: addenda that count today without an approval, its minutes, or on a day before it."""
    counted = Addendum.objects.effective(people.today(at))
    proper = Q(approved_on__lte=F("effective_on")) & ~Q(minutes="") & ~Q(number="")
    return Looked(counted.count(), counted.exclude(proper).count())


CLAIMS = (
    Claim(
        ("524.title-note",), How.RECORD,
        "The adopted text is on file clause by clause, and what was in force on any day has an answer.",
        (import_text, put_in_force), (days_without_policy,),
    ),
    Claim(
        ("VI.Alt3.note.b",), How.GATE,
        "A text with Alternative 3 comes into force only with the days of its public notice and its hearing, and the "
        "minutes, all before its first day.",
        (put_in_force,), (begun_without_meeting,),
    ),
    Claim(
        ("XVII.A.1",), How.RECORD,
        "Whoever administers the schools drafts forms, guidelines and procedures and hands them to the board; each "
        "step is written down.",
        (draft_addendum, submit_addendum), (addenda_lost,),
    ),
    Claim(
        ("XVII.A.2",), How.GATE,
        "A form, guideline or procedure joins the policy as a numbered addendum only with the day of the board's "
        "approval and its minutes; one changed word needs a new approval.",
        (approve_addendum,), (addenda_unapproved,),
    ),
)  # fmt: skip
