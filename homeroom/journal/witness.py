"""Remembers, outside the database, where the chain ended: a journal cut off at its end is then found out.

HOMEROOM_HOME/journal-heads.log holds one line per sighting: "id hash instant". It is only ever
appended to; whoever wants a stronger witness copies it to another machine.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from django.conf import settings

from homeroom.journal import chain, queries

NAME = "journal-heads.log"


def remember(at: datetime) -> str | None:
    """Write down the present head, unless it is the one written last; None where nothing is new."""
    head, seen = queries.head(), last_seen()
    if head.id == 0 or (seen and head.id <= seen.id):
        return None
    line = f"{head.id} {head.hash} {chain.moment(at)}\n"
    file = os.open(_path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(file, line.encode())
        os.fsync(file)
    finally:
        os.close(file)
    return f"The journal ends at entry {head.id}."


def last_seen() -> queries.Head | None:
    """The latest head that was written down whole; None where there is none."""
    try:
        with _path().open("rb") as file:
            file.seek(max(0, _path().stat().st_size - 4096))
            lines = file.read().decode("ascii", "replace").split("\n")[:-1]
    except FileNotFoundError:
        return None
    for line in reversed(lines):
        words = line.split()
        if len(words) == 3 and words[0].isdigit() and len(words[1]) == 64:
            return queries.Head(int(words[0]), words[1])
    return None


def _path() -> Path:
    return Path(settings.HOME) / NAME
