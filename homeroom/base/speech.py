"""In which language somebody reads, and the same said in every language of the house."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils import translation

WRITTEN_IN = "en"  # the language in which our own words are written


def language() -> str:
    """The reader's language, without its country."""
    return (translation.get_language() or WRITTEN_IN).partition("-")[0]


def in_each_language(say: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Facts for a letter: in English, and under `other` in each further language of the house."""
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[code] = say()
    english = said.pop(WRITTEN_IN)
    return {**english, "other": said}
