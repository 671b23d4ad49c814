"""The command that looks whether the house is well."""

from __future__ import annotations

import json

import click

from homeroom.site.django_ready import with_django


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--mend", is_flag=True, help="First bring the databases to this version.")
@with_django
def check(as_json: bool, mend: bool) -> int:
    """Say in sentences what is wrong; exit code 1 when something is."""
    from django.utils import timezone

    from homeroom.site import checks, migrate

    if mend:
        migrate.bring_up_to_date()
    good, troubles = checks.look(timezone.now())
    if as_json:
        found = [{"check": trouble.check, "sentence": trouble.sentence} for trouble in troubles]
        click.echo(json.dumps({"well": not troubles, "good": good, "troubles": found}, ensure_ascii=False))
    else:
        for trouble in troubles:
            click.echo(trouble.sentence)
        click.echo(f"Well: {', '.join(good) or 'nothing'}." if troubles else "Everything is well.")
    return 1 if troubles else 0


COMMANDS = (check,)
