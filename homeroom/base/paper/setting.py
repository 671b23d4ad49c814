"""Typst in this process: from a template and data to the bytes of a PDF."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst
from django.conf import settings

from homeroom.base.errors import Refused
from homeroom.base.paper import scripts

HOUSE = Path(__file__).parents[2]  # the folder `homeroom`; templates reach nothing outside it
STANDARDS = ("ua-1", "a-2a")  # PDF/UA-1 (ISO 14289-1) and PDF/A-2a (ISO 19005-2)
NO_GLYPH = "could not be displayed"
PROBE = '#set document(title: "x")\n#set text(font: ({fonts},))\n{words}'

log = logging.getLogger(__name__)
_one_at_a_time = Lock()


class MissingFont(Refused):
    """No installed font has the letters of a language; the message says what to install."""


def typeset(template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """A tagged PDF of `template`, such as "agreements/agreement.typ", in `data["language"]` (else English).

    The same template, data and instant give the same bytes. Raises MissingFont where the language's letters
    cannot be set at all; where only single characters are missing, they are set as empty boxes and the PDF
    makes no claim of PDF/UA or PDF/A.
    """
    language = str(data.get("language") or "en")
    inputs = {"data": json.dumps({**data, "house": _house(language)}, ensure_ascii=False, sort_keys=True)}
    app, _, name = template.partition("/")
    path = HOUSE / app / "paper" / name
    try:
        return _compile(path, inputs, at, STANDARDS)
    except typst.TypstError as error:
        if NO_GLYPH not in error.message:
            raise
        if said := lacking(language):
            raise MissingFont(said) from None
        log.warning("%s has characters that no installed font shows; install %s.", template, scripts.PACKAGE)
        return _compile(path, inputs, at, ())


@cache
def lacking(language: str) -> str:
    """A sentence where this machine has no font for a language; else nothing."""
    words = scripts.sample(language)
    if not words:
        return ""
    fonts = ", ".join(f'"{each}"' for each in scripts.FONTS)
    source = PROBE.format(fonts=fonts, words=words).encode()
    try:
        with _one_at_a_time:
            _compiler().compile(source, format="pdf", pdf_standards=list(STANDARDS[:1]))
    except typst.TypstError as error:
        if NO_GLYPH not in error.message:
            raise
        return (
            f"This machine has no font for the letters of “{language}” ({words}), so no paper can be printed in it. "
            f"Ask whoever runs Homeroom for: sudo apt-get install {scripts.PACKAGE}, then start Homeroom again."
        )
    return ""


def _house(language: str) -> dict[str, Any]:
    return {
        "fonts": list(scripts.FONTS),
        "language": scripts.short(language),
        "right_to_left": sorted(scripts.RIGHT_TO_LEFT),
        "organisation": settings.ORGANISATION,
    }


def _compile(path: Path, inputs: dict[str, str], at: datetime, standards: tuple[str, ...]) -> bytes:
    with _one_at_a_time:
        made: Any = _compiler().compile(
            str(path), sys_inputs=inputs, format="pdf", pdf_standards=list(standards), timestamp=int(at.timestamp())
        )
    return bytes(made)


@cache
def _compiler() -> typst.Compiler:
    """One for this process, since it keeps the fonts that it found."""
    return typst.Compiler(root=str(HOUSE))
