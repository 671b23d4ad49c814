"""`homeroom clock`: when a legal clock is due, and why then."""

from __future__ import annotations

import json
import os
from datetime import date, datetime

import click

from homeroom.doors import environment
from homeroom.kernel.deadlines import clock as clocks
from homeroom.kernel.deadlines.calendar import Calendar, calendar
from homeroom.kernel.deadlines.rules import RULES, NoSuchRule, Rule, rule
from homeroom.site.django_ready import with_records

FIRST_YEAR, LAST_YEAR = 1970, 2200  # what lies beyond is a slip of the pen; ten years are counted from a start


@click.command()
@click.argument("name", metavar="RULE", required=False)
@click.option("--from", "start", metavar="TIME", help="When it starts: 2026-11-06T17:00, or with a zone.")
@click.option("--zone", help="Another time zone than the district's; without a district America/Chicago.")
@click.option("--closed", multiple=True, metavar="DATE", help="A day on which the district is closed; repeat for more.")
@click.option("--term", "terms", multiple=True, metavar="FIRST/LAST", help="A term, for school days; repeat for more.")
@click.option("--list", "listed", is_flag=True, help="Show every clock.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON only.")
def clock(
    name: str | None,
    start: str | None,
    zone: str | None,
    closed: tuple[str, ...],
    terms: tuple[str, ...],
    listed: bool,
    as_json: bool,
) -> None:
    """Say when the clock RULE is due that starts at TIME.

    Counted by the calendar of the district that is set up here, unless a zone, closings or terms are given.
    """
    if listed or not name:
        _show_all(as_json)
        return
    if not start:
        raise click.UsageError("Say when the clock starts: --from 2026-11-06T17:00")
    given = zone or closed or terms
    here = _has_district()
    days = _own_calendar() if here and not given else _calendar(zone or "America/Chicago", closed, terms)
    begun = _instant(start, days)
    try:
        found = (_own_rule if here else rule)(name, days.day_of(begun))
        due = clocks.due(found, begun, days)
    except NoSuchRule as error:
        raise click.UsageError(str(error)) from error
    except clocks.NoDueDay as error:
        raise click.UsageError(f"{error} Or give the terms here: --term 2026-09-08/2027-06-04.") from error
    _show(found, begun, due, days, as_json)


def _has_district() -> bool:
    return "DATABASE_URL" in os.environ or (environment.home() / "homeroom.sqlite3").exists()


@with_records
def _own_calendar() -> Calendar:
    """How days count in the district: its zone, its closings, the terms of its roster."""
    from homeroom.notices.queries import days

    return days.calendar()


@with_records
def _own_rule(name: str, on: date) -> Rule:
    """A clock as the district set it. Raises NoSuchRule."""
    from homeroom.board import queries as board

    return board.rule(name, on)


def _show(found: Rule, begun: datetime, due: clocks.Due, days: Calendar, as_json: bool) -> None:
    if not as_json:
        click.echo(f"{found.title}: due {due.at:%A, %Y-%m-%d %H:%M:%S %Z}.")
        for sentence in due.why:
            click.echo(f"  {sentence}")
        click.echo(f"  {found.clause}; {found.source}.")
        return
    told = {
        "rule": found.id,
        "title": found.title,
        "start": begun.astimezone(days.zone).isoformat(),
        "due": due.at.isoformat(),
        "zone": days.zone.key,
        "why": list(due.why),
        "warnings": [at.isoformat() for at in clocks.warnings(found, begun, due.at)],
        "clause": found.clause,
        "source": found.source,
        "mark": found.mark,
    }
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))


def _show_all(as_json: bool) -> None:
    if as_json:
        rows = [
            {"rule": each.id, "title": each.title, "length": each.length, "unit": str(each.unit),
             "starts": each.starts, "clause": each.clause, "source": each.source, "mark": each.mark}
            for each in RULES
        ]  # fmt: skip
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for each in RULES:
        click.echo(f"{each.id:<26} {each.length:>3} {each.unit:<14} {each.clause:<15} {each.title}")


def _calendar(zone: str, closed: tuple[str, ...], terms: tuple[str, ...]) -> Calendar:
    try:
        days = calendar(zone=zone, closed=[date.fromisoformat(each) for each in closed])
        sessions = tuple(_term(each) for each in terms)
    except (ValueError, KeyError) as error:
        raise click.UsageError(f"{error}. Zones are such as America/Chicago, days such as 2026-11-06.") from error
    return Calendar(zone=days.zone, closed=days.closed, sessions=sessions)


def _term(text: str) -> tuple[date, date]:
    first, parted, last = text.partition("/")
    if not parted or date.fromisoformat(first) > date.fromisoformat(last):
        raise click.UsageError(f"“{text}” is not a term; give its first and last day: 2026-09-08/2027-06-04.")
    return date.fromisoformat(first), date.fromisoformat(last)


def _instant(text: str, days: Calendar) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"“{text}” is not a time; give one such as 2026-11-06T17:00.") from None
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise click.UsageError(f"No clock starts in {at.year}; give a year from {FIRST_YEAR} to {LAST_YEAR}.")
    return at if at.tzinfo else at.replace(tzinfo=days.zone)


COMMANDS = (clock,)
