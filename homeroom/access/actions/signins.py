"""Sign-in through the district's own provider, and sessions that are listed and ended."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from homeroom.access.actions.accounts import account_of
from homeroom.access.actions.leases import end_tied
from homeroom.access.models import Account, Identity, Sitting
from homeroom.access.outside import Said
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.people import queries as people
from homeroom.people.models import Person, Role


def match_identity(*, said: Said, at: datetime) -> Account:
    """V.A.7.3: the account behind what a provider vouches for: by its lasting id, else once by the e-mail address.

    Never by a name. Raises Refused, also for whoever holds no role today.
    """
    with journal.atomic():
        known = Identity.objects.filter(issuer=said.issuer, subject=said.subject).select_related("account").first()
        account = known.account if known else _tie(said, at)
    if not account.is_active:
        raise Refused(_("This account is closed. Ask the technology director of your district."))
    if not Role.objects.on(people.today(at)).filter(person_id=account.person_id).exists():
        raise Refused(_("You hold no role in the district today, so you cannot sign in. Ask your school's office."))
    return account


def _tie(said: Said, at: datetime) -> Account:
    person = _only_one(said.email, at)
    actor = Actor(id=person.pk, name=person.name)
    account = account_of(actor=actor, person=person, at=at)
    if Identity.objects.filter(issuer=said.issuer, account=account).exists():
        # The address was given to somebody new, or somebody took it over: a person has to look.
        raise Refused(_("Another sign-in is tied to this person already. Ask the technology director to untie it."))
    identity = Identity.objects.create(issuer=said.issuer, subject=said.subject, account=account, created=at)
    journal.record(
        actor=actor, verb="access.identity.tied", subject=f"person:{person.pk}", at=at, clause="V.A.7.1",
        data={"identity": identity.pk, "issuer": said.issuer},
    )  # fmt: skip
    return account


def _only_one(email: str, at: datetime) -> Person:
    if not email:
        raise Refused(_("Your sign-in does not vouch for an e-mail address. Ask the technology director."))
    held = Role.objects.on(people.today(at)).values("person_id")
    found = list(Person.objects.annotate(small=Lower("email")).filter(small=email, pk__in=held)[:2])
    if len(found) != 1:
        raise Refused(_("Nobody on today's roster has exactly this address alone. Ask your school's office."))
    return found[0]


def untie_identity(*, actor: Actor, identity: Identity, at: datetime, reason: str) -> None:
    """V.A.7.4: forget who somebody is at a provider; the next sign-in is matched by the e-mail address anew."""
    with journal.atomic():
        if Identity.objects.filter(pk=identity.pk).delete()[0] != 1:
            raise Refused(_("This was ended already."))
        journal.record(
            actor=actor, verb="access.identity.untied", subject=f"person:{identity.account.person_id}", at=at,
            clause="V.A.7.4", reason=reason,
        )  # fmt: skip


def sit_down(*, actor: Actor, account: Account, key: str, way: str, browser: str, at: datetime) -> None:
    """V.A.7.3: note a new session, so that its owner can see and end it."""
    values = {"account": account, "way": way[:60], "browser": browser[:60], "created": at, "ended": None}
    Sitting.objects.update_or_create(key=key, defaults=values)


def end_sittings(*, actor: Actor, account: Account, at: datetime, only: int | None = None, keep: str = "") -> int:
    """V.A.7.3: end sessions of an account at once: one of them, or all but the one to keep; returns how many."""
    chosen = Sitting.objects.filter(account=account, ended=None).exclude(key=keep)
    if only is not None:
        chosen = chosen.filter(pk=only)
    with journal.atomic():
        rows = dict(chosen.values_list("pk", "key"))
        keys = list(rows.values())
        count, _each = Session.objects.filter(session_key__in=keys).delete()
        Sitting.objects.filter(pk__in=rows).update(ended=at)
        for key in keys:
            end_tied(tie=f"session:{key}", at=at)
        if count:
            journal.record(
                actor=actor, verb="access.sessions.ended", subject=f"person:{account.person_id}", at=at,
                clause="V.A.7.3", data={"count": count},
            )  # fmt: skip
    return count
