"""What stands in one cell: days, instants, lists, yes and no, grades, languages, in the spellings vendors use."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import lru_cache

MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?\Z")
_PACKED = re.compile(r"(\d{4})(\d\d)(\d\d)\Z")
_AMERICAN = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[T ].*)?\Z")
_DAY_MONTH = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})\.?[ ,-]+(\d{4})\Z")
_MONTH_DAY = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\Z")
_TRUE = frozenset({"true", "t", "yes", "y", "1", "x", "on", "si", "sí"})
_FALSE = frozenset({"false", "f", "no", "n", "0", "off"})
_LANGUAGES = {
    "english": "en", "spanish": "es", "español": "es", "espanol": "es", "somali": "so", "hmong": "hmn", "karen": "kar",
    "oromo": "om", "vietnamese": "vi", "arabic": "ar", "russian": "ru", "chinese": "zh", "french": "fr",
    "amharic": "am", "swahili": "sw", "ukrainian": "uk", "lao": "lo", "burmese": "my", "portuguese": "pt",
    "eng": "en", "spa": "es", "som": "so", "vie": "vi", "ara": "ar", "rus": "ru", "zho": "zh", "fra": "fr",
}  # fmt: skip
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}\Z")
_GRADES = {
    "kg": "K", "k": "K", "kk": "K", "kindergarten": "K", "00": "K", "0": "K", "tk": "PK", "pk": "PK", "pr": "PK",
    "prek": "PK", "prekindergarten": "PK", "preschool": "PK", "ec": "PK", "-1": "PK", "p3": "PK", "p4": "PK",
    "it": "IT", "infant": "IT", "ug": "UG", "ungraded": "UG", "other": "Other",
}  # fmt: skip


@lru_cache(maxsize=20_000)
def day(text: str) -> str | None:
    """A day as "2026-11-03"; None where no day stands there. Numbers with slashes are month, day, year.

    >>> {day(each) for each in ("11/3/2026", "20261103", "3-Nov-2026", "Nov 3, 2026", "2026-11-03T00:00")}
    {'2026-11-03'}
    >>> day("13/2/2026"), day("11/3/26"), day("soon")
    (None, None, None)
    """
    try:
        year, month, number = _parts(text.strip())
        return date(year, month, number).isoformat()
    except ValueError:
        return None


def _parts(text: str) -> tuple[int, int, int]:
    if found := _ISO.match(text) or _PACKED.match(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _AMERICAN.match(text):
        return int(found[3]), int(found[1]), int(found[2])
    if found := _DAY_MONTH.match(text):
        return int(found[3]), MONTHS.get(found[2][:3].lower(), 0), int(found[1])
    if found := _MONTH_DAY.match(text):
        return int(found[3]), MONTHS.get(found[1][:3].lower(), 0), int(found[2])
    raise ValueError(text)


@lru_cache(maxsize=20_000)
def instant(text: str) -> str | None:
    """An instant in UTC, in one spelling whose order as text is that of time; a bare day is its first moment.

    >>> instant("2026-11-03T08:00:00-06:00"), instant("2026-11-03"), instant("11/3/2026")
    ('2026-11-03T14:00:00.000000Z', '2026-11-03T00:00:00.000000Z', '2026-11-03T00:00:00.000000Z')
    """
    try:
        at = datetime.fromisoformat(text.strip())
        at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        only = day(text)
        return f"{only}T00:00:00.000000Z" if only else None
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ").zfill(27)


def several(text: str) -> list[str]:
    """The parts of a list in one cell, without repetition.

    >>> several("a, b;c|a,,"), several('["x", "y"]')
    (['a', 'b', 'c'], ['x', 'y'])
    """
    if not text:
        return []
    if text[0] == "[" and text[-1] == "]":
        text = text[1:-1].replace('"', "").replace("'", "")
    return list(dict.fromkeys(part for each in re.split(r"[,;|]", text) if (part := each.strip())))


def yes(text: str) -> bool | None:
    """Yes, no, or neither.

    >>> yes("TRUE"), yes("N"), yes("perhaps")
    (True, False, None)
    """
    small = text.strip().casefold()
    return True if small in _TRUE else False if small in _FALSE else None


@lru_cache(maxsize=2000)
def grade(text: str) -> str:
    """A grade as Homeroom writes it (PK, K, 1 to 12), from CEDS codes and what stands in their place.

    >>> [grade(each) for each in ("KG", "01", "12", "PK", "Grade 7", "3rd", "ps1", "Pre-K")]
    ['K', '1', '12', 'PK', '7', '3', 'PS1', 'PK']
    """
    small = text.strip().casefold()
    bare = re.sub(r"[^a-z0-9-]", "", small.removeprefix("grade"))
    known = _GRADES.get(bare) or _GRADES.get(bare.replace("-", ""))
    if known:
        return known
    number = re.sub(r"(?<=\d)(st|nd|rd|th)(grade)?\Z", "", bare)
    if number.isascii() and number.isdigit() and 1 <= int(number[:4]) <= 12:
        return str(int(number[:4]))
    return text.strip().upper()[:10]


def language(text: str) -> str:
    """A language as a BCP 47 tag; "" for what is none.

    >>> language("Spanish"), language("so"), language("en_us"), language("Klingon (south)")
    ('es', 'so', 'en-US', '')
    """
    small = text.strip().casefold()
    if small in _LANGUAGES:
        return _LANGUAGES[small]
    if not _TAG.match(small):
        return ""
    first, *rest = small.replace("_", "-").split("-")
    return "-".join([first, *(part.upper() if len(part) == 2 else part for part in rest)])
