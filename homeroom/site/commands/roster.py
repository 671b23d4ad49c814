"""`homeroom roster`: take a roster in from files, and give it out again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from homeroom.site.django_ready import with_records

if TYPE_CHECKING:
    from homeroom.people.roster_actions import Report

SHOWN = 40  # problems shown to people; --json has them all


@click.group()
def roster() -> None:
    """Rosters: persons, schools, classes and guardians from the student information system."""


@roster.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--format", "format", default="", help="Left out: found out. oneroster-1.1, oneroster-1.2, sds-2.1, "
              "clever, plain or supplement.")  # fmt: skip
@click.option("--yes", is_flag=True, help="Take it in. Without this you see what would change, and nothing does.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--source", default="", help="The name of the roster's system, where a district has several.")
@click.option("--delta", is_flag=True, help="The files hold only what changed; nobody is missing from them.")
@click.option("--map", "map_file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help='A JSON file that names columns: {"Stu No": "id", "First": "givenName"}.')  # fmt: skip
@click.option("--accept-guesses", is_flag=True, help="Misspelt names of files and columns mean what the preview says.")
@click.option("--remove-anyway", is_flag=True, help="Load even if it ends more students than may go at once.")
@click.option("--leave-percent", type=click.IntRange(0, 100), default=20, show_default=True,
              help="The share of students that may go at once.")  # fmt: skip
@click.option("--by", "person", default="", metavar="PERSON_ID", help="Who loads it; left out: the operator.")
@with_records
def import_(
    path: Path,
    format: str,
    yes: bool,
    as_json: bool,
    source: str,
    delta: bool,
    map_file: Path | None,
    accept_guesses: bool,
    remove_anyway: bool,
    leave_percent: int,
    person: str,
) -> None:
    """Show what a roster would change; take it in with --yes.

    PATH is a folder, a zip or one CSV file: OneRoster 1.1 or 1.2, Microsoft SDS v2.1, Clever, or a CSV file of
    your own, with our contacts supplement beside it or alone.
    """
    from homeroom.people import roster_actions
    from homeroom.site.commands import typed

    at = typed.moment(None)
    how: dict[str, Any] = {
        "path": path, "at": at, "format": format, "source": source, "delta": delta, "mapped": _map(map_file),
        "progress": _progress,
    }  # fmt: skip
    if yes:
        report = roster_actions.load_roster(
            actor=typed.operator(person), accept_guesses=accept_guesses, remove_anyway=remove_anyway,
            leave_percent=leave_percent, **how,
        )  # fmt: skip
        _publish()
    else:
        report = roster_actions.preview_roster(**how)
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        _tell(report, leave_percent)


def _map(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, UnicodeDecodeError):
        found = None
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
        raise click.BadParameter(f'{path} is no map. Write JSON such as {{"Stu No": "id", "First": "givenName"}}.')
    return found


def _progress(name: str, count: int) -> None:
    if count >= 5000:
        click.echo(f"{name}: {count:,}", err=True)


def _publish() -> None:
    """Tell the doors at once; where that fails, the worker does it within a second."""
    from django.utils import timezone

    from homeroom.filtering import publishing

    try:
        publishing.publish(timezone.now(), parts=("roll",))
    except OSError as error:
        click.echo(f"The doors will learn of it as soon as the worker runs ({error}).", err=True)


def _tell(report: Report, leave_percent: int) -> None:
    said = "Taken in" if report.loaded else "This would change"
    click.echo(f"{said} ({report.format}, {report.source}):")
    for how in ("added", "changed", "ended"):
        counts = getattr(report, how)
        told = ", ".join(f"{count:,} {kind}" for kind, count in counts.items()) or "nothing"
        click.echo(f"  {how}: {told}")
    if report.older:
        click.echo(f"  {report.older:,} rows are older than what is known and were passed over.")
    for guess in report.guesses:
        click.echo(f"  “{guess.written}” in {guess.file} was taken as {guess.meant}. Is that right?")
    for each in report.problems[:SHOWN]:
        click.echo(f"  {each.file}, line {each.line}{f', {each.column}' if each.column else ''}: {each.sentence}")
    more = len(report.problems) - SHOWN + report.more_problems
    if more > 0:
        click.echo(f"  … and {more:,} more; --json lists them.")
    if report.loaded:
        return
    if report.students and report.leaving * 100 > report.students * leave_percent:
        click.echo(f"  {report.leaving:,} of {report.students:,} students would leave; that needs --remove-anyway.")
    confirm = " --accept-guesses" if report.guesses else ""
    click.echo(f"Nothing was changed. To take it in, say it again with --yes{confirm}.")


@roster.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@with_records
def export(folder: Path) -> None:
    """Write the people of today into FOLDER as OneRoster 1.1 CSV, with our contacts supplement."""
    from homeroom.people.roster import exporting
    from homeroom.site.commands import typed

    at = typed.moment(None)
    for name, count in exporting.export(folder, at):
        click.echo(f"{name}: {count:,}", err=True)


COMMANDS = (roster,)
