"""Puts a whole file in place of another one, so that whoever reads it sees the one or the other."""

from __future__ import annotations

import os
import threading
from pathlib import Path


def stamp(path: Path) -> tuple[int, int, int] | None:
    """What differs once a file was written anew or touched; None where it is not there. Cheap."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def put(path: Path, data: bytes, *, sync: bool = True) -> None:
    """Write a file for its owner only; raises OSError, and then the old one stands and nothing lies beside it.

    With `sync` it is on the disk before it takes its place. The name aside belongs to one thread, so that two who
    write at once do not meet, and what a crash left is written over.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_native_id()}")
    try:
        with os.fdopen(os.open(aside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_CLOEXEC, 0o600), "wb") as file:
            file.write(data)
            if sync:
                file.flush()
                os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)  # a full disk must not keep the half that fitted
