"""`homeroom binder`: what the district can show for a funding year, in one file."""

from __future__ import annotations

import os
from pathlib import Path

import click

from homeroom.site.django_ready import with_records


@click.command()
@click.option("--year", type=int, required=True, help="The funding year: 2026 is July 2026 to June 2027.")
@click.option("--names", is_flag=True, help="With the lists of students taught, beside a copy without names.")
@click.option("--why", default="", help="With --names: for whom, and why.")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@with_records
def binder(year: int, names: bool, why: str, out: Path) -> None:
    """Build the E-Rate binder of a funding year into OUT: a ZIP with a PDF, tables, an index and hashes."""
    from homeroom.ledger import actions, binder
    from homeroom.site.commands import typed

    def tell(done: int, of: int, what: str) -> None:
        click.echo(f"{done * 100 // of:3} % {what}", err=True)

    at = typed.moment(None)
    if out.exists():
        raise click.UsageError(f"{out} is there already. Name a new file, so that nothing is overwritten.")
    if not os.access(out.absolute().parent, os.W_OK | os.X_OK):
        raise click.UsageError(f"Nothing can be written in {out.absolute().parent}. Name a folder that is there.")
    actions.check_names(names, why)
    data = binder.build(year, at, tell, names=names)
    half = out.with_name(f".{out.name}.new")
    half.write_bytes(data)
    half.replace(out)
    actions.record_binder(actor=typed.operator(), year=year, data=data, at=at, names=names, why=why)
    click.echo(f"{out} holds the binder of funding year {year} ({len(data):,} bytes).")


COMMANDS = (binder,)
