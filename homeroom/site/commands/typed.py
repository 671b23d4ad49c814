"""What is typed at the command line: instants, days, and who types."""

from __future__ import annotations

import getpass
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from homeroom.base.actor import Actor


def moment(text: str | None) -> datetime:
    """An instant, in the district's time where no zone is written; now where nothing is."""
    from django.utils import timezone

    from homeroom.people import queries as people

    if not text:
        return timezone.now()
    try:
        written = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"“{text}” is no time; write one such as 2026-11-03T14:00.") from None
    return written if written.tzinfo else written.replace(tzinfo=people.zone())


def day(text: str | None) -> date | None:
    """A day; None where nothing is written."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise click.BadParameter(f"“{text}” is no day; write one such as 2026-11-03.") from None


def until(text: str | None) -> datetime | None:
    """An end; a bare day means the end of that day."""
    if not text:
        return None
    return moment(f"{text}T23:59:59" if len(text) == len("2026-11-03") else text)


def operator(person: str = "") -> Actor:
    """Who acts: the person of that id with today's roles, else whoever sits at the machine."""
    from homeroom.base import actor
    from homeroom.people import queries as people
    from homeroom.people.models import Person

    if not person:
        return actor.operator(getpass.getuser())
    row = Person.objects.filter(pk=person).first()
    if row is None:
        raise click.BadParameter(f"Nobody has the id “{person}”; see “homeroom people list”.")
    held = set(row.roles.on(people.today(moment(None))).values_list("role", flat=True))  # type: ignore[attr-defined]
    if held <= {"student", "guardian"}:
        raise click.BadParameter(
            f"{row.name} does not work here, so cannot act for the district; name somebody who does."
        )
    return actor.Actor(id=row.pk, name=row.name, roles=frozenset(held))


COMMANDS: tuple[click.Command, ...] = ()
