"""Back up, restore, move to PostgreSQL."""

from __future__ import annotations

import json
from pathlib import Path

import click

from homeroom.site.django_ready import with_records


@click.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_records
def backup(out: Path, as_json: bool) -> None:
    """Write everything into one file while the house runs: records, keys, lists, what waits in the spool."""
    from homeroom.doors import environment
    from homeroom.site import keeping

    tables = keeping.backup(environment.home(), out.absolute())
    _tell(tables, as_json, f"Backed up to {out}. It holds the keys too, so keep it as you keep the home.")


@click.command()
@click.argument("file", metavar="IN", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--records-only", is_flag=True, help="Leave the files of the home alone.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_records
def restore(file: Path, records_only: bool, as_json: bool) -> int:
    """Fill an empty installation from a backup; exit code 1 where its journal does not verify."""
    from homeroom.doors import environment
    from homeroom.journal import queries as journal
    from homeroom.site import keeping

    tables = keeping.restore(environment.home(), file, records_only=records_only)
    result = journal.verify()
    for finding in result.findings:
        click.echo(finding.sentence, err=True)
    _tell(
        tables, as_json, f"Restored. The journal verifies: {result.looked_at} entries." if result.whole else "Restored."
    )
    return 0 if result.whole else 1


@click.command("migrate-to")
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_records
def migrate_to(url: str, as_json: bool) -> int:
    """Copy all records to the empty PostgreSQL database at URL, and compare counts and hashes there.

    Stop Homeroom before: what is written after the copy would stay behind.
    """
    from homeroom.doors import environment
    from homeroom.site import databases, keeping

    databases.default(environment.home(), url)  # refuses what is no such address
    if said := _runs(environment.home()):
        raise click.UsageError(said)
    here, there = keeping.move(url)
    same = here == there
    _tell(there, as_json, f"Copied and compared. Now set DATABASE_URL={url} and start Homeroom.")
    return 0 if same else 1


def _runs(home: Path) -> str:
    """A sentence where this house still takes records in; the doors may run on."""
    from datetime import UTC, datetime

    from homeroom.doors import environment
    from homeroom.doors.status import read_statuses
    from homeroom.site import node_checks

    worker = read_statuses(home, datetime.now(UTC)).get("worker")
    address, port = environment.listen("HOMEROOM_WEB_LISTEN")
    web = bool(port) and node_checks.answers(address, port)
    if not web and (worker is None or worker["age"] > node_checks.SILENT):
        return ""
    part = f"the web application listens on {address}:{port}" if web else "the worker runs, or ran until just now"
    return (
        f"Stop Homeroom first: {part}. What people do after the copy would stay behind in the old database. "
        "The doors may run on, by the last bundle."
    )


def _tell(tables: dict[str, tuple[int, str]], as_json: bool, sentence: str) -> None:
    if as_json:
        click.echo(json.dumps({"tables": tables}))
        return
    rows = sum(count for count, _ in tables.values())
    click.echo(f"{rows} rows in {len(tables)} tables. {sentence}")


COMMANDS = (backup, restore, migrate_to)
