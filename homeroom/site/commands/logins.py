"""`homeroom logins`: names and passwords by which the proxy knows people."""

from __future__ import annotations

import json
import secrets
import sys

import click

from homeroom.site.commands import typed
from homeroom.site.django_ready import with_records

BY = click.option("--by", default="", metavar="PERSON", help="Who does it, by their id; else whoever sits here.")


@click.group()
def logins() -> None:
    """Names and passwords for the proxy: list, set, end."""


@logins.command("list")
@click.argument("words", default="")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@with_records
def list_(words: str, as_json: bool) -> None:
    """V.A.7.4: the logins that count now; with WORDS only those of a person or a name. Passwords are never shown."""
    from homeroom.access import network

    rows = [
        {"name": row.name, "person": row.person_id, "of": row.person.name, "since": row.created.isoformat()}
        for row in network.logins(words.strip())
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['name']}  {row['of']} ({row['person']})  since {row['since'][:10]}")
    if not rows:
        click.echo("No login for the proxy is on record. Set one with: homeroom logins set PERSON NAME")


@logins.command("set")
@click.argument("person")
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making one.")
@BY
@with_records
def set_(person: str, name: str, password_stdin: bool, by: str) -> None:
    """V.A.7.4: give a PERSON, by their id, a NAME for the proxy; a password that is made here is shown this once."""
    from django.utils.translation import gettext as _

    from homeroom.access import actions
    from homeroom.base.errors import Refused
    from homeroom.people.models import Person

    actor, row = typed.operator(by), Person.objects.filter(pk=person).first()
    if row is None:
        raise Refused(_("Nobody has the id %(id)s. Look it up with: homeroom people list") % {"id": person})
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else secrets.token_urlsafe(12)
    login = actions.set_login(actor=actor, person=row, name=name, password=password, at=typed.moment(None))
    click.echo(f"{row.name} is “{login.name}” at the proxy within a second; an earlier password of that name is over.")
    if not password_stdin:
        click.echo(f"Password, shown this once: {password}")


@logins.command()
@click.argument("name")
@click.option("--reason", required=True, help="Why; it stands in the journal.")
@BY
@with_records
def end(name: str, reason: str, by: str) -> None:
    """V.A.7.4: take a login back by its NAME."""
    from django.utils.translation import gettext as _

    from homeroom.access import actions, network
    from homeroom.base.errors import Refused

    actor, row = typed.operator(by), network.logins().filter(name=name.strip().casefold()).first()
    if row is None:
        raise Refused(
            _("No login for the proxy is called “%(name)s”. See them all with: homeroom logins list") % {"name": name}
        )
    actions.end_login(actor=actor, login=row, at=typed.moment(None), reason=reason)
    click.echo(f"“{row.name}” is over; the proxy knows within a second.")


COMMANDS = (logins,)
