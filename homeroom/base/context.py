"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from homeroom import __version__


def house(request: HttpRequest) -> dict[str, Any]:
    """For templates: `organisation`, `release` (of Homeroom), `demo`, `signed_in`, and `actor`,
    who acts, with the roles of today.
    """
    return {
        "organisation": settings.ORGANISATION,
        "release": __version__,
        "demo": settings.DEMO,
        "signed_in": getattr(request, "user", None) is not None and request.user.is_authenticated,
        "actor": getattr(request, "actor", None),
    }
