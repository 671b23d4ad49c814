"""What the board does with a draft before it is in force: money sought, choice, notice, hearing, vote."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.board import queries
from homeroom.board.actions.frozen import CHANGED, refuse_frozen
from homeroom.board.actions.texts import place_alternative
from homeroom.board.models import AdoptedText, FundingProfile
from homeroom.journal import actions as journal
from homeroom.people import queries as people


def answer_funding(
    *, actor: Actor, at: datetime, state_aid: bool, erate_access: bool, federal_other: bool, reason: str = ""
) -> FundingProfile:
    """VI.note1.b: which money the district seeks from today on; it decides which alternative is recommended."""
    said = {"state_aid": state_aid, "erate_access": erate_access, "federal_other": federal_other}
    with journal.atomic():
        row = FundingProfile.objects.create(
            **said, reason=reason.strip(), from_day=people.today(at), at=at, by=actor.id, by_name=actor.name
        )
        journal.record(
            actor=actor, verb="board.funding.answered", subject=f"funding:{row.pk}", at=at, clause="VI.note1.b",
            reason=row.reason, data=said,
        )  # fmt: skip
    return row


def choose(
    *,
    actor: Actor,
    at: datetime,
    text: int,
    alternative: str,
    reason: str,
    options: Sequence[str] = (),
    adult_monitoring: bool = True,
) -> AdoptedText:
    """VI.note1.c: the one alternative of Article VI, and the optional paragraphs, that a draft will be adopted with.

    II.1: the reason says how the choice serves the district's mission. Raises Refused.
    """
    if not reason.strip():
        raise Refused(_("Say why, and how it serves the district's mission; whoever asks later will read it."))
    with journal.atomic():
        row = _draft(text)
        chosen, offered = queries.the_alternative(row, alternative), queries.offered_options(row)
        odd = [each for each in options if each not in offered]
        if odd:
            raise Refused(
                _("The text does not offer %(names)s to choose; it offers %(others)s.")
                % {"names": ", ".join(odd), "others": ", ".join(offered) or "none"}
            )
        said = {"alternative": chosen, "options": list(options), "adult_monitoring": adult_monitoring}
        if row.alternative and any(getattr(row, name) != value for name, value in said.items()):
            refuse_frozen(row)
        if queries.chosen_before(row):
            place_alternative(row, chosen)
        row.alternative, row.options, row.reason = chosen, list(options), reason.strip()
        row.adult_monitoring = adult_monitoring
        row.save()
        _record(actor, "chosen", row, at, "VI.note1.c", row.reason, said)
    return row


def publish_notice(*, actor: Actor, at: datetime, text: int, noticed_on: date, notice_where: str) -> AdoptedText:
    """VI.Alt3.note.b: write down that the public was told of the hearing on this text, when and where."""
    if not notice_where.strip():
        raise Refused(_("Say where the notice was published; it must name the Internet safety policy itself."))
    with journal.atomic():
        row = _draft(text)
        _not_to_come(noticed_on, people.today(at))
        row.noticed_on, row.notice_where = noticed_on, notice_where.strip()[:300]
        row.noticed_sha256 = queries.words_sha256(row)
        row.save()
        told = {"on": noticed_on.isoformat(), "where": row.notice_where, "words": row.noticed_sha256}
        _record(actor, "noticed", row, at, "VI.Alt3.note.b", "", told)
    return row


def hold_hearing(
    *,
    actor: Actor,
    at: datetime,
    text: int,
    hearing_on: date,
    minutes: str,
    voted_on: date | None = None,
    vote: str = "",
) -> AdoptedText:
    """VI.Alt3.note.b: write down the hearing or meeting on this text, its minutes, and the vote where there was one."""
    if not minutes.strip():
        raise Refused(_("Say where the minutes of the meeting are."))
    with journal.atomic():
        row = _draft(text)
        _not_to_come(hearing_on, people.today(at))
        if row.noticed_on and hearing_on <= row.noticed_on:
            raise Refused(
                _("The notice was published on %(noticed_on)s; the hearing comes after it.")
                % {"noticed_on": row.noticed_on}
            )
        if voted_on and voted_on < hearing_on:
            raise Refused(_("The board votes at the hearing or after it."))
        row.hearing_on, row.minutes = hearing_on, minutes.strip()[:300]
        row.voted_on, row.vote = voted_on, vote.strip()[:100]
        row.heard_sha256 = queries.words_sha256(row)
        if row.noticed_sha256 not in ("", row.heard_sha256):
            raise Refused(_(CHANGED))
        row.save()
        heard = {"on": hearing_on.isoformat(), "vote": row.vote, "words": row.heard_sha256}
        _record(actor, "heard", row, at, "VI.Alt3.note.b", row.minutes, heard)
    return row


def open_words_again(*, actor: Actor, at: datetime, text: int, reason: str) -> AdoptedText:
    """VI.Alt3.note.b: the words shall change after the public was told of them: notice and hearing count no more.

    They stay in the record, with the hash of the words that they were about. Raises Refused.
    """
    if len(reason.split()) < 3:
        raise Refused(_("Say in a sentence what shall change, and why; the public may read it."))
    with journal.atomic():
        row = _draft(text)
        if row.told_on is None:
            raise Refused(
                _("No notice and no hearing of this text is written down, so its words can be changed anyway.")
            )
        gone = {
            "noticed_on": row.noticed_on, "notice_where": row.notice_where, "noticed_sha256": row.noticed_sha256,
            "hearing_on": row.hearing_on, "minutes": row.minutes, "heard_sha256": row.heard_sha256,
            "voted_on": row.voted_on, "vote": row.vote,
        }  # fmt: skip
        row.noticed_on = row.hearing_on = row.voted_on = None
        row.notice_where = row.minutes = row.vote = row.noticed_sha256 = row.heard_sha256 = ""
        row.save()
        told = {name: value.isoformat() if isinstance(value, date) else value for name, value in gone.items() if value}
        _record(actor, "opened-again", row, at, "VI.Alt3.note.b", reason.strip(), told)
    return row


def _draft(text: int) -> AdoptedText:
    row = AdoptedText.objects.select_for_update().filter(pk=text).first()
    if row is None:
        raise Refused(_("There is no text %(text)s; see the page of policy texts.") % {"text": text})
    if row.from_day:
        raise Refused(
            _("Text %(pk)s is in force since %(from_day)s; only a draft can still be changed.")
            % {"pk": row.pk, "from_day": row.from_day}
        )
    return row


def _not_to_come(day: date, today: date) -> None:
    if day > today:
        raise Refused(_("%(day)s is still to come. Write it down when it has happened.") % {"day": day})


def _record(
    actor: Actor, done: str, row: AdoptedText, at: datetime, clause: str, reason: str, data: dict[str, Any]
) -> None:
    journal.record(
        actor=actor, verb=f"board.text.{done}", subject=f"text:{row.pk}", at=at, clause=clause, reason=reason, data=data
    )
