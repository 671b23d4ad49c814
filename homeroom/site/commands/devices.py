"""`homeroom devices`: the inventory of school-issued devices and software, and the console's own log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from homeroom.site.django_ready import with_records

if TYPE_CHECKING:
    from homeroom.devices.actions import inventory
    from homeroom.kernel.devices.documents import Problem

SHOWN = 40  # problems shown to people; --json has them all
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def devices() -> None:
    """School-issued devices and software: inventory, loans, and who looked into them."""


@devices.command("import")
@click.argument("path", type=FILE)
@click.option("--format", "format", default="", help="Left out: found out. csv, google or intune.")
@click.option("--yes", is_flag=True, help="Take it in. Without this you see what would change, and nothing does.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--by", "person", default="", metavar="PERSON_ID", help="Who loads it; left out: the operator.")
@with_records
def import_(path: Path, format: str, yes: bool, as_json: bool, person: str) -> None:
    """Show what an inventory would change; take it in with --yes.

    PATH is a CSV file, or what Google Admin (chromeosdevices) or Intune (managedDevices) answered, as JSON.
    """
    from homeroom.devices.actions import inventory
    from homeroom.site.commands import typed

    report = inventory.take_in_inventory(
        actor=typed.operator(person), data=path.read_bytes(), file=path.name, at=typed.moment(None), format=format,
        load=yes,
    )  # fmt: skip
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        _tell(report)
    if report.problems:
        click.get_current_context().exit(1)


@devices.command("list")
@click.option("--state", default="", help="Only free, lent, unaccepted, overdue, missing or retired ones.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
@with_records
def list_(state: str, as_json: bool) -> None:
    """List devices and software, and who has them."""
    from homeroom.devices.queries import resources
    from homeroom.people import queries as people
    from homeroom.site.commands import typed

    if state and state not in resources.STATES:
        raise click.UsageError(f"There is no state “{state}”. States are: {', '.join(resources.STATES)}.")
    at = typed.moment(None)
    found = resources.in_state(resources.resources(), state, people.today(at))
    rows = [resources.as_json(row, at) for row in found]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        mark = "missing" if row["missing"] else "retired" if row["retired"] else str(row["person"] or "free")
        click.echo(f"{row['tag'] or row['serial'] or row['id']!s:<16} {row['kind']:<9} {mark:<16} {row['title']}")
    if not rows:
        click.echo("Nothing is on record here. Take an inventory in with: homeroom devices import FILE")


@devices.command("log")
@click.argument("path", type=FILE)
@click.option("--source", default="", help="Left out: found out. google, intune or csv.")
@click.option("--yes", is_flag=True, help="Take it in. Without this you see what it holds, and nothing changes.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--by", "person", default="", metavar="PERSON_ID", help="Who loads it; left out: the operator.")
@with_records
def log(path: Path, source: str, yes: bool, as_json: bool, person: str) -> None:
    """Hold a management console's own log against the grounds on record; what has none is a finding (exit 1)."""
    from homeroom.devices.actions import console
    from homeroom.site.commands import typed

    at = typed.moment(None)
    report = console.take_in_log(
        actor=typed.operator(person), data=path.read_bytes(), file=path.name, at=at, source=source, load=yes
    )
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        click.echo(f"{report.acts:,} acts reach a feature ({report.known:,} known already), {report.others:,} do not.")
        click.echo(f"{report.grounded:,} have a ground on record, {report.findings:,} have none.")
        _problems(report.file, report.problems)
        if not yes:
            click.echo("Nothing was changed. To take it in, say it again with --yes.")
    if report.problems or report.findings:
        click.get_current_context().exit(1)


def _tell(report: inventory.Report) -> None:
    if report.problems:
        _problems(report.file, report.problems)
        click.echo("Nothing was changed: an inventory is taken in whole or not at all. Mend these and try again.")
        return
    said = "Taken in" if report.loaded else "This would change"
    click.echo(f"{said} ({report.format}, {report.rows:,} resources):")
    click.echo(
        f"  {report.added:,} new, {report.changed:,} changed, {report.same:,} as they are, {report.retired:,} retired"
    )
    click.echo(f"  {report.lent:,} lent to the student named; they have yet to accept the words")
    if report.differs:
        click.echo(f"  {len(report.differs):,} are with somebody else here: {', '.join(report.differs[:10])}")
    if report.unknown_people:
        names = ", ".join(report.unknown_people[:10])
        click.echo(
            f"  {len(report.unknown_people):,} name nobody who is a student here today, so nobody is lent: {names}"
        )
        click.echo("  Write the student's id or school e-mail address.")
    if not report.loaded:
        click.echo("Nothing was changed. To take it in, say it again with --yes.")


def _problems(file: str, problems: list[Problem]) -> None:
    for each in problems[:SHOWN]:
        click.echo(f"  {file}, line {each.line}{f', {each.column}' if each.column else ''}: {each.sentence}")
    if len(problems) > SHOWN:
        click.echo(f"  … and {len(problems) - SHOWN:,} more; --json lists them.")


COMMANDS = (devices,)
