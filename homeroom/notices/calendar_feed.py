"""Running clocks as a calendar (RFC 5545), for the calendar that somebody uses anyway."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from homeroom.notices.models import Clock

LINE = 75  # bytes of a line; longer ones are folded
ALARMS = ("-P2D", "-P1D", "-PT6H")


def calendar(clocks: Iterable[Clock], *, name: str, url: str, at: datetime) -> str:
    """All clocks as events that end when they are due; late ones say so in their name."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Homeroom//Clocks//EN", f"X-WR-CALNAME:{_text(name)}"]
    for clock in clocks:
        lines += _event(clock, url, at)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(clock: Clock, url: str, at: datetime) -> Iterator[str]:
    state = clock.state(at)
    title = {"late": f"LATE: {clock.title}", "paused": f"Paused: {clock.title}"}.get(state, clock.title)
    yield "BEGIN:VEVENT"
    yield f"UID:clock-{clock.pk}@homeroom"
    yield f"DTSTAMP:{_stamp(at)}"
    yield f"DTSTART:{_stamp(clock.due_at)}"
    yield f"DTEND:{_stamp(clock.due_at)}"
    yield f"SUMMARY:{_text(title)}"
    yield f"DESCRIPTION:{_text(f'{clock.about}, clause {clock.clause}')}"
    yield f"URL:{url}/clocks/{clock.pk}"
    if state in ("running", "warned"):
        for before in ALARMS:
            yield from (
                "BEGIN:VALARM",
                "ACTION:DISPLAY",
                f"TRIGGER:{before}",
                f"DESCRIPTION:{_text(title)}",
                "END:VALARM",
            )
    yield "END:VEVENT"


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(words: str) -> str:
    for mark in ("\\", ";", ","):
        words = words.replace(mark, f"\\{mark}")
    return " ".join(words.split())


def _folded(line: str) -> Iterator[str]:
    """A line in parts of at most 75 bytes, never within a letter; each further part begins with a blank."""
    part = ""
    for letter in line:
        if len((part + letter).encode()) > LINE:
            yield part
            part = " "
        part += letter
    yield part
