"""`homeroom lists` and `homeroom viewpoint`: where names come from, and whether views are treated alike."""

from __future__ import annotations

import json
from pathlib import Path

import click

from homeroom.base.words import counted
from homeroom.site.django_ready import with_records


@click.group()
def lists() -> None:
    """Filter lists: their sources, versions and what they hold."""


@lists.command()
@click.argument("name")
@click.argument("location", metavar="PATH_OR_URL")
@click.option("--format", required=True, help="hosts, domains, wildcards, adblock, rpz, dnsmasq or ut1.")
@click.option("--category", default="", help="What the list is about; not for ut1, whose folders say it.")
@click.option("--covers", default="", help="What a bare name covers: suffix (with subdomains), exact or sub.")
@click.option("--licence", default="", help="Under which terms the list may be used.")
@click.option("--homepage", default="", help="Where the list is described.")
@click.option("--every", "every_hours", type=click.IntRange(1, 24 * 90), default=24, show_default=True,
              help="Hours between two looks for a newer version.")  # fmt: skip
@click.option("--by", "person", default="", metavar="PERSON_ID", help="Who adds it; left out: the operator.")
@with_records
def add(
    name: str,
    location: str,
    format: str,
    category: str,
    covers: str,
    licence: str,
    homepage: str,
    every_hours: int,
    person: str,
) -> None:
    """Add a list and read it once; “homeroom build” puts it in force."""
    from homeroom.filtering.actions import sources
    from homeroom.site.commands import typed

    actor, at = typed.operator(person), typed.moment(None)
    sources.add_source(
        actor=actor, name=name, format=format, location=location, at=at, category=category, covers=covers,
        licence=licence, homepage=homepage, every_hours=every_hours,
    )  # fmt: skip
    version = sources.update_source(actor=actor, name=name, at=at)
    click.echo(version.sentence if version else f"{name} was added; its file is known already.")


@lists.command()
@click.argument("name", required=False)
@with_records
def update(name: str | None) -> int:
    """Look for newer versions of one list or all; exit code 1 when one could not be read."""
    from homeroom.base.errors import Refused
    from homeroom.filtering.actions import sources
    from homeroom.filtering.queries import lists as queries
    from homeroom.site.commands import typed

    failed = 0
    for each in [name] if name else queries.sources().values_list("name", flat=True):
        try:
            version = sources.update_source(actor=typed.operator(), name=each, at=typed.moment(None))
        except Refused as refused:
            failed = 1
            click.echo(f"{each}: {refused}", err=True)
        else:
            click.echo(f"{each}: {version.sentence if version else 'nothing new.'}")
    return failed


@lists.command()
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON: a list, or one object for one list.")
@with_records
def show(name: str | None, as_json: bool) -> None:
    """All lists, or one with its versions, counts and the lines that no reader understood."""
    from homeroom.filtering.queries import lists as queries

    if name is None:
        rows = [queries.as_json(source) for source in queries.sources()]
        click.echo(json.dumps(rows, ensure_ascii=False) if as_json else _told(rows))
        return
    source = queries.source(name)
    if source is None:
        raise click.BadParameter(f"There is no list “{name}”; see “homeroom lists show”.")
    row = queries.as_json(source, whole=True)
    click.echo(json.dumps(row, ensure_ascii=False) if as_json else json.dumps(row, ensure_ascii=False, indent=2))


def _told(rows: list[dict[str, object]]) -> str:
    if not rows:
        return "There is no list yet; add one with “homeroom lists add”."
    return "\n".join(f"{row['name']}: {row['sentence']}" for row in rows)


@lists.command()
@click.argument("name")
@click.option("--reason", required=True, help="Why it is no longer used; stays in the journal.")
@click.option("--by", "person", default="", metavar="PERSON_ID", help="Who ends it; left out: the operator.")
@with_records
def end(name: str, reason: str, person: str) -> None:
    """No longer use a list, also one that could never be read; the next build leaves it out."""
    from homeroom.filtering.actions import sources
    from homeroom.site.commands import typed

    sources.end_source(actor=typed.operator(person), name=name, reason=reason, at=typed.moment(None))
    click.echo(f"{name} is no longer used; “homeroom build” or the worker leaves it out.")


@lists.command()
@click.argument("version", type=int, metavar="VERSION_ID")
@click.option("--reason", required=True, help="What you found when you looked.")
@click.option("--refuse", is_flag=True, help="Refuse it; the version before stays live.")
@click.option("--by", "person", default="", metavar="PERSON_ID", help="Who decides; left out: the operator.")
@with_records
def release(version: int, reason: str, refuse: bool, person: str) -> None:
    """Let a held version go live with the next build, or refuse it."""
    from homeroom.filtering.actions import sources
    from homeroom.site.commands import typed

    decide = sources.refuse_version if refuse else sources.release_version
    row = decide(actor=typed.operator(person), version=version, reason=reason, at=typed.moment(None))
    click.echo(f"{row}: {row.get_state_display()}.")


@click.group()
def viewpoint() -> None:
    """The viewpoint guard: are opposing views treated alike?"""


@viewpoint.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_records
def load(files: tuple[Path, ...]) -> None:
    """Add controls from CSV files: topic,side_a,side_b (pairs) or host,why (names that must not be blocked)."""
    from homeroom.filtering.actions import viewpoint as actions
    from homeroom.site.commands import typed

    fresh = sum(actions.load_file(actor=typed.operator(), path=path, at=typed.moment(None)) for path in files)
    click.echo(
        f"{counted(fresh, 'control is', 'controls are')} new. “homeroom viewpoint report” holds them against the lists."
    )


@viewpoint.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_records
def report(as_json: bool) -> None:
    """Hold all controls against the lists now live, and keep the result."""
    from homeroom.filtering.actions import viewpoint as actions
    from homeroom.filtering.queries import viewpoint as queries
    from homeroom.site.commands import typed

    row = actions.report(actor=typed.operator(), at=typed.moment(None))
    if as_json:
        click.echo(json.dumps(queries.as_json(row), ensure_ascii=False))
        return
    click.echo(row.sentence)
    for finding in row.findings.all():
        click.echo(queries.sentence(finding))


COMMANDS = (lists, viewpoint)
