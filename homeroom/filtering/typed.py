"""What people typed, checked and put into its one spelling; refused with a sentence."""

from __future__ import annotations

from functools import cache

from django.utils.translation import gettext as _
from publicsuffixlist import PublicSuffixList

from homeroom.base.errors import Refused
from homeroom.kernel.lists import names

SCOPES = ("everyone", "school", "role", "class", "person")


def target(text: str) -> tuple[str, str]:
    """A host or URL as people write it, as (host, path); a bare "/" means the whole host."""
    try:
        host, path = names.split_url(text)
    except names.BadName as trouble:
        why = _(str(trouble.__cause__).rstrip("."))
        raise Refused(
            _(
                "“%(text)s” is not a host name or address: %(why)s. Write a name such as example.org, or an address "
                "such as example.org/page."
            )
            % {"text": text.strip()[:80], "why": why}
        ) from None
    return host, "" if path == "/" else path


def reason(text: str) -> str:
    """A reason; nobody decides without one."""
    if not text.strip():
        raise Refused(_("Give a reason: it is shown to whoever asks why."))
    return text.strip()


def no_public_suffix(host: str, *, exact: bool = False) -> None:
    """Refuse a whole ending under which everybody registers ("com", "co.uk"), and shared hosts unless exact.

    An allow for such a name would open every site under it, known and unknown (V.A.4d).
    """
    if names.is_address(host):
        return
    if _suffixes().publicsuffix(host, keep_case=True) == host and not (exact and "." in host):
        raise Refused(
            _(
                "“%(host)s” is an ending under which anybody may register names, so this would speak "
                "about all of them. Name the one site that you mean."
            )
            % {"host": host}
        )


def scope(text: str) -> tuple[str, str]:
    """A scope as (kind, id): "everyone", "school:ID", "role:ROLE", "class:ID", "person:ID"."""
    kind, colon, id = text.strip().partition(":")
    if kind not in SCOPES or (kind == "everyone") == bool(colon) or bool(colon) != bool(id):
        raise Refused(
            _("“%(text)s” is not a scope; write everyone, school:ID, role:ROLE, class:ID or person:ID.")
            % {"text": text}
        )
    return kind, id


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
