"""What the board's records owe the policy, and the probes that look whether it is kept."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q

from homeroom.board import queries
from homeroom.board.actions import import_text, put_in_force
from homeroom.board.models import AdoptedText
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
)  # fmt: skip
