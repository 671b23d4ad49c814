"""XIV.C.0: standing programmes: authorised once by two people, told in advance, looked at again each year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.devices.models import Programme, ProgrammeReview
from homeroom.journal import actions as journal
from homeroom.kernel.devices import gate
from homeroom.kernel.devices.terms import EDUCATIONAL, Feature, Ground
from homeroom.people import queries as people

STANDING = (Ground.EDUCATION, Ground.LAW, Ground.FUNDING)


@dataclass(frozen=True, slots=True)
class Plan:
    """A programme as somebody proposes it."""

    name: str
    tool: str
    features: Sequence[str]
    ground: str
    purpose: str
    why: str
    scope: str
    who: str
    citation: str = ""
    retention: str = ""


def authorise(*, actor: Actor, plan: Plan, asked_by: str, at: datetime) -> Programme:
    """XIV.C.0: let a way of looking stand for a year. Raises Refused with all that is missing."""
    lacks = list(_lacks(plan))
    if asked_by == actor.id:
        lacks.append(_("Somebody else than the one who asks must authorise a programme."))
    if lacks:
        raise Refused(" ".join(lacks))
    with journal.atomic():
        if Programme.objects.filter(name=plan.name.strip(), ended_at__isnull=True).exists():
            raise Refused(
                _("There is a programme “%(name)s” already. Look at it again instead.") % {"name": plan.name.strip()}
            )
        row = Programme.objects.create(
            name=plan.name.strip(), tool=plan.tool.strip(), features=sorted(set(plan.features)), ground=plan.ground,
            purpose=plan.purpose, citation=plan.citation.strip(), why=plan.why.strip(), scope=plan.scope.strip(),
            who=plan.who.strip(), retention=plan.retention.strip(), tell=True, asked_by=asked_by, authorised_at=at,
            authorised_by=actor.id, authorised_by_name=actor.name, review_on=_year_later(people.today(at)),
        )  # fmt: skip
        _record(actor, "devices.programme.authorised", row, at, plan.why)
    return row


def review(*, actor: Actor, programme: int, words: str, keep: bool, at: datetime) -> Programme:
    """XIV.C.0: the yearly look at a programme: keep it for another year, or end it. Raises Refused."""
    if len(words.split()) < 3:
        raise Refused(_("Say in a sentence what you looked at and why it stays or ends."))
    today = people.today(at)
    with journal.atomic():
        new = {"review_on": _year_later(today)} if keep else {"ended_at": at, "ended_why": words.strip()}
        if Programme.objects.filter(pk=programme, ended_at__isnull=True).update(**new) != 1:
            raise Refused(_("This programme has ended, or there is none."))
        row = Programme.objects.get(pk=programme)
        ProgrammeReview.objects.create(
            programme=row, at=at, reviewer=actor.id, reviewer_name=actor.name, words=words.strip()
        )
        _record(actor, "devices.programme.reviewed" if keep else "devices.programme.ended", row, at, words)
    return row


def _lacks(plan: Plan) -> list[str]:
    wrong = {
        _("Give the programme a name and name the tool."): not (plan.name.strip() and plan.tool.strip()),
        _("Name the features it reaches."): not plan.features or bool(set(plan.features) - set(Feature)),
        _("A programme stands on education, on a law or on a funding programme; other grounds are for single cases."):
            plan.ground not in STANDING,
        _("For teaching, the purpose is instruction, support or exams."):
            plan.ground == Ground.EDUCATION and plan.purpose not in EDUCATIONAL,
        _("Cite the law or the funding programme that demands it."):
            plan.ground in (Ground.LAW, Ground.FUNDING) and not plan.citation.strip(),
        _("Say why, how far it goes, and who looks."):
            min(len(words.split()) for words in (plan.why, plan.scope, plan.who)) < 2,
    }  # fmt: skip
    return [sentence for sentence, applies in wrong.items() if applies]


def _year_later(day: date) -> date:
    return date(day.year + 1, day.month, min(day.day, 28))


def _record(actor: Actor, verb: str, row: Programme, at: datetime, reason: str) -> None:
    journal.record(
        actor=actor, verb=verb, subject=f"device-programme:{row.pk}", at=at, clause=gate.clause(row.ground),
        reason=reason.strip(), data={"features": row.features, "tool": row.tool},
    )  # fmt: skip
