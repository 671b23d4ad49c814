"""The board's yearly review, and what is read again after a change."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.board.models import Reread, Review, Source
from homeroom.journal import actions as journal
from homeroom.people import queries as people


def open_review(*, actor: Actor, at: datetime) -> Review:
    """XVII.D: begin the yearly review; while one is open, that one is it."""
    with journal.atomic():
        known = Review.objects.filter(held_on=None).first()
        if known:
            return known
        row = Review.objects.create(opened_at=at, by=actor.id, by_name=actor.name)
        journal.record(actor=actor, verb="board.review.opened", subject=f"review:{row.pk}", at=at, clause="XVII.D")
    return row


def take_packet(*, actor: Actor, at: datetime, sha256: str) -> None:
    """XVII.D: a packet was built while a review is under way; the last one is what the board had before it."""
    with journal.atomic():
        under_way = Review.objects.filter(held_on=None).first()
        if under_way is None:
            return
        Review.objects.filter(pk=under_way.pk, held_on=None).update(packet_sha256=sha256)
        journal.record(
            actor=actor, verb="board.review.packet-taken", subject=f"review:{under_way.pk}", at=at, clause="XVII.D",
            data={"sha256": sha256},
        )  # fmt: skip


def close_review(*, actor: Actor, at: datetime, review: int, held_on: date, outcome: str, minutes: str) -> Review:
    """XVII.D: write down that the board reviewed the policy, with the minutes; the next one is due a year later.

    An amendment may come into force on the very day. Raises Refused.
    """
    if not minutes.strip():
        raise Refused(_("Say where the minutes of the meeting are."))
    if held_on > people.today(at):
        raise Refused(_("%(held_on)s is still to come. Write the review down when it was held.") % {"held_on": held_on})
    if outcome not in Review.Outcome.values:
        raise Refused(
            _("The board reaffirmed the policy or amended it; “%(outcome)s” is neither.") % {"outcome": outcome}
        )
    with journal.atomic():
        changed = Review.objects.filter(pk=review, held_on=None).update(
            held_on=held_on, outcome=outcome, minutes=minutes.strip()[:300]
        )
        if changed != 1:
            raise Refused(_("This review is not open any more; look at the page of the yearly review again."))
        journal.record(
            actor=actor, verb="board.review.held", subject=f"review:{review}", at=at, clause="XVII.D",
            reason=minutes.strip()[:300], data={"held_on": held_on.isoformat(), "outcome": outcome},
        )  # fmt: skip
    return Review.objects.get(pk=review)


def reread(*, actor: Actor, at: datetime, change: str, what: str, fits: bool, note: str = "") -> Reread:
    """XVII.B: write down that a notice was read again after a change, and whether it still fits; once for each."""
    if not fits and not note.strip():
        raise Refused(_("Say what must be revised in it."))
    with journal.atomic():
        row, new = Reread.objects.get_or_create(
            change=change, what=what,
            defaults={"fits": fits, "note": note.strip(), "at": at, "by": actor.id, "by_name": actor.name},
        )  # fmt: skip
        if new:
            journal.record(
                actor=actor, verb="board.reread", subject=what, at=at, clause="XVII.B", reason=row.note,
                data={"change": change, "fits": fits},
            )  # fmt: skip
    return row


def check_source(*, actor: Actor, at: datetime, source: int, place: str, note: str) -> Source:
    """REF.legal: write down that somebody looked today whether a statute, case or policy still says what it did."""
    today = people.today(at)
    with journal.atomic():
        changed = Source.objects.filter(pk=source).update(
            checked_on=today, place=place.strip()[:300], note=note.strip(), by_name=actor.name
        )
        if changed != 1:
            raise Refused(_("There is no such source; look at the page of sources again."))
        row = Source.objects.get(pk=source)
        clause = "REF.legal" if row.kind == Source.Kind.LAW else "REF.cross"
        journal.record(
            actor=actor, verb="board.source.checked", subject=f"source:{source}", at=at, clause=clause, reason=row.note
        )
    return row
