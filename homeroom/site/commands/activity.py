"""The commands around what the doors answered."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from homeroom.site.django_ready import with_records


@click.group()
def activity() -> None:
    """What the doors answered: counts, and refused requests under a pseudonym."""


@activity.command("take-in")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_records
def take_in(as_json: bool) -> int:
    """Take in everything that waits in the spool, exactly once; exit code 1 when a file could not be read."""
    from dataclasses import asdict

    from django.conf import settings

    from homeroom.activity import actions

    taken = actions.take_in(home=settings.HOME, at=datetime.now(UTC), budget=float("inf"))
    if as_json:
        click.echo(json.dumps(asdict(taken)))
    else:
        click.echo(taken.sentence() or "Nothing waits in the spool.")
    return 1 if taken.trouble else 0


@activity.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--days", type=click.IntRange(1, 365), default=1, show_default=True, help="How many days back.")
@click.option("--school", default="", help="Only this school (its id); small numbers are then not told.")
@with_records
def show(as_json: bool, days: int, school: str) -> None:
    """How much was answered and refused, and whether the record is whole."""
    from django.conf import settings

    from homeroom.activity import queries

    at = datetime.now(UTC)
    since, until = at - timedelta(days=days), at + timedelta(seconds=1)
    summary = queries.summary(since, until, school=school)
    gaps, lag = queries.gaps(since, until), queries.lag(settings.HOME, at)
    if as_json:
        click.echo(json.dumps(_as_json(summary, gaps, lag), ensure_ascii=False))
    else:
        for line in _sentences(summary, gaps, lag):
            click.echo(line)


@activity.command("open")
@click.option("--access", required=True, type=int, help="The number of the access in the register.")
@click.option("--by", "person", default="", metavar="PERSON_ID", help="Who reads; left out: the operator.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_records
def open_(access: int, person: str, as_json: bool) -> None:
    """Show what was blocked for the student of an access, in the time it names; each reading is written down."""
    from homeroom.activity import actions
    from homeroom.base.errors import Refused
    from homeroom.site.commands import typed

    try:
        opened = actions.open_activity(actor=typed.operator(person), access=access, at=datetime.now(UTC))
    except Refused as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(opened.as_json(), ensure_ascii=False))
        return
    for row in opened.rows:
        click.echo(f"{row['at']:%Y-%m-%d %H:%M:%S} UTC  {row['host']:<40} {row['clause']:<8} {row['category']}")
    click.echo(
        f"{len(opened.rows):,} rows{' and more' if opened.more else ''}. This reading is written down.", err=True
    )


def _as_json(summary: Any, gaps: Any, lag: Any) -> dict[str, Any]:
    def shares(rows: Any) -> list[dict[str, Any]]:
        return [{"key": row.key, "kind": row.kind, "n": row.n.n} for row in rows]

    return {
        "since": summary.since.isoformat(), "until": summary.until.isoformat(), "school": summary.school,
        "answers": summary.answers.n, "allowed": summary.allowed.n, "rewritten": summary.rewritten.n,
        "blocked": summary.blocked.n, "floor": summary.answers.floor,
        "kinds": shares(summary.kinds), "categories": shares(summary.categories),
        "schools": [{"school": each.school, "answers": each.answers.n, "blocked": each.blocked.n}
                    for each in summary.schools],
        "gaps": {"lost_blocks": gaps.lost_blocks, "lost_answers": gaps.lost_answers, "torn": gaps.torn,
                 "damaged": gaps.damaged},
        "lag": {"files": lag.files, "bytes": lag.bytes, "seconds": lag.age},
    }  # fmt: skip


def _sentences(summary: Any, gaps: Any, lag: Any) -> list[str]:
    said = [
        f"{summary.answers} answers since {summary.since:%Y-%m-%d %H:%M} UTC: {summary.allowed} allowed, "
        f"{summary.rewritten} in their safe form, {summary.blocked} refused."
    ]
    said += [f"  refused, {row.kind}: {row.n}" for row in summary.kinds]
    said += [f"  refused as {row.key}: {row.n} ({row.kind})" for row in summary.categories[:15]]
    said += [f"  at {row.school or 'unknown places'}: {row.answers}, {row.blocked} refused" for row in summary.schools]
    if not gaps.none:
        said.append(
            f"Missing: {gaps.lost_blocks} refused requests and {gaps.lost_answers} answers that doors could not "
            f"write, {gaps.torn} torn and {gaps.damaged} damaged lines."
        )
    if lag.late:
        said.append(
            f"The intake is {lag.age:.0f} seconds behind ({lag.bytes} bytes wait). Is “homeroom worker” running? "
            "Else run: homeroom activity take-in"
        )
    return said


COMMANDS = (activity,)
