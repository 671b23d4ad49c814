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
    """Copy all records to the empty PostgreSQL database at URL, and compare counts and hashes there."""
    from homeroom.doors import environment
    from homeroom.site import databases, keeping

    databases.default(environment.home(), url)  # refuses what is no such address
    here, there = keeping.move(url)
    same = here == there
    _tell(there, as_json, f"Copied and compared. Now stop Homeroom, set DATABASE_URL={url} and start it again.")
    return 0 if same else 1


def _tell(tables: dict[str, tuple[int, str]], as_json: bool, sentence: str) -> None:
    if as_json:
        click.echo(json.dumps({"tables": tables}))
        return
    rows = sum(count for count, _ in tables.values())
    click.echo(f"{rows} rows in {len(tables)} tables. {sentence}")


COMMANDS = (backup, restore, migrate_to)
