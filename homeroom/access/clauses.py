"""What access owes the policy, and the probes that look whether it is kept."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from homeroom.access.actions import add_account, close_account, reset_factors
from homeroom.access.middleware import SecondFactor
from homeroom.access.models import Account
from homeroom.base.needs import Declared
from homeroom.kernel.policytext.claims import Claim, How, Looked
from homeroom.people import queries as people
from homeroom.people.models import STAFF, Role


def accounts_without_second_factor(at: datetime) -> Looked:
    """V.A.5a: open accounts of officials that have signed in and are protected by a password alone."""
    officials = Role.objects.on(people.today(at)).filter(role__in=STAFF).values("person_id")
    used = Account.objects.filter(is_active=True, last_login__isnull=False, person_id__in=officials)
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    protected = used.filter(pk__in=Authenticator.objects.filter(type__in=kinds).values("user"))
    # Who has no password comes in by the district's sign-in or a parent's code, which open no desk by themselves.
    bare = used.exclude(pk__in=protected.values("pk")).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return Looked(used.count(), bare.count())


def accounts_of_people_who_left(at: datetime) -> Looked:
    """V.A.7.1: open accounts whose person has no role in the district today."""
    open_ = Account.objects.filter(is_active=True)
    held = Role.objects.on(people.today(at)).values("person_id")
    return Looked(open_.count(), open_.exclude(person_id__in=held).count())


CLAIMS = (
    Claim(
        ("V.A.5a",), How.GATE,
        "Every page says which roles open it, a role counts only on its days, and a second factor is asked for first.",
        (Declared, SecondFactor), (accounts_without_second_factor,),
    ),
    Claim(
        ("V.A.7.1",), How.RECORD,
        "Every account is on file with the one known person it belongs to; passwords are not.",
        (add_account, close_account, reset_factors), (accounts_of_people_who_left,),
    ),
)  # fmt: skip
