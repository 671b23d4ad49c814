"""Which letters a language is written in, and which fonts have them."""

from __future__ import annotations

FONTS = (
    "Noto Sans", "Noto Sans Arabic", "Noto Sans Myanmar", "Noto Sans Ethiopic", "Noto Sans Hebrew",
    "Noto Sans Devanagari", "Noto Sans Khmer", "Noto Sans Lao", "Noto Sans Thai", "Noto Sans Symbols",
    "Noto Sans Symbols2", "DejaVu Sans", "Libertinus Serif",
)  # fmt: skip
PACKAGE = "fonts-noto-core"  # Debian's name for what has them
# A word of each script that is not Latin, by the languages written in it (ISO 639).
SAMPLES = {
    "العربية": ("ar", "ckb", "fa", "ps", "ur"),
    "ကညီ": ("kar", "ksw", "kjp", "my", "pwo"),
    "አማርኛ": ("am", "ti"),
    "Русский": ("ru", "uk"),
    "नेपाली": ("hi", "ne"),
    "ខ្មែរ": ("km",),
    "ລາວ": ("lo",),
    "ไทย": ("th",),
    "中文": ("zh", "ja"),
    "한국어": ("ko",),
}
RIGHT_TO_LEFT = frozenset(("ar", "ckb", "fa", "he", "ps", "ur"))


def short(language: str) -> str:
    """The language itself, without script or region, as typst and PDF take it.

    >>> short("es-MX"), short("KSW"), short("")
    ('es', 'ksw', 'en')
    """
    first = language.replace("_", "-").partition("-")[0].lower()
    return first if len(first) in (2, 3) and first.isalpha() and first.isascii() else "en"


def sample(language: str) -> str:
    """A word in the letters of a language; empty where those are Latin.

    >>> sample("am-ET"), sample("so")
    ('አማርኛ', '')
    """
    code = short(language)
    return next((word for word, codes in SAMPLES.items() if code in codes), "")


def right_to_left(language: str) -> bool:
    """Whether a language is written from right to left.

    >>> right_to_left("ar"), right_to_left("hmn")
    (True, False)
    """
    return short(language) in RIGHT_TO_LEFT
