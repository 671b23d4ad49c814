"""What a mail server took, noted in a file before it is noted in the database: one line for each letter.

    HOMEROOM_HOME/run/sent-CLAIM.notes      the ids of tries, one a line; held by the worker that writes it (flock)

A line is in the system's hands as soon as it is written, so a worker that is killed leaves what it knew, and the
database is written once for a whole batch. A file whose lock is free was left by somebody who is gone.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ENDING = ".notes"


class Notes:
    """The file of one batch."""

    def __init__(self, claim: str) -> None:
        folder = _folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = folder / f"sent-{claim}{ENDING}"
        self._fd = os.open(self._path, os.O_CREAT | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._fd, fcntl.LOCK_EX)

    def add(self, attempt: int) -> None:
        """The mail server took this one."""
        os.write(self._fd, b"%d\n" % attempt)

    def __enter__(self) -> Notes:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """The database knows it now; where it could not be told, the file stays for the next worker."""
        if kind is None:
            self._path.unlink(missing_ok=True)
        os.close(self._fd)


def left() -> Iterator[tuple[Path, str, list[int]]]:
    """The files of workers that are gone, each with its claim and the tries it knew to be sent.

    Each is held while it is dealt with and deleted afterwards. A line that was torn names no try.
    """
    for path in sorted(_folder().glob(f"sent-*{ENDING}")):
        try:
            fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            *lines, _torn = path.read_bytes().split(b"\n")
            yield path, path.name.removeprefix("sent-").removesuffix(ENDING), [int(each) for each in lines]
            path.unlink(missing_ok=True)
        except (BlockingIOError, FileNotFoundError):
            continue  # somebody lives and writes it, or was quicker
        finally:
            os.close(fd)


def _folder() -> Path:
    return Path(settings.HOME) / "run"
