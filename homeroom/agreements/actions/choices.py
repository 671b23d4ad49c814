"""What the district chooses about agreements."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.utils.translation import gettext as _

from homeroom.agreements.models import Choice
from homeroom.agreements.models.choices import LONGEST_GRACE, HowMany
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal

YEAR_BEGINS = re.compile(r"\A(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])\Z")


def choose(
    *,
    actor: Actor,
    at: datetime,
    from_day: date,
    reason: str,
    guardians: str = HowMany.ONE,
    teachers: str = HowMany.ALL,
    grown_alone: bool = True,
    grace_days: int = 0,
    renewal_days: int = 30,
    year_begins: str = "07-01",
    decision: str = "",
) -> Choice:
    """T13, D.7: how agreements are handled from a day on. A grace needs the board's decision. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Say why, so that others understand it later."))
    if not 0 <= grace_days <= LONGEST_GRACE:
        raise Refused(
            _("The grace after a change of teacher is 0 to %(LONGEST_GRACE)s days.") % {"LONGEST_GRACE": LONGEST_GRACE}
        )
    if grace_days and not decision.strip():
        raise Refused(_("A grace after a change of teacher is the board's to allow; say where it decided so."))
    if not YEAR_BEGINS.match(year_begins):
        raise Refused(_("Write the first day of a school year's agreements as MM-DD, such as 07-01."))
    if guardians not in HowMany.values or teachers not in HowMany.values:
        raise Refused(_("Either one signs, or all of them do."))
    values = {
        "guardians": guardians, "teachers": teachers, "grown_alone": grown_alone, "grace_days": grace_days,
        "renewal_days": renewal_days, "year_begins": year_begins,
    }  # fmt: skip
    with journal.atomic():
        row = Choice.objects.create(
            from_day=from_day, decision=decision.strip(), reason=reason.strip(), at=at, by=actor.id,
            by_name=actor.name, **values,
        )  # fmt: skip
        journal.record(
            actor=actor, verb="agreements.chosen", subject="agreements:choice", at=at, clause="IX.C.6",
            reason=row.reason, data={**values, "guardians": str(guardians), "teachers": str(teachers),
                                     "from_day": from_day},
        )  # fmt: skip
    return row
