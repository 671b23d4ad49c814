"""Small words for sentences to people."""

from __future__ import annotations

from datetime import datetime


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> counted(1, "line"), counted(1200, "line"), counted(2, "entry", "entries")
    ('1 line', '1200 lines', '2 entries')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"


def clock(at: datetime) -> str:
    """An instant as a terminal shows it, to the second and with its zone; give it in the zone of the reader."""
    return f"{at:%Y-%m-%d %H:%M:%S %Z}"


def masked(email: str) -> str:
    """An address that its owner knows again and nobody else can use.

    >>> masked("rosa@lake.test"), masked("")
    ('r…@lake.test', '')
    """
    name, at, domain = email.partition("@")
    return f"{name[:1]}…{at}{domain}" if at else email[:1]
