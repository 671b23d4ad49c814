"""How allauth's sign-in behaves in this house."""

from __future__ import annotations

import base64
from functools import cache
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from homeroom.access import actions, queries
from homeroom.access.models import Account
from homeroom.base.actor import Actor
from homeroom.doors import environment
from homeroom.journal import actions as journal

FRESH = 10 * 60  # seconds after a sign-in in which nobody is asked again


class AccountAdapter(DefaultAccountAdapter):
    """No public sign-up; what changes on an account goes to the journal, since no letter can be relied on."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by officials for known persons only (V.A.7)."""
        return False

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Back to the sign-in page."""
        return str(settings.LOGIN_URL)

    def post_login(self, request: HttpRequest, user: Account, **values: Any) -> HttpResponse:  # type: ignore[override]
        """V.A.5a: keep that somebody signed in, and by what means."""
        request.session.pop(queries.CODE_SESSION, None)  # a whole sign-in, whatever the session was before
        records = get_authentication_records(request, user)
        means = sorted({record.get("type") or record.get("method", "") for record in records})
        with journal.atomic():
            actions.signed_in(actor=_self(user), account=user, method=" and ".join(means), at=timezone.now())
            return super().post_login(request, user, **values)

    def is_reauthentication_required(self, *, app: str, **values: Any) -> bool:
        """V.A.7.3: before a change to an account its owner proves anew who they are, unless they just signed in."""
        request = context.request
        records = get_authentication_records(request, request.user)
        if any(timezone.now().timestamp() - record["at"] < FRESH for record in records):
            return False
        return super().is_reauthentication_required(app=app, **values)

    def reauthenticate(self, user: Account, password: str) -> bool:  # type: ignore[override]
        """Whether the password is that of who is signed in; counted like any other attempt."""
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def send_notification_mail(self, template_prefix: str, user: Account, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        """V.A.7.1: keep what was changed on an account, such as "totp_activated"; called after each change."""
        what = template_prefix.rpartition("/")[2]
        actions.factor_changed(actor=_self(user), account=user, what=what, at=timezone.now())


class MfaAdapter(DefaultMFAAdapter):
    """Second factors; their secrets are encrypted, so that a copy of the database opens no account."""

    def encrypt(self, text: str) -> str:
        """Seal a secret with HOMEROOM_HOME/keys/mfa.key."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret; raises cryptography.fernet.InvalidToken where the key is another."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def _get_site_name(self) -> str:
        return "Homeroom"


@cache
def _cipher() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(environment.key(settings.HOME, "mfa")))


def _self(account: Account) -> Actor:
    return Actor(id=account.person_id, name=account.get_full_name())
