"""`homeroom ledger`, `clause` and `probe`: how each clause is kept, and what shows it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from homeroom.site.django_ready import with_records

if TYPE_CHECKING:
    from homeroom.ledger.queries import Entry

LONGEST = 300.0  # seconds that one probe may take
WORDS = {"nothing": "nothing to look at yet"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list, one object for each clause.")
@click.option("--write-tests", type=click.Path(file_okay=False, exists=True, path_type=Path), metavar="CHECKOUT",
              help="Read which tests show which clause from a checkout, and write that into it.")  # fmt: skip
@click.option("--write-commit", type=click.Path(file_okay=False, exists=True, path_type=Path), metavar="CHECKOUT",
              help="For a release: write the commit that a checkout stands at beside the tests.")  # fmt: skip
@with_records
def ledger(as_json: bool, write_tests: Path | None, write_commit: Path | None) -> None:
    """Every clause: its state, how it is kept, what was looked at and what was broken."""
    from homeroom.ledger import manifest, queries
    from homeroom.site.commands import typed

    if write_tests:
        target = write_tests / "homeroom" / "ledger" / "data" / "tests.json"
        target.with_suffix(".new").write_text(manifest.written(manifest.scan(write_tests)), encoding="utf-8")
        target.with_suffix(".new").replace(target)
        click.echo(f"{target} is up to date.")
        return
    if write_commit:
        commit = manifest.of_checkout(write_commit)
        if not commit:
            raise click.BadParameter(f"{write_commit} is no checkout of a repository.")
        target = write_commit / "homeroom" / "ledger" / "data" / manifest.COMMIT.name
        target.write_text(f"{commit}\n", encoding="utf-8")
        click.echo(f"{target} says {commit}.")
        return
    entries = queries.ledger(typed.moment(None)).entries
    if as_json:
        click.echo(json.dumps([queries.as_json(each) for each in entries], ensure_ascii=False, indent=2))
        return
    for each in entries:
        click.echo(_line(each))
    states = [str(each.state) for each in entries]
    click.echo(", ".join(f"{states.count(state)} {WORDS.get(state, state)}" for state in dict.fromkeys(states)))


def _line(entry: Entry) -> str:
    figures = f", {entry.broken} of {entry.looked_at}" if entry.seen and entry.looked_at else ""
    state = WORDS.get(entry.state, str(entry.state))
    return f"{entry.id:17} {state}{figures}: {entry.title}"


@click.command()
@click.argument("id", metavar="CLAUSE")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_records
def clause(id: str, as_json: bool) -> None:
    """One clause: the district's words, how it is kept, what was seen, which tests show it."""
    from homeroom.board import queries as board
    from homeroom.kernel import clauses
    from homeroom.ledger import queries
    from homeroom.site.commands import typed

    try:
        found = queries.entry(clauses.check(clauses.written(id)), typed.moment(None))
    except clauses.BadClause as error:
        raise click.BadParameter(str(error)) from None
    assert found is not None, "check() let it pass"
    if as_json:
        words = found.text and board.row_as_json(found.text)
        click.echo(json.dumps(queries.as_json(found) | {"text": words}, ensure_ascii=False, indent=2))
        return
    click.echo(_line(found))
    if found.text:
        click.echo(f"  {found.text.id}: {found.text.lead_in} {found.text.words} {found.text.closing}".rstrip())
    duty = found.duty
    click.echo(f"  {duty.what} ({duty.who}; {duty.when}; {duty.law})")
    click.echo(f"  {found.claim.sentence} {found.claim.missing}".rstrip())
    for look in found.seen:
        click.echo(f"  {look}, looked {look.at:%Y-%m-%d %H:%M %Z}. {look.failed or look.summary}".rstrip())
    for test in found.tests:
        click.echo(f"  {test}")


@click.command()
@click.argument("clause", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of what was seen.")
@with_records
def probe(clause: str | None, as_json: bool) -> int:
    """Look now, for one CLAUSE or for all; exit code 1 where something is broken or could not be looked at."""
    from homeroom.kernel import clauses
    from homeroom.kernel.policytext.claims import name
    from homeroom.ledger import actions, catalogue, queries
    from homeroom.site.commands import typed

    try:
        claimed = catalogue.claims()[clauses.check(clauses.written(clause))].probes if clause else ()
    except clauses.BadClause as error:
        raise click.BadParameter(str(error)) from None
    names = [name(each) for each in claimed] if clause else list(catalogue.probes())
    at, actor = typed.moment(None), typed.operator()
    rows = actions.look_all(actor=actor, probes=names, at=at, within=LONGEST)
    if as_json:
        told = [queries.look_as_json(row) for row in rows]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for row in rows:
            click.echo(f"{row}. {row.failed or row.summary}".rstrip())
        if not rows:
            click.echo("Nothing is looked at for this clause; it is open.")
    return int(any(row.broken or row.failed for row in rows))


COMMANDS = (ledger, clause, probe)
