"""Where a request comes from."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The client's address: that of the connection or, behind our own reverse proxies, what the first of them saw.

    Each proxy appends whom it saw to X-Forwarded-For, so only the last entries, one for each of ours, are believed.
    """
    proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    seen = [each.strip() for each in request.headers.get("X-Forwarded-For", "").split(",")]
    if proxies and len(seen) >= proxies and seen[-proxies]:
        return seen[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))
