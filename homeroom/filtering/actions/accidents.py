"""V.C: accidents told by name, and what the official to whom they come does with them."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.utils.translation import gettext as _

from homeroom.base.actor import SYSTEM, Actor
from homeroom.base.errors import Refused
from homeroom.filtering.models import InadvertentAccess, ToldAccident
from homeroom.filtering.queries import accidents as queries
from homeroom.filtering.queries.accidents import Accident
from homeroom.journal import actions as journal
from homeroom.kernel.lists.names import BadName, split_url
from homeroom.people import queries as people
from homeroom.people.models import STAFF, Role, Supervision

LONGEST = 2000


def tell_accident(*, actor: Actor, at: datetime, site: str, met_at: datetime, words: str = "") -> ToldAccident:
    """V.C.1, V.C.2: somebody signed in says what they came upon by accident. Raises Refused.

    An employee's goes to the building administrator of their school and to the supervisor whom the roster names.
    """
    host = _host(site)
    if met_at > at:
        raise Refused(_("Give the moment when you met it; it cannot be in the future."))
    on = people.today(at)
    roles = list(Role.objects.on(on).filter(person_id=actor.id).order_by("id"))
    school = next((role.school_id for role in roles if role.school_id), "")
    employee = any(role.role in STAFF for role in roles) and not any(role.role == "student" for role in roles)
    over = Supervision.objects.on(on).filter(employee=actor.id).order_by("id").first() if employee else None
    with journal.atomic():
        row = ToldAccident.objects.create(
            host=host, school=school, met_at=met_at, told_at=at, told_by_id=actor.id, words=words.strip()[:LONGEST],
            employee=employee, to_supervisor_id=over.supervisor_id if over else None,
        )  # fmt: skip
        _record(row, actor, at, "filtering.accident.told", "V.C.2" if employee else "V.C.1")
    return row


def look_at_accident(*, actor: Actor, at: datetime, accident: Accident) -> None:
    """V.C.1: an official opened one; where it names somebody, that stands in the journal as with every record."""
    with journal.atomic():
        named = isinstance(accident, ToldAccident)
        subject = f"person:{accident.told_by_id}" if named else f"accident:{accident.pk}"
        journal.record(
            actor=actor, verb="filtering.accident.seen", subject=subject, at=at, clause="V.C.1",
            data={"accident": accident.pk},
        )  # fmt: skip


def close_accident(*, actor: Actor, at: datetime, accident: Accident, note: str) -> Accident:
    """V.C.1: an official read it, says in a note what came of it, and closes it. Raises Refused."""
    if len(note.split()) < 2:
        raise Refused(_("Write in a few words what you did, such as “Talked with the class; nothing to do.”"))
    on = people.today(at)
    with journal.atomic():
        named = isinstance(accident, ToldAccident)
        mine = queries.named(actor, on) if named else queries.on_block_pages(actor, on)
        if not mine.filter(pk=accident.pk).exists():
            raise Refused(_("This is not for you to close; it may be your own. Another official reads it."))
        rows = ToldAccident.objects if named else InadvertentAccess.objects
        changed = rows.filter(pk=accident.pk, closed_at=None).update(
            closed_at=at, closed_by=actor.id, closed_by_name=actor.name, note=note.strip()[:LONGEST]
        )
        if changed != 1:
            raise Refused(_("Somebody closed it already. Open the list again."))
        accident.refresh_from_db()
        _record(accident, actor, at, "filtering.accident.closed", "V.C.1")
    return accident


def purge_accidents(*, at: datetime, actor: Actor = SYSTEM) -> int:
    """XIV.B.3: let go of accidents that were closed long ago, with site, words and pseudonym; how many."""
    with journal.atomic():
        gone = sum(rows.delete()[0] for rows in queries.closed_long_ago(at))
        if gone:
            journal.record(
                actor=actor, verb="filtering.accidents.purged", subject="accidents:closed", at=at, clause="XIV.B.3",
                reason="Their time was over (homeroom/board/data/retention.json).", data={"accidents": gone},
            )  # fmt: skip
    return gone


def _host(site: str) -> str:
    """The name of a site and nothing behind it: what somebody searched for there is not kept."""
    host = ""
    with suppress(BadName):
        host, _path = split_url(site)
    if "." not in host:
        raise Refused(
            _("“%(site)s” is no name of a site; write one such as example.org.") % {"site": site.strip()[:60]}
        )
    return host


def _record(row: Accident, actor: Actor, at: datetime, verb: str, clause: str) -> None:
    """The journal, which is never cleaned, gets no site and no words."""
    journal.record(
        actor=actor, verb=verb, subject=f"accident:{row.pk}", at=at, clause=clause, data={"school": row.school}
    )
