"""V.A.7.3: what somebody says of a new passkey, in words that they can read."""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext_lazy as _


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """The library's form with our words: its own have no translation into every language we speak."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the passkey")
        self.fields["name"].help_text = _("Such as “my phone”.")
        if "passwordless" in self.fields:
            self.fields["passwordless"].label = _("Sign in with this passkey alone, without a password")
            self.fields["passwordless"].help_text = _(
                "It then asks for your fingerprint, your face or a PIN each time."
            )
