"""`homeroom nodes`: the filter nodes of this district, seen from the centre."""

from __future__ import annotations

import json

import click

from homeroom.site.django_ready import with_records

BY = click.option("--by", default="", metavar="PERSON_ID", help="Who does it; left out: whoever sits at the machine.")


@click.group()
def nodes() -> None:
    """Take filter nodes on, look at them, end them."""


@nodes.command()
@click.argument("name")
@BY
@with_records
def code(name: str, by: str) -> None:
    """Make a one-time code for a node of that NAME, good for a day."""
    from homeroom.doors import environment
    from homeroom.nodes import actions
    from homeroom.site.commands import typed

    made = actions.make_code(actor=typed.operator(by), name=name, at=typed.moment(None))
    click.echo(f"On the node run: homeroom node enroll {environment.text('HOMEROOM_PUBLIC_URL')} {made}")


@nodes.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
@with_records
def list_nodes(as_json: bool) -> None:
    """All nodes, with when they were last heard and what they said."""
    from homeroom.nodes import queries
    from homeroom.nodes.models import Node

    rows = list(Node.objects.order_by("name", "pk"))
    if as_json:
        click.echo(json.dumps([queries.as_json(node) for node in rows], ensure_ascii=False))
        return
    for node in rows:
        heard = f"heard {node.heard:%Y-%m-%d %H:%M:%S} UTC" if node.heard else "not heard yet"
        state = f"ended {node.ended:%Y-%m-%d}" if node.ended else heard
        said = node.health.get("trouble") or ""
        click.echo(f"{node.name}: {state}, bundle {node.health.get('bundle') or '-'} {said}".rstrip())
    if not rows:
        click.echo("There are no nodes. Make a code for one: homeroom nodes code NAME")


@nodes.command()
@click.argument("name")
@click.option("--reason", required=True, help="Why, for the journal.")
@BY
@with_records
def end(name: str, reason: str, by: str) -> None:
    """Give the node of that NAME no more bundles and take nothing from it."""
    from homeroom.nodes import actions
    from homeroom.site.commands import typed

    actions.end_node(actor=typed.operator(by), name=name, reason=reason, at=typed.moment(None))
    click.echo(f"The node {name} is ended. It keeps deciding by its last bundle until it is switched off.")


@nodes.command("renew-key")
@BY
@with_records
def renew_key(by: str) -> None:
    """Sign bundles with a new key; nodes follow by themselves, since the old key vouches for the new one."""
    from homeroom.nodes import actions
    from homeroom.site.commands import typed

    new = actions.renew_key(actor=typed.operator(by), at=typed.moment(None))
    click.echo(f"Bundles are signed with {new[:16]}… from now on.")


COMMANDS = (nodes,)
