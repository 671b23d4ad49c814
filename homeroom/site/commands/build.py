"""`homeroom build`: compile all lists and give the doors a new bundle."""

from __future__ import annotations

import json

import click

from homeroom.site.django_ready import with_records


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_records
def build(as_json: bool) -> int:
    """Compile every list that waits or is live, and publish; exit code 1 when the build failed."""
    from homeroom.filtering.actions import builds
    from homeroom.filtering.models import Outcome
    from homeroom.site.commands import typed

    run = builds.build(actor=typed.operator(), at=typed.moment(None))
    if as_json:
        click.echo(json.dumps(builds.as_json(run), ensure_ascii=False))
    else:
        click.echo(run.sentence)
    return 0 if run.outcome == Outcome.DONE else 1


COMMANDS = (build,)
