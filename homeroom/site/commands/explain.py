"""`homeroom explain`: why is a name or URL open or blocked for somebody, now or then?"""

from __future__ import annotations

import json

import click

from homeroom.site.django_ready import with_records


@click.command()
@click.argument("target", metavar="HOST_OR_URL")
@click.option("--as", "person", default="", metavar="PERSON_ID", help="For whom; left out: somebody nobody knows.")
@click.option(
    "--at", "moment", metavar="TIME", help="When, such as 2026-11-03T14:00 (the district's time); left out: now."
)
@click.option("--bundle", default="", metavar="ID", help="By this bundle; left out: the one in force at that time.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_records
def explain(target: str, person: str, moment: str | None, bundle: str, as_json: bool) -> None:
    """Say what somebody is answered for a name or URL, by which clause, and what every step said."""
    from homeroom.filtering.queries import why
    from homeroom.site.commands import typed

    found = why.explain(target, person=person, at=typed.moment(moment), bundle=bundle)
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False))
    else:
        click.echo("\n".join(found.sentences()))


COMMANDS = (explain,)
