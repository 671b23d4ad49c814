"""From draft to text in force: money, choice, notice, hearing, day."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.board import actions, queries
from homeroom.board.forms.fields import ReasonForm
from homeroom.board.forms.texts import ChooseForm, FundingForm, HearingForm, InForceForm, NoticeForm
from homeroom.board.views.shared import BOARD, change, today
from homeroom.board.views.texts import the_text


@needs(*BOARD)
@FORM
def funding(request: Any) -> HttpResponse:
    """VI.note1.b: which money is sought; the answers recommend an alternative."""
    now = queries.funding(today())
    initial = {each: getattr(now, each) for each in ("state_aid", "erate_access", "federal_other")} if now else {}
    return change(
        request, FundingForm(request.POST or None, initial=initial), _("Which money does the district seek?"),
        actions.answer_funding, reverse("board:texts"), said=_("The answers are kept."),
        hint=_("Tick all that are sought for the Internet. The answers recommend an alternative of Article VI."),
    )  # fmt: skip


@needs(*BOARD)
@FORM
def choose(request: Any, pk: int) -> HttpResponse:
    """VI.note1.c: exactly one alternative, and the options of V.A.6."""
    row = the_text(pk)
    alternatives, options = queries.to_choose(row), queries.offered_options(row)
    profile = queries.funding(today())
    number = queries.number(row) or (queries.recommended(profile) if profile else "")
    initial = {
        "alternative": number, "options": row.options, "adult_monitoring": row.adult_monitoring, "reason": row.reason,
    }  # fmt: skip
    form = ChooseForm(request.POST or None, initial=initial, alternatives=alternatives, options=options)
    hint = _("Answer first which money is sought; then an alternative is recommended.")
    if profile:
        hint = _("The money sought asks for Alternative %(n)s. A stricter one may be chosen.") % {
            "n": queries.recommended(profile)
        }
    return change(
        request, form, _("What the board chooses"), actions.choose, _back(pk), said=_("The choice is kept."),
        hint=hint, act_on={"text": pk},
    )  # fmt: skip


@needs(*BOARD)
@FORM
def notice(request: Any, pk: int) -> HttpResponse:
    """VI.Alt3.note.b: the public was told."""
    row = the_text(pk)
    initial = {"noticed_on": row.noticed_on, "notice_where": row.notice_where}
    return change(
        request, NoticeForm(request.POST or None, initial=initial), _("Public notice"), actions.publish_notice,
        _back(pk), said=_("The notice is written down."), act_on={"text": pk},
    )  # fmt: skip


@needs(*BOARD)
@FORM
def hearing(request: Any, pk: int) -> HttpResponse:
    """VI.Alt3.note.b: the meeting was held."""
    row = the_text(pk)
    initial = {"hearing_on": row.hearing_on, "minutes": row.minutes, "voted_on": row.voted_on, "vote": row.vote}
    return change(
        request, HearingForm(request.POST or None, initial=initial), _("Hearing and vote"), actions.hold_hearing,
        _back(pk), said=_("The hearing is written down."), act_on={"text": pk},
    )  # fmt: skip


@needs(*BOARD)
@FORM
def open_again(request: Any, pk: int) -> HttpResponse:
    """VI.Alt3.note.b: the words shall change after all; notice and hearing are needed anew."""
    the_text(pk)
    return change(
        request, ReasonForm(request.POST or None), _("Open the words again?"), actions.open_words_again, _back(pk),
        said=_("The words can be changed. Notice and hearing are needed anew."), button=_("Open them"),
        act_on={"text": pk},
        hint=_("What was written down of notice, hearing and vote stays in the record, and counts no more."),
    )  # fmt: skip


@needs(*BOARD)
@FORM
def in_force(request: Any, pk: int) -> HttpResponse:
    """VI.Alt3.note.b: from a day on the text is in force."""
    the_text(pk)
    return change(
        request, InForceForm(request.POST or None), _("Put this text in force"), actions.put_in_force, _back(pk),
        said=_("The text has its first day."), act_on={"text": pk},
        hint=_("Under Alternative 3, notice and hearing must be written down first."),
    )  # fmt: skip


@needs(*BOARD)
@FORM
def take_day_back(request: Any, pk: int) -> HttpResponse:
    """VI.note1.c: the first day was a mistake, or the board put it off."""
    row = the_text(pk)
    return change(
        request, ReasonForm(request.POST or None), _("Take its first day back?"), actions.take_day_back, _back(pk),
        said=_("The text is a draft again."), button=_("Take it back"), act_on={"text": pk},
        hint=_("%(text)s becomes a draft again, and the text before it goes on.") % {"text": row},
    )  # fmt: skip


def _back(pk: int) -> str:
    return reverse("board:text", args=[pk])
