"""Questions about accounts: who is it, what may they open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings

from homeroom.access.models import Account
from homeroom.base.actor import NOBODY, Actor
from homeroom.people import queries as people
from homeroom.people.models import STAFF, Role, RoleName

DEMO_SESSION = "homeroom_demo_entry"
CODE_SESSION = "homeroom_code"
BY_CODE = frozenset({RoleName.GUARDIAN.value, RoleName.STUDENT.value})  # what a code to a home can open
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def actor_of_request(request: Any, at: datetime) -> Actor:
    """Who acts in a request, with the roles held on that day; NOBODY where nobody is signed in.

    Whoever came in by a code is a parent or a student there, whatever else they are: a code in a mailbox
    at home must not open an official's desk.
    """
    if not request.user.is_authenticated:
        return NOBODY
    actor = actor_of(request.user, people.today(at))
    return replace(actor, roles=actor.roles & BY_CODE) if by_code(request) else actor


def day(at: datetime) -> date:
    """The district's day."""
    return people.today(at)


def by_code(request: Any) -> bool:
    """Whether this session was opened by a code."""
    return bool(request.session.get(CODE_SESSION))


def is_official(person: str, on: date) -> bool:
    """Whether somebody holds a role of the staff on a day."""
    return Role.objects.on(on).filter(person_id=person, role__in=STAFF).exists()


def actor_of(account: Account, on: date) -> Actor:
    """The person of an account, with the roles held on a day."""
    roles = frozenset(account.person.roles.on(on).values_list("role", flat=True))  # type: ignore[attr-defined]
    return Actor(id=account.person_id, name=account.person.name, roles=roles)


def second_factor_missing(request: Any) -> bool:
    """V.A.5a: whether a signed-in official has yet to set up a second factor; parents and students need none."""
    if settings.DEMO and request.session.get(DEMO_SESSION):
        return False
    return request.actor.holds(*STAFF) and not has_second_factor(request.user)


def has_second_factor(account: Account) -> bool:
    """Whether an account has an authenticator app or a passkey."""
    return Authenticator.objects.filter(user_id=account.pk, type__in=FACTORS).exists()


def accounts(on: date) -> list[dict[str, Any]]:
    """Every account by e-mail address: email, name, person, roles of the day, second_factor, open."""
    with_factor = set(Authenticator.objects.filter(type__in=FACTORS).values_list("user_id", flat=True))
    roles: dict[str, set[str]] = {}
    for person, role in Role.objects.on(on).filter(person__account__isnull=False).values_list("person_id", "role"):
        roles.setdefault(person, set()).add(role)
    return [
        {
            "email": account.email or "",
            "name": account.person.name,
            "person": account.person_id,
            "roles": sorted(roles.get(account.person_id, ())),
            "second_factor": account.pk in with_factor,
            "open": account.is_active,
        }
        for account in Account.objects.select_related("person").order_by("email")
    ]
