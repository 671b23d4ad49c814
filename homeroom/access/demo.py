"""Links that sign somebody in, for a demonstration only: no link works unless HOMEROOM_DEMO=1."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from homeroom.access.models import Account
from homeroom.base.errors import Refused

SALT = "homeroom.access.demo"
LASTS = 24 * 60 * 60  # seconds
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def entry_link(account: Account) -> str:
    """A whole URL that signs this account in once, within 24 hours. Raises Refused outside a demonstration."""
    if not settings.DEMO:
        raise Refused(_("Entry links exist in a demonstration only. Start it with ./run demo, or set HOMEROOM_DEMO=1."))
    ticket = signing.dumps({"account": account.pk, "before": _mark(account)}, salt=SALT)
    return settings.PUBLIC_URL + reverse("access:demo-enter", args=[ticket])


def account_of(ticket: str) -> Account | None:
    """The account that a link's ticket signs in; None where it is false, over, used, or this is no demonstration."""
    if not settings.DEMO:
        return None
    try:
        values: dict[str, Any] = signing.loads(ticket, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    account = Account.objects.filter(pk=values.get("account"), is_active=True).select_related("person").first()
    # Signing in moves the account's last sign-in, and so ends every link made before it.
    return account if account and _mark(account) == values.get("before") else None


def _mark(account: Account) -> str:
    return account.last_login.isoformat() if account.last_login else ""
