"""Setting a number of law, policy or district from a day on."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.board import parameters
from homeroom.board.models import ParameterValue
from homeroom.board.parameters import Parameter
from homeroom.journal import actions as journal
from homeroom.kernel.deadlines.rules import Unit
from homeroom.people import queries as people

AT_LEAST = ("asset-inventory", "erate-records")  # how long something is kept: more is stricter
DAY = re.compile(r"\A\d{4}-\d{2}-\d{2}\Z|\A\d{2}-\d{2}\Z")


def set_parameter(
    *, actor: Actor, at: datetime, name: str, value: int | str, from_day: date, reason: str, source: str = ""
) -> ParameterValue:
    """XVII.D: a number or word holds from a day on; what held before stays known. Raises Refused.

    A value that a bill would bring is switched on in the same way, once the bill is law.
    """
    row = parameters.by_name().get(name)
    if row is None:
        raise Refused(
            _("There is no parameter “%(name)s”; there are %(names)s.")
            % {"name": name, "names": ", ".join(parameters.by_name())}
        )
    if row.group == "retention":
        raise Refused(
            _("How long records of activity are kept ships with Homeroom; a longer time would need a ground.")
        )
    if not reason.strip():
        raise Refused(_("Give a reason; whoever asks later will read it."))
    if row.group in ("clock", "law") and not source.strip():
        raise Refused(_("This comes from law or policy. Say where the new one is written, such as “Minn. Stat. …”."))
    kept = checked(row, value)
    if row.group == "clock":
        _check_clock(row, int(kept), from_day, people.today(at))
    with journal.atomic():
        held = ParameterValue.objects.create(
            name=name, value=kept, from_day=from_day, source=source.strip()[:300], reason=reason.strip(), at=at,
            by=actor.id, by_name=actor.name,
        )  # fmt: skip
        journal.record(
            actor=actor, verb="board.parameter.set", subject=f"parameter:{name}", at=at, clause=row.clause,
            reason=held.reason, data={"value": kept, "from_day": from_day.isoformat(), "source": held.source},
        )  # fmt: skip
    return held


def _check_clock(row: Parameter, value: int, from_day: date, today: date) -> None:
    """XVII.D: clocks go by this number, so it changes nothing that has begun and gives no more time than the law."""
    if row.unit == Unit.DATE:
        raise Refused(_("%(about)s is one day for everybody; it has no length to set.") % {"about": row.about})
    if from_day < today:
        raise Refused(_("A clock changes from today on or later; what has begun keeps the time that it had."))
    stated = max(row.values, key=lambda each: each.since or date.min)
    if stated.mark not in "SL":
        return
    keeps = row.name in AT_LEAST
    if value < int(stated.value) if keeps else value > int(stated.value):
        word = "at least" if keeps else "at most"
        raise Refused(
            _(
                "%(source)s gives %(word)s %(value)s %(unit)s; the district may be stricter, not "
                "laxer. When the law itself changes, a new version of Homeroom brings the new number."
            )
            % {"source": stated.source, "word": word, "value": stated.value, "unit": row.unit}
        )


def checked(row: Parameter, value: int | str) -> int | str:
    """The value as it is kept; raises Refused for what it cannot be."""
    if row.words:
        if value not in row.words:
            raise Refused(
                _("%(name)s is one of %(names)s; “%(value)s” is not.")
                % {"name": row.name, "names": ", ".join(row.words), "value": value}
            )
        return value
    if isinstance(row.values[-1].value, str):
        if not DAY.match(str(value)):
            raise Refused(
                _("%(name)s is a day such as %(example)s; “%(value)s” is not.")
                % {"name": row.name, "example": row.values[-1].value, "value": value}
            )
        return str(value)
    try:
        number = int(value)
    except ValueError:
        raise Refused(
            _("%(name)s is a number of %(unit)s; “%(value)s” is not.")
            % {"name": row.name, "unit": row.unit, "value": value}
        ) from None
    if not row.least <= number <= row.most:
        raise Refused(
            _("%(name)s lies between %(least)s and %(most)s %(unit)s; %(number)s does not.")
            % {"name": row.name, "least": row.least, "most": row.most, "unit": row.unit, "number": number}
        )
    return number
