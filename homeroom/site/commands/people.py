"""The commands around people."""

from __future__ import annotations

import json

import click

from homeroom.site.django_ready import with_records

HEADINGS = ("id", "name", "role", "school", "grade", "classes", "profile", "standing")


@click.group()
def people() -> None:
    """Persons, roles, schools and classes."""


@people.command("list")
@click.option("--role", default="", help="Only those who hold this role today, such as student or teacher.")
@click.option("--school", default="", help="Only those of this school, by its id.")
@click.option("--limit", type=click.IntRange(1), help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@with_records
def list_(role: str, school: str, limit: int | None, as_json: bool) -> None:
    """Who is who today, with filter profile and standing."""
    from django.utils import timezone
    from django.utils.translation import gettext as _

    from homeroom.access import directory
    from homeroom.base.errors import Refused
    from homeroom.people import queries
    from homeroom.people.models import RoleName, School

    if role and role not in RoleName.values:
        raise Refused(
            _("No such role: %(role)s. Roles are %(known)s.") % {"role": role, "known": ", ".join(RoleName.values)}
        )
    if school and not School.objects.filter(pk=school).exists():
        raise Refused(
            _("No such school: %(school)s. Schools are %(known)s.")
            % {"school": school, "known": ", ".join(School.objects.values_list("pk", flat=True))}
        )
    rows = directory.people(queries.today(timezone.now()), role=role, school=school, limit=limit)
    if as_json:
        click.echo(json.dumps([row.as_json() for row in rows], ensure_ascii=False))
        return
    _table(
        [
            [*(str(getattr(row, name)) for name in HEADINGS[:5]), " ".join(row.classes), row.profile, row.standing]
            for row in rows
        ]
    )


def _table(rows: list[list[str]]) -> None:
    widths = [max(len(cell) for cell in column) for column in zip(HEADINGS, *rows, strict=True)]
    for row in (list(HEADINGS), *rows):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


COMMANDS = (people,)
