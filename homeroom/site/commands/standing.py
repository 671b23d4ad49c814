"""`homeroom standing`: is the network open to somebody, and if not, what is missing?"""

from __future__ import annotations

import json

import click

from homeroom.site.django_ready import with_records


@click.command()
@click.argument("person", metavar="PERSON_ID")
@click.option("--on", "day", metavar="DATE", help="On this day, such as 2026-11-03; left out: today.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_records
def standing(person: str, day: str | None, as_json: bool) -> int:
    """Say whether the network is open to somebody, with every reason and its clause; 1 where it is closed."""
    from datetime import date

    from django.utils import timezone

    from homeroom.access import facts
    from homeroom.people import queries as people
    from homeroom.people.models import Person

    try:
        on = date.fromisoformat(day) if day else people.today(timezone.now())
    except ValueError:
        raise click.BadParameter(f"“{day}” is no day; write one such as 2026-11-03.") from None
    row = Person.objects.filter(pk=person).first()
    if row is None:
        raise click.BadParameter(f"Nobody has the id “{person}”; see “homeroom people list”.")
    found = facts.standing_of(person, on)
    if as_json:
        missing = [
            {"clause": each.clause, "code": each.code, "sentence": each.sentence, "step": each.step}
            for each in found.missing
        ]
        said = {"person": person, "on": on.isoformat(), "standing": _word(found.open), "missing": missing}
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        click.echo(f"The network is {_word(found.open)} for {row.name} on {on}.")
        for each in found.missing:
            click.echo(f"  {each.sentence} ({each.clause})\n    {each.step}")
    return 0 if found.open else 1


def _word(open_: bool) -> str:
    return "open" if open_ else "closed"


COMMANDS = (standing,)
