"""Secrets that must be kept to be used (a password to another system), hidden in the records by a key of this machine.

A copy of the database alone gives none of them away.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.translation import gettext as _

from homeroom.base.errors import Refused
from homeroom.doors import environment


def hide(text: str) -> str:
    """A secret as the records keep it."""
    return _box().encrypt(text.encode()).decode()


def reveal(hidden: str) -> str:
    """The secret itself. Raises Refused where another key hid it."""
    try:
        return _box().decrypt(hidden.encode()).decode()
    except InvalidToken:
        raise Refused(_("This secret was hidden by another key, perhaps on another machine. Enter it again.")) from None


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(environment.key(settings.HOME, "hidden")))
