"""The district's own sign-in (OpenID Connect): which providers there are, and what is believed of what they say.

A provider is set up in the environment. What it says counts only within the district: Google by the hosted
domain, Entra by the tenant. An e-mail address counts only where the provider vouches for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from homeroom.base.errors import Refused
from homeroom.doors import environment

GOOGLE = "https://accounts.google.com"
ENTRA = "https://login.microsoftonline.com"


@dataclass(frozen=True, slots=True)
class Provider:
    """One way in: `id` stands in its address, `domains` are the e-mail domains that belong to the district."""

    id: str
    name: str
    server: str
    client: str
    secret: str
    domains: frozenset[str] = frozenset()
    tenant: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """Whom a provider vouches for: `email` is "" where it does not vouch for one."""

    issuer: str
    subject: str
    email: str


def from_environment() -> tuple[Provider, ...]:
    """The providers of this installation; raises BadSetting for one that would let in more than the district."""
    return tuple(each for each in (_google(), _entra(), _other()) if each)


def _google() -> Provider | None:
    client = environment.text("HOMEROOM_GOOGLE_CLIENT_ID")
    domains = _domains("HOMEROOM_GOOGLE_DOMAINS")
    if client and not domains:
        raise environment.BadSetting(
            "HOMEROOM_GOOGLE_DOMAINS is empty; name the district's domains, or all of Google could knock."
        )
    secret = environment.text("HOMEROOM_GOOGLE_SECRET")
    return Provider("google", "Google", GOOGLE, client, secret, domains) if client else None


def _entra() -> Provider | None:
    client, tenant = environment.text("HOMEROOM_ENTRA_CLIENT_ID"), environment.text("HOMEROOM_ENTRA_TENANT")
    if not client:
        return None
    if not tenant or tenant in ("common", "organizations", "consumers"):
        raise environment.BadSetting("HOMEROOM_ENTRA_TENANT must be the id of the district's own tenant.")
    domains, secret = _domains("HOMEROOM_ENTRA_DOMAINS"), environment.text("HOMEROOM_ENTRA_SECRET")
    return Provider("microsoft", "Microsoft", f"{ENTRA}/{tenant}/v2.0", client, secret, domains, tenant)


def _other() -> Provider | None:
    client, server = environment.text("HOMEROOM_OIDC_CLIENT_ID"), environment.text("HOMEROOM_OIDC_ISSUER").rstrip("/")
    if not client or not server:
        return None
    name, secret = environment.text("HOMEROOM_OIDC_NAME"), environment.text("HOMEROOM_OIDC_SECRET")
    return Provider("district", name, server, client, secret, _domains("HOMEROOM_OIDC_DOMAINS"))


def _domains(name: str) -> frozenset[str]:
    return frozenset(each.strip().lower() for each in environment.text(name).split(",") if each.strip())


def as_allauth(providers: tuple[Provider, ...]) -> dict[str, Any]:
    """SOCIALACCOUNT_PROVIDERS of these. All that is needed stands in the signed token; nothing more is asked for."""
    apps = [
        {
            "provider_id": each.id, "name": each.name, "client_id": each.client, "secret": each.secret,
            "settings": {"server_url": each.server, "fetch_userinfo": False},
        }
        for each in providers
    ]  # fmt: skip
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}} if apps else {}


def believed(provider: Provider, claims: Mapping[str, Any]) -> Said:
    """V.A.7.3: what counts of a token whose issuer and audience were checked. Raises Refused for another district's."""
    elsewhere = Refused(
        _("This sign-in belongs to another organisation. Sign out there and choose your school account.")
    )
    if provider.tenant and claims.get("tid") != provider.tenant:
        raise elsewhere
    if provider.server == GOOGLE and str(claims.get("hd", "")).lower() not in provider.domains:
        raise elsewhere
    email = _vouched(provider, claims)
    if provider.domains and email and email.rpartition("@")[2] not in provider.domains:
        email = ""
    return Said(str(claims["iss"]), str(claims["sub"]), email)


def _vouched(provider: Provider, claims: Mapping[str, Any]) -> str:
    email = str(claims.get("email") or "").strip().lower()
    if provider.tenant:
        # Entra lets people write any address into "email"; what signs in is a name of the tenant's own domains.
        sure = claims.get("xms_edov") in (True, 1, "1", "true")
        own = str(claims.get("preferred_username") or "").strip().lower() if provider.domains else ""
        return email if sure else own
    return email if claims.get("email_verified") is True else ""
