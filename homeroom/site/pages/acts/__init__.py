"""Every act that the journal can hold, as the pages say it: what somebody did, without who and to whom.

One module for each app. An act that gets a name in the code gets its words here, in English and in Spanish;
tests/architecture/test_journal_words.py holds both together.
"""

from __future__ import annotations

from functools import cache

from django.utils.translation import get_language

from homeroom.site.pages.acts.access import of_access
from homeroom.site.pages.acts.agreements import of_agreements
from homeroom.site.pages.acts.board import of_board
from homeroom.site.pages.acts.devices import of_devices
from homeroom.site.pages.acts.filtering import of_filtering
from homeroom.site.pages.acts.ledger import of_ledger
from homeroom.site.pages.acts.notices import of_notices
from homeroom.site.pages.acts.people import of_people
from homeroom.site.pages.acts.providers import of_providers
from homeroom.site.pages.acts.requests import of_requests

SAYERS = (
    of_access,
    of_agreements,
    of_board,
    of_devices,
    of_filtering,
    of_ledger,
    of_notices,
    of_people,
    of_providers,
    of_requests,
)


def verbs() -> dict[str, str]:
    """All acts in the language of whoever looks, by the names that the journal has for them."""
    return dict(_in(get_language() or ""))


def said(verb: str) -> str:
    """One act in words; its own name where an older or newer house recorded what this one does not know."""
    return _in(get_language() or "").get(verb, verb)


@cache
def _in(language: str) -> dict[str, str]:
    """A page says many acts; the words of one language are put together once. `language` is the active one."""
    return {verb: words for sayer in SAYERS for verb, words in sayer().items()}
