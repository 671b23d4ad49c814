"""Proxy logins: a name and password with each request (RFC 7617), compared slowly once and quickly afterwards.

Argon2 is slow on purpose, so a pair that was found right is remembered for some minutes as
an HMAC under a key that lives only in this process. Wrong ones are counted per address.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from base64 import b64decode
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from weakref import WeakValueDictionary

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from homeroom.kernel.decision.roll import Roll

REMEMBERED = 300.0  # seconds
WRONG = 10  # wrong passwords from one address ...
WITHIN = 300.0  # ... within so many seconds, after which the address is barred for as long
MOST = 20_000  # pairs and addresses kept at most
_HASHER = PasswordHasher()


def read_basic(credentials: bytes) -> tuple[str, str] | None:
    """Name and password of a Basic header (RFC 7617), or None where it is none.

    >>> read_basic(b"Basic YmVuOnM6Y3JldA=="), read_basic(b"Bearer x")
    (('ben', 's:cret'), None)
    """
    scheme, _, text = credentials.partition(b" ")
    if scheme.lower() != b"basic" or len(text) > 1024:
        return None
    try:
        name, colon, password = b64decode(text.strip(), validate=True).decode("utf-8").partition(":")
    except ValueError:
        return None
    return (name, password) if colon and name else None


def compare(roll: Roll, name: str, password: str) -> tuple[str, str] | None:
    """The (person's id, hash) behind a name and password, or None; slow, so call it in a thread.

    A name that nobody has takes as long as a wrong password, so that names cannot be guessed by the clock.
    """
    login = roll.login(name)
    person, stored = login if login else ("", _nobody())
    try:
        # Django writes "argon2" before the hash that Argon2 made, which begins with "$".
        right = _HASHER.verify(stored.removeprefix("argon2"), password)
    except (VerificationError, InvalidHashError):
        return None
    return (person, stored) if right and login else None


@cache
def _nobody() -> str:
    return _HASHER.hash(secrets.token_hex(16))


@dataclass(slots=True)
class _Failures:
    count: int
    since: float


class Logins:
    """What one process remembers of logins; `now` is a clock in seconds that only goes forward."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._right: OrderedDict[bytes, tuple[str, float]] = OrderedDict()
        self._wrong: OrderedDict[bytes, _Failures] = OrderedDict()
        self._turns: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()

    def turn(self, address: bytes) -> asyncio.Lock:
        """Held while a password from that address is compared: one at a time, so that many connections
        cannot have more guesses under way than are allowed.
        """
        return self._turns.setdefault(address, asyncio.Lock())

    def remembered(self, roll: Roll, name: str, password: str, now: float) -> str | None:
        """The person's id where this pair was found right lately and the password has not changed since."""
        login = roll.login(name)
        if login is None:
            return None
        mark = self._mark(name, password, login[1])
        person, until = self._right.get(mark, ("", 0.0))
        return person if until > now and person == login[0] else None

    def right(self, name: str, password: str, login: tuple[str, str], now: float) -> None:
        """The pair was compared and is right; `login` is what `compare` returned."""
        self._right[self._mark(name, password, login[1])] = (login[0], now + REMEMBERED)
        while len(self._right) > MOST:
            self._right.popitem(last=False)

    def wrong(self, address: bytes, now: float) -> None:
        """A wrong password came from that address."""
        failures = self._wrong.pop(address, None)
        if failures is None or now - failures.since > WITHIN:
            failures = _Failures(0, now)
        failures.count += 1
        if failures.count == WRONG:
            failures.since = now  # barred for the whole time from here on
        self._wrong[address] = failures
        while len(self._wrong) > MOST:
            self._wrong.popitem(last=False)

    def barred(self, address: bytes, now: float) -> bool:
        """Whether too many wrong passwords came from that address."""
        failures = self._wrong.get(address)
        return failures is not None and failures.count >= WRONG and now - failures.since <= WITHIN

    def _mark(self, name: str, password: str, stored: str) -> bytes:
        # Lengths keep ("a", "b:c") apart from ("a:b", "c"); the stored hash lets a changed password count at once.
        parts = (name.casefold().encode(), password.encode(), stored.encode())
        return hmac.digest(self._key, b"".join(len(part).to_bytes(4, "big") + part for part in parts), "sha256")
