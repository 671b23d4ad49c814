"""The commands around the journal."""

from __future__ import annotations

import json

import click

from homeroom.site.django_ready import with_records


@click.group()
def journal() -> None:
    """The append-only record of every act."""


@journal.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--last", type=click.IntRange(1), help="Look at the last N entries only.")
@with_records
def verify(as_json: bool, last: int | None) -> int:
    """Walk the chain and name every entry that was changed, removed or moved; exit code 1 when there is one."""
    from homeroom.journal import queries, witness

    since = max(1, queries.head().id - last + 1) if last else 1
    result = queries.verify(since=since, known=witness.last_seen())
    if as_json:
        click.echo(json.dumps(result.as_json(), ensure_ascii=False))
    else:
        for finding in result.findings:
            click.echo(finding.sentence)
        ending = "nothing is wrong" if result.whole else f"{len(result.findings)} findings"
        click.echo(f"Looked at {result.looked_at} entries, up to number {result.head.id}: {ending}.")
    return 0 if result.whole else 1


@journal.command("list")
@click.option("--last", type=click.IntRange(1), default=20, show_default=True, help="How many entries.")
@click.option("--subject", help="Only what was done to this subject, such as person:ben.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@with_records
def list_(last: int, subject: str | None, as_json: bool) -> None:
    """The newest entries, newest first."""
    from homeroom.journal import queries

    entries = list((queries.about(subject) if subject else queries.all_entries())[:last])
    if as_json:
        click.echo(json.dumps([queries.as_json(entry) for entry in entries], ensure_ascii=False))
        return
    for entry in entries:
        reason = f" — {entry.reason}" if entry.reason else ""
        clause = f" [{entry.clause}]" if entry.clause else ""
        click.echo(f"{entry}{clause}{reason}")


COMMANDS = (journal,)
