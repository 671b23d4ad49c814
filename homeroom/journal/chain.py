"""How one entry is tied to the one before it: canonical JSON (RFC 8785) under SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import rfc8785

GENESIS = "0" * 64  # what the first entry names as its previous


class NotPlain(TypeError):
    """Data that cannot be written as JSON one way only; the message says where and what."""


def digest(
    *, id: int, at: datetime, actor: str, verb: str, subject: str, clause: str, reason: str, data: Any, previous: str
) -> str:
    """The hash of an entry: lower-case hex of SHA-256 over its canonical JSON, its place and its predecessor included.

    >>> entry = dict(id=1, at=datetime(2026, 9, 1, tzinfo=UTC), actor="dana", verb="people.school.added",
    ...              subject="school:birch", clause="", reason="", data={"b": 1, "a": [2]}, previous=GENESIS)
    >>> digest(**entry)[:16], digest(**{**entry, "reason": "typo"})[:16]
    ('3b43453495afc041', '1b5691cf9d86a0b7')
    """
    content = {
        "id": id, "at": moment(at), "actor": actor, "verb": verb, "subject": subject, "clause": clause,
        "reason": reason, "data": data, "previous": previous,
    }  # fmt: skip
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def moment(at: datetime) -> str:
    """An instant in its one spelling: UTC, microseconds, "Z"."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def plain(value: Any, where: str = "data") -> Any:
    """A value as JSON keeps it: days and instants become text, tuples become lists. Raises NotPlain.

    >>> plain({"on": date(2026, 9, 1), "ids": ("a", "b")})
    {'on': '2026-09-01', 'ids': ['a', 'b']}
    """
    if value is None or isinstance(value, (str, bool, int, float)):
        return _scalar(value, where)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {_key(key, where): plain(each, f"{where}.{key}") for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each, f"{where}[{index}]") for index, each in enumerate(value)]
    if isinstance(value, (set, frozenset)):
        return sorted(plain(each, where) for each in value)
    raise NotPlain(f"{where} is a {type(value).__name__}, which the journal cannot keep; give text, numbers or days.")


def _scalar(value: Any, where: str) -> Any:
    # What RFC 8785 cannot spell one way only is refused here, where the place can still be named.
    if isinstance(value, float) and (value != value or abs(value) == float("inf")):
        raise NotPlain(f"{where} is {value}, which JSON cannot say.")
    if isinstance(value, float) and value.is_integer():
        value = int(
            value
        )  # PostgreSQL gives 3.0, -0.0 and 1e300 back as whole numbers; their canonical form is the same
    if isinstance(value, int) and abs(value) > 2**53 - 1:
        raise NotPlain(f"{where} is {value}, too large to be kept exactly; give it as text.")
    if isinstance(value, str):
        text = str(value)
        if "\0" in text or not _encodable(text):
            raise NotPlain(f"{where} holds characters that are not text.")
        return text
    return value


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _key(key: Any, where: str) -> str:
    if not isinstance(key, str):
        raise NotPlain(f"{where} has the key {key!r}; keys are text.")
    return key
