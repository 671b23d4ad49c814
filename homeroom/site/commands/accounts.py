"""The commands around accounts: how the first official gets in."""

from __future__ import annotations

import getpass
import json
import sys
from typing import TYPE_CHECKING, Any

import click

from homeroom.site.django_ready import with_records

if TYPE_CHECKING:
    from homeroom.access.models import Account
    from homeroom.base.actor import Actor
    from homeroom.people.models import Person


@click.group()
def accounts() -> None:
    """Who may sign in to the web application."""


@accounts.command()
@click.argument("email")
@click.option("--person", "person_id", default="", help="The id of a person on the roster.")
@click.option("--name", default="", help="For somebody who is not on the roster yet: “Dana Reyes”.")
@click.option("--role", default="", help="Give this role as well, such as technology_director.")
@click.option("--school", default=None, help="The school of that role, by its id; left out: the whole district.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@with_records
def add(email: str, person_id: str, name: str, role: str, school: str | None, password_stdin: bool) -> None:
    """Make an account, and where needed the person and the role behind it."""
    from django.utils import timezone
    from django.utils.translation import gettext as _

    from homeroom.access import actions
    from homeroom.base.errors import Refused
    from homeroom.journal import actions as journal
    from homeroom.people import actions as people
    from homeroom.people import queries

    if not (person_id or name.strip()):  # said before anybody types a password for nothing
        raise Refused(_("Say whose account it is: --person ID for somebody on the roster, or --name “Dana Reyes”."))
    password, at = _password(password_stdin), timezone.now()
    with journal.atomic():
        person = _person(person_id, name, email, at)
        if role:
            people.give_role(
                actor=_me(), person=person.pk, role=role, school=school, first_day=queries.today(at), at=at
            )
        account = actions.add_account(actor=_me(), person=person, email=email, password=password, at=at)
    click.echo(f"{person.name} can sign in as {account.email}; the first sign-in asks for a second factor.")


@accounts.command("password")
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@with_records
def password_(email: str, password_stdin: bool) -> None:
    """Give an account a new password; its open sessions end."""
    from django.utils import timezone

    from homeroom.access import actions

    account = _account(email)
    actions.set_password(actor=_me(), account=account, password=_password(password_stdin), at=timezone.now())
    click.echo(f"{account.email} has a new password.")


@accounts.command()
@click.argument("email")
@click.option("--reason", required=True, help="Why; it stands in the journal.")
@with_records
def close(email: str, reason: str) -> None:
    """Close an account at once."""
    from django.utils import timezone

    from homeroom.access import actions

    account = _account(email)
    actions.close_account(actor=_me(), account=account, reason=reason, at=timezone.now())
    click.echo(f"{account.email} is closed.")


@accounts.command("reset-factors")
@click.argument("email")
@click.option("--reason", required=True, help="Why; it stands in the journal.")
@with_records
def reset_factors(email: str, reason: str) -> None:
    """Take all second factors off an account whose owner lost them; the next sign-in asks for a new one."""
    from django.utils import timezone

    from homeroom.access import actions

    account = _account(email)
    count = actions.reset_factors(actor=_me(), account=account, reason=reason, at=timezone.now())
    click.echo(f"{count} second factors of {account.email} are gone.")


@accounts.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@with_records
def list_(as_json: bool) -> None:
    """All accounts, with the roles of today."""
    from django.utils import timezone

    from homeroom.access import queries
    from homeroom.people import queries as people

    rows = queries.accounts(people.today(timezone.now()))
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        factor = "second factor" if row["second_factor"] else "no second factor yet"
        roles = ", ".join(row["roles"]) or "no role today"
        click.echo(f"{row['email']}  {row['name']}  {roles}  {factor}  {'open' if row['open'] else 'closed'}")


@accounts.command()
@click.argument("email")
@with_records
def link(email: str) -> None:
    """In a demonstration: print a link that signs this account in once."""
    from homeroom.access import demo

    click.echo(demo.entry_link(_account(email)))


def _me() -> Actor:
    from homeroom.base.actor import operator

    return operator(getpass.getuser())


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _person(id: str, name: str, email: str, at: Any) -> Person:
    from django.utils.translation import gettext as _

    from homeroom.base.errors import Refused
    from homeroom.people import actions as people
    from homeroom.people.models import Person

    if id:
        person = Person.objects.filter(pk=id).first()
        if person is None:
            raise Refused(_("Nobody has the id %(id)s. Look it up with: homeroom people list") % {"id": id})
        return person
    given, _space, family = name.strip().rpartition(" ")
    if not given:
        given, family = family, ""
    return people.add_person(actor=_me(), given_name=given, family_name=family, email=email, at=at)


def _account(email: str) -> Account:
    from django.utils.translation import gettext as _

    from homeroom.access.models import Account
    from homeroom.base.errors import Refused

    account = Account.objects.filter(email=email.strip().lower()).select_related("person").first()
    if account is None:
        raise Refused(
            _("No account signs in as %(email)s. See them all with: homeroom accounts list") % {"email": email}
        )
    return account


COMMANDS = (accounts,)
