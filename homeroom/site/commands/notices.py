"""`homeroom notices`: how far notices are, and the look for whoever was forgotten."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click

from homeroom.base.words import counted
from homeroom.site.django_ready import with_records


@click.group()
def notices() -> None:
    """What was told to whom, and whether it arrived."""


@notices.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_records
def status(as_json: bool) -> int:
    """How far each notice is; exit code 1 where one is late, a clock is late, or letters need a person."""
    from homeroom.notices.models import Notice
    from homeroom.notices.queries import clocks, progress

    at = datetime.now(UTC)
    rows = Notice.objects.exclude(kind="reminder").exclude(state="stopped")[:500]
    seen = progress.progress(list(rows))
    late = clocks.late(at).count()
    told = {
        "notices": [_as_json(each, at) for each in seen],
        "clocks": {"running": clocks.running().count(), "late": late},
        "need_a_person": sum(each.open for each in seen),
    }
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for line in _lines(told):
            click.echo(line)
    wrong = late or told["need_a_person"] or any(each.late(at) for each in seen)
    return int(bool(wrong))


@notices.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_records
def reconcile(as_json: bool) -> int:
    """Look for missing, stuck and hopeless letters and set them going; exit code 1 where some were found."""
    from homeroom.notices.actions import reconciling
    from homeroom.site.commands import typed

    found = reconciling.reconcile(at=datetime.now(UTC), actor=typed.operator())
    if as_json:
        click.echo(json.dumps(asdict(found)))
    else:
        click.echo(found.sentence or "Nobody is forgotten.")
    return int(bool(found.missing or found.stuck or found.out_of_time))


@notices.command()
@click.argument("service")
@with_records
def webhook(service: str) -> None:
    """Print the address that a mail SERVICE calls to report what became of letters."""
    from django.conf import settings

    from homeroom.notices import webhooks
    from homeroom.notices.views.letters import service_secret

    if service not in webhooks.VIEWS:
        raise click.BadParameter(f"“{service}” is not known; give one of {', '.join(webhooks.VIEWS)}.")
    click.echo(f"{settings.PUBLIC_URL}/mail/reports/{service}/{service_secret(service)}")


def _as_json(each: Any, at: datetime) -> dict[str, Any]:
    row = each.notice
    return {
        "id": row.pk, "kind": row.kind, "title": row.title, "state": row.state, "built": row.built_at is not None,
        "due": row.due_at.isoformat() if row.due_at else None, "late": each.late(at), "complete": each.complete,
        "letters": each.all, "delivered": each.delivered, "read": each.read, "need_a_person": each.open,
        "states": each.states,
    }  # fmt: skip


def _lines(told: dict[str, Any]) -> list[str]:
    said = []
    for each in told["notices"]:
        state = "late" if each["late"] else "complete" if each["complete"] else each["state"]
        said.append(
            f"{each['id']:>5}  {each['title']}: {each['delivered']} of {each['letters']} delivered, "
            f"{each['need_a_person']} need a person; {state}."
        )
    clocks = told["clocks"]
    late = f"{clocks['late']} of them {'is' if clocks['late'] == 1 else 'are'} late"
    said.append(f"{counted(clocks['running'], 'clock runs', 'clocks run')}, {late}.")
    return said if told["notices"] else ["No notice was planned yet.", *said]


COMMANDS = (notices,)
