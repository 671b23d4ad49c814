"""What is done to accounts."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from homeroom.access import demo
from homeroom.access.actions.leases import end_of_account
from homeroom.access.models import Account
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.people.models import Person


def add_account(*, actor: Actor, person: Person, email: str, at: datetime, password: str | None = None) -> Account:
    """V.A.7: put an account on file for a known person. Raises Refused with a sentence.

    Without a password the account opens by a passkey or once one is set.
    """
    account = Account.objects.filter(person=person, email=None).first() or Account(person=person, created=at)
    account.email = email.strip().lower()
    _check_email(account)
    if password is None:
        account.set_unusable_password()
    else:
        _check_password(account, password)
        account.set_password(password)
    with journal.atomic():
        if Account.objects.filter(person=person).exclude(pk=account.pk).exists():
            raise Refused(_("%(name)s has an account already; set its password instead.") % {"name": person.name})
        account.save()
        journal.record(
            actor=actor, verb="access.account.added", subject=f"person:{person.pk}", at=at, clause="V.A.7.1",
            data={"account": account.pk},
        )  # fmt: skip
    return account


def account_of(*, actor: Actor, person: Person, at: datetime) -> Account:
    """V.A.7.1: the account of somebody who signs in without a password; put on file at their first sign-in."""
    with journal.atomic():
        account, made = Account.objects.get_or_create(person=person, defaults={"created": at, "password": "!"})
        if made:
            journal.record(
                actor=actor, verb="access.account.added", subject=f"person:{person.pk}", at=at, clause="V.A.7.1",
                data={"account": account.pk},
            )  # fmt: skip
    return account


def set_password(*, actor: Actor, account: Account, password: str, at: datetime) -> None:
    """V.A.7: give an account a new password; every session of it ends. Raises Refused with a sentence."""
    _check_password(account, password)
    account.set_password(password)
    with journal.atomic():
        account.save(update_fields=["password"])
        journal.record(
            actor=actor, verb="access.account.password-set", subject=f"person:{account.person_id}", at=at,
            clause="V.A.7.1", data={"account": account.pk},
        )  # fmt: skip


def close_account(*, actor: Actor, account: Account, at: datetime, reason: str) -> None:
    """V.A.7: close an account at once, and the network where its person signed in; it stays on file. Raises Refused."""
    with journal.atomic():
        if Account.objects.filter(pk=account.pk, is_active=True).update(is_active=False) != 1:
            raise Refused(_("%(email)s is closed already.") % {"email": account.email})
        account.is_active = False
        end_of_account(actor=actor, person=account.person_id, at=at)
        journal.record(
            actor=actor, verb="access.account.closed", subject=f"person:{account.person_id}", at=at,
            clause="V.A.7.1", reason=reason, data={"account": account.pk},
        )  # fmt: skip


def signed_in(*, actor: Actor, account: Account, method: str, at: datetime) -> None:
    """V.A.5a: keep that somebody signed in, and how; never from where."""
    with journal.atomic():
        journal.record(
            actor=actor, verb="access.account.signed-in", subject=f"person:{account.person_id}", at=at,
            data={"account": account.pk, "method": method},
        )  # fmt: skip


def factor_changed(*, actor: Actor, account: Account, what: str, at: datetime) -> None:
    """V.A.7.1: keep that a password or a second factor was changed by its owner."""
    with journal.atomic():
        journal.record(
            actor=actor, verb="access.account.changed", subject=f"person:{account.person_id}", at=at, clause="V.A.7.1",
            data={"account": account.pk, "what": what},
        )  # fmt: skip


def reset_factors(*, actor: Actor, account: Account, at: datetime, reason: str) -> int:
    """V.A.7.1: take all second factors off an account whose owner lost them; returns how many there were."""
    with journal.atomic():
        count, _ = Authenticator.objects.filter(user_id=account.pk).delete()
        journal.record(
            actor=actor, verb="access.account.factors-reset", subject=f"person:{account.person_id}", at=at,
            clause="V.A.7.1", reason=reason, data={"account": account.pk, "count": count},
        )  # fmt: skip
    return count


def use_demo_link(*, ticket: str, at: datetime) -> Account | None:
    """Take a demonstration's entry link; None where it does not open anything (see demo.account_of)."""
    account = demo.account_of(ticket)
    if account is not None:
        with journal.atomic():
            journal.record(
                actor=Actor(id=account.person_id), verb="access.demo.entered", subject=f"person:{account.person_id}",
                at=at, data={"account": account.pk},
            )  # fmt: skip
    return account


def _check_email(account: Account) -> None:
    try:
        validate_email(account.email or "")
    except ValidationError:
        raise Refused(
            _("“%(email)s” is not an e-mail address; give one such as dana@example.org.") % {"email": account.email}
        ) from None
    if Account.objects.filter(email=account.email).exists():
        raise Refused(_("%(email)s signs in already; each account has its own address.") % {"email": account.email})


def _check_password(account: Account, password: str) -> None:
    try:
        password_validation.validate_password(password, account)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from None
