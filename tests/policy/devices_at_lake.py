"""Small words for cases about devices: who asks for what, on which ground."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from homeroom.base.actor import Actor
from homeroom.board import actions as board
from homeroom.board.models import Addendum
from homeroom.devices.actions import duties, gate, resources
from homeroom.devices.models import IssuedResource, LoanWords, TellDuty
from homeroom.people import queries as people

DANA = Actor(id="dana", name="Dana Reyes", roles=frozenset({"technology_director"}))
OKAFOR = Actor(id="okafor", name="Chidi Okafor", roles=frozenset({"building_administrator"}))
HOUR = timedelta(hours=1)
WORDS = "I take good care of this laptop, I bring it back at the end of the year, and I know who may look into it."


def hold_words(at: datetime, text: str = WORDS) -> LoanWords:
    """The words to accept, approved by the board on the day they were written."""
    row = resources.set_words(actor=DANA, text=text, at=at)
    on = people.today(at)
    board.approve_addendum(
        actor=DANA, at=at, addendum=Addendum.objects.get(sha256=row.sha256), approved_on=on, minutes="Item 5",
        effective_on=on,
    )  # fmt: skip
    return row


def laptop(at: datetime, tag: str = "LB-1", person: str = "ben") -> IssuedResource:
    """A laptop that is lent to somebody."""
    row = resources.add_resource(
        actor=DANA, kind="hardware", title="Chromebook", tag=tag, serial=f"SN{tag}", school="birch", at=at
    )
    resources.lend(actor=DANA, resource=row.pk, person=person, at=at)
    return row


def put_off(access: int, at: datetime, asked_at: datetime | None = None) -> TellDuty:
    """Mr. Okafor asks that a notice waits, and Dana approves at an instant."""
    duties.ask_to_defer(actor=OKAFOR, access=access, why="His father would hurt him.", at=asked_at or at)
    return duties.answer_deferral(actor=DANA, access=access, grant=True, words="The police say so.", at=at)


def wanted(at: datetime, **more: object) -> gate.Wanted:
    """A lesson on Ben's screen, unless something else is said."""
    lesson = gate.Wanted(
        student="ben", features=("video",), ground="education", purpose="instruction", starts=at, ends=at + HOUR,
        why="I help him with his essay.", scope="His screen in this lesson",
    )  # fmt: skip
    return replace(lesson, **more)


def threat(at: datetime, **more: object) -> gate.Wanted:
    """An emergency about Ben."""
    said: dict[str, object] = {
        "features": ("location",), "ground": "threat", "purpose": "safety", "scope": "Where the laptop is now",
        "why": "We must find him before he comes to harm.", "threat": "He wrote that he will not live until tomorrow.",
    }  # fmt: skip
    return wanted(at, **{**said, **more})
