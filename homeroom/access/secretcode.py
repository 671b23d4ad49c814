"""Codes: how they are made, read from what people type, and kept as keyed digests only."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from django.conf import settings

from homeroom.doors import environment

DIGITS = 8
MINUTES = 15  # how long a code by e-mail or text message lasts
TRIES = 5  # wrong codes after which one has to ask again
EACH_HOUR = 5  # codes that go to one address within an hour
LETTER = 12  # characters of a code on paper
LETTER_LASTS = timedelta(days=30)
LETTERS = "BCDFGHJKMNPQRSTVWXYZ23456789"  # none that look alike, no vowels that make words


def new() -> str:
    """A code for a screen: eight digits, so that guessing all day leads nowhere."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def new_letter() -> str:
    """A code for paper."""
    return "".join(secrets.choice(LETTERS) for _ in range(LETTER))


def shown(code: str) -> str:
    """A code as people read it, in groups of four.

    >>> shown("12345678"), shown("BCDFGHJKMNPQ")
    ('1234 5678', 'BCDF GHJK MNPQ')
    """
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def typed(text: str) -> str:
    """What somebody meant by what they typed: spaces, hyphens and small letters do not matter.

    >>> typed(" 1234-5678 "), typed("bcdf ghjk\\tmnpq")
    ('12345678', 'BCDFGHJKMNPQ')
    """
    return "".join(each for each in text.upper() if each.isalnum())[:64]


def digest(*parts: str) -> str:
    """What is kept of a code or an address: an HMAC under a key of this house."""
    return hmac.digest(environment.key(settings.HOME, "codes"), "\0".join(parts).encode(), "sha256").hex()


def same(one: str, other: str) -> bool:
    """Compare two digests in a time that tells nothing."""
    return hmac.compare_digest(one.encode(), other.encode())
