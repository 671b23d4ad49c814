"""The drafts that come with Homeroom, in its own words: a beginning for a district, approved by nobody yet."""

from __future__ import annotations

import json
from pathlib import Path

DATA = Path(__file__).parent / "data" / "drafts"
LANGUAGES = ("en", "es", "so", "hmn")


def texts(kind: str) -> list[tuple[str, str, dict[str, str]]]:
    """The drafts of a kind as (language, subject, blocks), English first."""
    found = []
    for language in LANGUAGES:
        path = DATA / f"{kind}.{language}.json"
        if path.exists():
            said = json.loads(path.read_text(encoding="utf-8"))
            found.append((language, str(said["subject"]), dict(said["blocks"])))
    return found
