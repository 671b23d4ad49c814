"""The made-up district adopts a text of the policy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from homeroom.base.actor import SYSTEM
from homeroom.board import actions, queries
from homeroom.people import queries as people

NOTICED, HEARD = timedelta(days=60), timedelta(days=30)  # before the day on which it begins


def adopt(path: Path, *, at: datetime, say: Callable[[str], None]) -> None:
    """VI.Alt3.note.b: put a file's text in force today, as if notice and hearing had been; once. Raises Refused."""
    text, _ = actions.import_text(actor=SYSTEM, file=path.name, data=path.read_bytes(), at=at)
    today = people.today(at)
    if text.from_day is None:
        actions.put_in_force(
            actor=SYSTEM, text=text.pk, from_day=today, at=at, alternative="3" if queries.alternatives(text) else "",
            noticed_on=today - NOTICED, hearing_on=today - HEARD, minutes="Minutes of a made-up meeting",
        )  # fmt: skip
    say(f"{text} is in force.")
