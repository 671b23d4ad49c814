"""How allauth's sign-in behaves in this house."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from homeroom.access import actions, outside, queries, sealing, sessions
from homeroom.access.models import Account
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
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
            note_session(request, user, means)
            return super().post_login(request, user, **values)

    def logout(self, request: HttpRequest) -> None:
        """V.A.7.4: whoever signs out leaves the network as well, where they came in with this session."""
        with journal.atomic():
            actions.end_tied(tie=f"session:{request.session.session_key}", at=timezone.now())
        super().logout(request)

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


class SocialAdapter(DefaultSocialAccountAdapter):
    """The district's own sign-in: known people only, matched by `access.actions`; nothing of allauth's is stored."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """V.A.7: whoever is not on the roster has no account."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """V.A.7.3: find whom the token means, and go on with the second step where they have one."""
        provider = next(each for each in settings.OIDC if each.id == sociallogin.account.provider)
        try:
            said = outside.believed(provider, sociallogin.account.extra_data["id_token"])
            account = actions.match_identity(said=said, at=timezone.now())
        except (Refused, KeyError) as error:
            sentence = str(error) if isinstance(error, Refused) else _("The sign-in told too little. Try it again.")
            raise ImmediateHttpResponse(_sorry(request, sentence)) from None
        record_authentication(request, account, method="oidc", provider=provider.id)
        onward = sociallogin.get_redirect_url(request)
        raise ImmediateHttpResponse(perform_login(request, account, redirect_url=onward))

    def on_authentication_error(self, request: HttpRequest, provider: Any, **values: Any) -> None:  # type: ignore[override]
        """A page in a sentence, whatever went wrong at the provider."""
        raise ImmediateHttpResponse(_sorry(request, _("The sign-in was stopped, or took too long. Try it again.")))


def note_session(request: HttpRequest, account: Account, means: list[str]) -> None:
    """Let the owner of an account see this session among theirs."""
    actions.sit_down(
        actor=_self(account), account=account, key=request.session.session_key or "", way=" and ".join(means),
        browser=sessions.browser(request.headers.get("User-Agent", "")), at=timezone.now(),
    )  # fmt: skip


def _sorry(request: HttpRequest, sentence: str) -> HttpResponse:
    return render(request, "access/not_signed_in.html", {"sentence": sentence}, status=403)


class MfaAdapter(DefaultMFAAdapter):
    """Second factors; their secrets are encrypted, so that a copy of the database opens no account."""

    def encrypt(self, text: str) -> str:
        """Seal a secret with HOMEROOM_HOME/keys/mfa.key."""
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret; raises cryptography.fernet.InvalidToken where the key is another."""
        return sealing.unseal(encrypted_text)

    def _get_site_name(self) -> str:
        return "Homeroom"


def _self(account: Account) -> Actor:
    return Actor(id=account.person_id, name=account.get_full_name())
