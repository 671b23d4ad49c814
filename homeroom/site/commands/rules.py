"""`homeroom rules`: local rules and list corrections."""

from __future__ import annotations

import json

import click

from homeroom.site.django_ready import with_records


@click.group()
def rules() -> None:
    """Local rules: block, allow, correct a list. In force at every door within a second."""


@rules.command()
@click.argument("effect", type=click.Choice(["block", "allow", "correct"]))
@click.argument("target", metavar="HOST_OR_URL")
@click.option("--for", "scope", default="everyone", show_default=True, metavar="SCOPE",
              help="everyone, school:ID, role:ROLE, class:ID or person:ID.")  # fmt: skip
@click.option("--reason", required=True, help="Shown to whoever asks why.")
@click.option("--until", metavar="TIME", help="The end, such as 2026-11-03 or 2026-11-03T14:00; left out: open end.")
@click.option(
    "--review", metavar="DAY", help="When it is looked at again, such as 2027-01-15; left out: as the district set."
)
@click.option("--category", "categories", multiple=True, help="For correct: where the list is wrong; may be repeated.")
@click.option("--exact", is_flag=True, help="The name alone, not what is under it.")
@click.option("--by", "person", default="", metavar="PERSON_ID", help="Whose rule it is; left out: the operator's.")
@click.option("--json", "as_json", is_flag=True, help="Print the rule as one JSON object.")
@with_records
def add(
    effect: str,
    target: str,
    scope: str,
    reason: str,
    until: str | None,
    review: str | None,
    categories: tuple[str, ...],
    exact: bool,
    person: str,
    as_json: bool,
) -> None:
    """Add a rule, or correct a list's entry."""
    from homeroom.filtering.actions import rules as actions
    from homeroom.filtering.queries import rules as queries
    from homeroom.site.commands import typed

    said = {
        "actor": typed.operator(person), "target": target, "reason": reason, "at": typed.moment(None),
        "until": typed.until(until), "review_on": typed.day(review), "exact": exact,
    }  # fmt: skip
    if effect != "correct":
        row = actions.add_rule(effect=effect, scope=scope, **said)
    elif scope != "everyone":
        raise click.BadParameter("A correction says that a list is wrong, so it is for everyone; leave --for out.")
    else:
        row = actions.correct_listing(categories=categories, **said)
    if as_json:
        click.echo(json.dumps(queries.as_json(row), ensure_ascii=False))
        return
    click.echo(f"Rule {row.pk}: {row}. It is in force at every door within a second; review on {row.review_on}.")


@rules.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@with_records
def list_(as_json: bool) -> None:
    """Rules and corrections that count now or will."""
    from homeroom.base.words import clock
    from homeroom.filtering.queries import rules as queries
    from homeroom.people import queries as people
    from homeroom.site.commands import typed

    found = list(queries.rules(typed.moment(None)))
    if as_json:
        click.echo(json.dumps([queries.as_json(rule) for rule in found], ensure_ascii=False))
        return
    for rule in found:
        end = f" until {clock(people.local(rule.until))}" if rule.until else ""
        click.echo(f"{rule.pk}: {rule}{end} — {rule.reason}")
    if not found:
        click.echo("There is no local rule.")


@rules.command()
@click.argument("rule", type=int, metavar="ID")
@click.option("--reason", required=True, help="Why it ends.")
@click.option("--by", "person", default="", metavar="PERSON_ID", help="Who ends it; left out: the operator.")
@with_records
def end(rule: int, reason: str, person: str) -> None:
    """End a rule now."""
    from homeroom.filtering.actions import rules as actions
    from homeroom.site.commands import typed

    row = actions.end_rule(actor=typed.operator(person), rule=rule, reason=reason, at=typed.moment(None))
    click.echo(f"Rule {row.pk} has ended: {row}.")


COMMANDS = (rules,)
