"""The files that doors leave in HOMEROOM_HOME/spool, seen from the side of the intake."""

from __future__ import annotations

import fcntl
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

NAME = re.compile(r"(?P<door>[a-z][a-z0-9_-]{0,40})-(?P<pid>\d{1,20})-(?P<number>\d{1,25})\.log")
SET_ASIDE_MOST = 16 * 1024 * 1024  # bytes of damaged lines kept per day; further ones are only counted
STRAY = 3600  # seconds after which a file that never got its name is removed


def waiting(home: Path) -> list[Path]:
    """The files to take in, oldest first; anything with another kind of name is left alone."""
    try:
        found = [path for path in (home / "spool").iterdir() if NAME.fullmatch(path.name)]
    except FileNotFoundError:
        return []
    return sorted(found, key=lambda path: (_match(path)["number"].zfill(25), path.name))


def door(path: Path) -> str:
    """The door that wrote a file."""
    return _match(path)["door"]


def given_up(file: BinaryIO) -> bool:
    """Whether no door will ever write to this file again: its lock is free.

    Shared, so that two intakes never take each other for a door. Ask before reading: what is
    read afterwards is then all there will ever be.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def set_aside(home: Path, name: str, offset: int, lines: Iterable[bytes], at: datetime) -> None:
    """Keep damaged lines for somebody to look at; never raises, never keeps more than SET_ASIDE_MOST a day."""
    folder = home / "spool" / "quarantine"
    path = folder / f"{at.astimezone(UTC):%Y-%m-%d}.log"
    with suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        with path.open("ab") as file:
            path.chmod(0o600)
            for line in lines:
                room = SET_ASIDE_MOST - file.tell()
                file.write(f"{name} near byte {offset}: ".encode()[: max(0, room)] + line[: max(0, room)] + b"\n")


def clear_quarantine(home: Path, before: datetime) -> int:
    """Delete damaged lines set aside before a day; returns the number of files."""
    deleted = 0
    for path in (home / "spool" / "quarantine").glob("????-??-??.log"):
        if path.stem < f"{before.astimezone(UTC):%Y-%m-%d}":
            path.unlink(missing_ok=True)
            deleted += 1
    return deleted


def clear_strays(home: Path, at: datetime) -> None:
    """Remove empty files of doors that died before these had a name."""
    for path in (home / "spool").glob("*.new"):
        with suppress(OSError):
            if path.stat().st_mtime < at.timestamp() - STRAY:
                path.unlink()


def _match(path: Path) -> re.Match[str]:
    match = NAME.fullmatch(path.name)
    if match is None:
        raise ValueError(f"{path} is not a spool file; its name should look like dns-4711-1.log.")
    return match
