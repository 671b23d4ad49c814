"""Secrets that must be read again, sealed with a key of this house, so that a copy of the database opens nothing."""

from __future__ import annotations

import base64
from functools import cache

from cryptography.fernet import Fernet
from django.conf import settings

from homeroom.doors import environment


def seal(text: str) -> str:
    """Seal a secret with HOMEROOM_HOME/keys/mfa.key."""
    return _cipher().encrypt(text.encode()).decode()


def unseal(text: str) -> str:
    """Open a secret; raises cryptography.fernet.InvalidToken where the key is another."""
    return _cipher().decrypt(text.encode()).decode()


@cache
def _cipher() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(environment.key(settings.HOME, "mfa")))
