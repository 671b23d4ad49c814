"""What access owes the policy, and the probes that look whether it is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.sessions.models import Session

from homeroom.access import facts, secretcode
from homeroom.access.actions import (
    add_account,
    appeal,
    ask_code,
    close_account,
    end_sittings,
    issue_token,
    lift,
    match_identity,
    reset_factors,
    restrict,
    sign_in_here,
    take_in,
    try_code,
)
from homeroom.access.middleware import SecondFactor
from homeroom.access.models import Account, CodeAsk, Lease, Restriction, Sitting
from homeroom.base.needs import Declared
from homeroom.kernel.decision import steps
from homeroom.kernel.decision.identity import lease_counts
from homeroom.kernel.decision.standing import standing
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


def restricted_and_open(at: datetime) -> Looked:
    """IV.2a: people whose use is suspended or cancelled today and whose standing is open all the same."""
    on = people.today(at)
    ids = sorted(set(Restriction.objects.in_force(on).values_list("person_id", flat=True)))
    found = facts.standings(ids, on) if ids else {}
    return Looked(len(ids), sum(each.open for each in found.values()))


def outsiders_with_standing(at: datetime) -> Looked:
    """IV.1: people without any role today whose standing is open."""
    on = people.today(at)
    gone = Role.objects.filter(last_day__lt=on).exclude(person_id__in=Role.objects.on(on).values("person_id"))
    ids = sorted(set(gone.values_list("person_id", flat=True)[:1000]))
    found = facts.standings(ids, on) if ids else {}
    return Looked(len(ids), sum(each.open for each in found.values()))


def codes_that_opened_after_too_many_tries(at: datetime) -> Looked:
    """V.A.7.2: sign-in codes of the last day that let somebody in although they were guessed at too often."""
    lately = CodeAsk.objects.filter(used__isnull=False, created__gte=at - timedelta(days=1))
    return Looked(lately.count(), lately.filter(tries__gt=secretcode.TRIES).count())


def sessions_of_closed_accounts(at: datetime) -> Looked:
    """V.A.7.3: sessions that are open although their account is closed."""
    open_ = Session.objects.filter(expire_date__gt=at).values("session_key")
    sittings = Sitting.objects.filter(ended=None, key__in=open_)
    return Looked(sittings.count(), sittings.filter(account__is_active=False).count())


def leases_past_their_end(at: datetime) -> Looked:
    """V.A.7.4: addresses that still count as somebody's a minute after their time there was over."""
    live = Lease.objects.filter(ended=None)
    return Looked(live.count(), live.filter(until__lt=at - timedelta(minutes=1)).count())


CLAIMS = (
    Claim(
        ("IV.1",), How.GATE,
        "Nobody has the network as a right: on each request, standing is derived from role, agreement, notice and "
        "restrictions of the day, and every reason for a closed network is named.",
        (standing, steps.standing), (outsiders_with_standing,),
    ),
    Claim(
        ("IV.2a",), How.GATE,
        "A suspension up to a day, or a cancellation, is on record with who decided it and why, closes every door "
        "within a second, can be appealed, and ends by itself or when it is lifted.",
        (restrict, appeal, lift, standing), (restricted_and_open,),
    ),
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
    Claim(
        ("V.A.7.2",), How.GATE,
        "Tries are few, the same is said of every address, whoever left does not come in, and guessing is recorded.",
        (try_code, ask_code, match_identity), (codes_that_opened_after_too_many_tries,),
    ),
    Claim(
        ("V.A.7.3",), How.GATE,
        "A code is good once, in one browser; an account is matched by its lasting id; sessions are seen and ended.",
        (try_code, match_identity, end_sittings), (sessions_of_closed_accounts,),
    ),
    Claim(
        ("V.A.7.4",), How.GATE,
        "Each address, token and identifier is one person's, for a while; a way in unlocks no more than it is sure of.",
        (sign_in_here, take_in, issue_token, lease_counts), (leases_past_their_end,),
    ),
)  # fmt: skip
