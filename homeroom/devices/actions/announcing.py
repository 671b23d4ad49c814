"""XIV.C.1b: students and parents are told in advance of what is watched; the notice is built from the programmes."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.base.speech import in_each_language
from homeroom.devices import titles
from homeroom.devices.queries import register, told
from homeroom.journal import actions as journal
from homeroom.notices.actions import notices
from homeroom.notices.models import Notice
from homeroom.people import queries as people


def plan_notice(*, actor: Actor, at: datetime, from_day: date, follow_until: date | None = None) -> Notice:
    """XIV.C.1b: a draft for students and parents from the programmes that stand; released under Notices.

    Raises Refused where nothing stands, or what is told of would have begun already.
    """
    rows = list(register.programmes().order_by("name"))
    if not rows:
        raise Refused(_("No programme stands, so there is nothing to tell. Authorize one first."))
    if from_day <= people.today(at):
        raise Refused(_("It is told in advance: give a day after today from which on is looked."))
    said = in_each_language(
        lambda: {
            "features": [f"{row.name}: {titles.named(row.features)}. {row.scope}" for row in rows],
            "from_day": titles.day(from_day),
        }
    )
    facts = {"purpose": [f"{row.name}, {row.tool}: {row.why} {row.who}" for row in rows], **said}
    with journal.atomic():
        notice = notices.draft_notice(
            actor=actor, at=at, kind=told.KIND, title=f"What is watched on school devices, from {from_day}",
            who={"roles": ["student"]}, facts=facts, follow_until=follow_until, about=f"programmes:{from_day}",
        )  # fmt: skip
        journal.record(
            actor=actor, verb="devices.programme.notice-planned", subject=f"notice:{notice.pk}", at=at,
            clause="XIV.C.1b", data={"programmes": [row.pk for row in rows], "from": from_day.isoformat()},
        )  # fmt: skip
    return notice
