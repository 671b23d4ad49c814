"""How allauth's sign-in behaves in this house."""

from __future__ import annotations

from functools import cache
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """No public sign-up; no letters about sign-ins, since an installation may have no way to send them."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by officials for known persons only (V.A.7)."""
        return False

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: changes to an account stand in the journal."""

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Back to the sign-in page."""
        return str(settings.LOGIN_URL)


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
    import base64

    from homeroom.doors import environment

    return Fernet(base64.urlsafe_b64encode(environment.key(settings.HOME, "mfa")))
