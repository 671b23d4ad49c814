"""IX.C: the code on a printed form: which agreement and which version of the words, safe against a slip of the pen.

Ten characters of Crockford's base 32 (no I, L, O, U), as "0024B-G031M": six for the agreement, two for the version,
two that check. One wrong character is always noticed, so are two neighbours in the wrong order.
"""

from __future__ import annotations

from dataclasses import dataclass

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
READ_AS = {"I": "1", "L": "1", "O": "0", "U": "V"}
PRIME = 1021  # the largest below 32 * 32
AGREEMENTS, VERSIONS = 32**6, 32**2
LENGTH = 10


class BadCode(ValueError):
    """A code that no printed form bears; the message is a sentence with a next step."""


@dataclass(frozen=True, slots=True)
class PaperCode:
    """Which agreement a sheet is for, and the number of the version whose words are printed on it."""

    agreement: int
    version: int


def write(code: PaperCode) -> str:
    """As it is printed.

    >>> write(PaperCode(agreement=1, version=1)), write(PaperCode(agreement=70_000, version=3))
    ('00000-1010C', '0024B-G031M')
    """
    if not (0 <= code.agreement < AGREEMENTS and 0 <= code.version < VERSIONS):
        raise BadCode("This agreement has a number too large for a code on paper.")
    value = code.agreement * VERSIONS + code.version
    digits = _digits(value, 8) + _digits(value * 1024 % PRIME, 2)
    return f"{digits[:5]}-{digits[5:]}"


def read(text: str) -> PaperCode:
    """What somebody typed or a machine read: spaces, dashes, small letters and I, L, O, U are forgiven.

    >>> read("oo24b g031m")
    PaperCode(agreement=70000, version=3)
    """
    plain = "".join(READ_AS.get(each, each) for each in text.upper() if each not in " -–—\u00a0")
    if len(plain) != LENGTH:
        count = f"{len(plain)} character{'' if len(plain) == 1 else 's'}"
        raise BadCode(f"This code has {count}; a code on a form has {LENGTH}. Look at the sheet again.")
    if odd := [each for each in plain if each not in SYMBOLS]:
        raise BadCode(f"“{odd[0]}” is in no code on a form. Look at the sheet again.")
    value = _number(plain[:8])
    if _number(plain[8:]) != value * 1024 % PRIME:
        raise BadCode("This code has a slip in it: one character is wrong. Look at the sheet again.")
    return PaperCode(agreement=value // VERSIONS, version=value % VERSIONS)


def _digits(value: int, count: int) -> str:
    found = ""
    for _ in range(count):
        value, rest = divmod(value, 32)
        found = SYMBOLS[rest] + found
    return found


def _number(digits: str) -> int:
    value = 0
    for each in digits:
        value = value * 32 + SYMBOLS.index(each)
    return value
