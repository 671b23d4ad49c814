"""The yearly notice is built from what is active."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.base.speech import in_each_language
from homeroom.journal import actions as journal
from homeroom.notices.actions import clocks, notices
from homeroom.notices.models import Clock, Notice, NoticeState
from homeroom.people import queries as people
from homeroom.providers.queries import notice as queries


def plan_notice(
    *, actor: Actor, at: datetime, contact: str, inspection: str, first_day: date, follow_until: date | None = None
) -> Notice:
    """XIII.C.0, K1: a draft for parents and students, generated from the contracts that hold; never typed by hand.

    `first_day` is the first student day, from which the thirty days run. Raises Refused where nobody has to be told of,
    or where no department is named.
    """
    on = people.today(at)
    rows = queries.notice_rows(on)
    if not rows:
        raise Refused(
            _("No active contract affects educational data, so there is nothing to tell. Classify providers first.")
        )
    if len(contact.split()) < 2:
        raise Refused(_("Name the department that answers questions, with a phone number or an e-mail address."))
    facts = {
        "providers": "; ".join(row.title for row in rows),
        **in_each_language(lambda: {"provider_data": _data(rows)}),
        "inspection": inspection.strip(), "contact": contact.strip(), "first_day": first_day.isoformat(),
    }  # fmt: skip
    with journal.atomic():
        notice = notices.draft_notice(
            actor=actor, at=at, kind="providers", title=f"Technology providers, {on.year}",
            who={"roles": ["student"]}, facts=facts, follow_until=follow_until, about=f"providers:{on.year}",
        )  # fmt: skip
        journal.record(
            actor=actor, verb="providers.notice.planned", subject=f"notice:{notice.pk}", at=at, clause="XIII.C.1",
            data={"contracts": [row.contract for row in rows], "first_day": first_day.isoformat()},
        )  # fmt: skip
    return notice


def _data(rows: Sequence[queries.Told]) -> str:
    """XIII.C.2: the kinds of data of each, in the language of the moment."""
    return "\n".join(f"{row.title}: {row.data}." for row in rows)


def watch_notice(*, actor: Actor, at: datetime) -> bool:
    """XIII.C.0, K1: from the first student day on a clock runs, also where nobody has planned the notice.

    A notice that is released has a clock of its own, and this one is withdrawn. Whether something changed.
    """
    on = people.today(at)
    began = queries.year_began(on)
    if began is None or not queries.notice_rows(on):
        return False
    about = f"provider-notice:{began}"
    released = Notice.objects.filter(kind="providers", released_at__gte=queries.plans_count_from(began))
    own = released.exclude(state=NoticeState.STOPPED).filter(clock__isnull=False).first()
    known = Clock.objects.filter(about=about)
    if own is None:
        if known.exists():
            return False
        clocks.start_clock(
            actor=actor, at=at, rule="provider-notice", about=about, since=queries.first_moment(began)
        )  # fmt: skip
        return True
    running = known.filter(met_at__isnull=True, withdrawn_at__isnull=True).first()
    if running is not None:
        clocks.withdraw_clock(actor=actor, at=at, clock=running, reason=f"“{own.title}” has a clock of its own.")
    return running is not None
