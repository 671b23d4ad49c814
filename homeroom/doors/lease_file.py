"""Who is behind which address at this moment: HOMEROOM_HOME/bundles/leases.json, beside the bundle.

Leases come and go by the minute, so they are no part of the bundle: no manifest speaks of them.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from homeroom.kernel.decision.bundle import Bundle


def publish(home: Path, rows: Sequence[Sequence[Any]]) -> bool:
    """Say who is where from now on (rows of kernel.decision.roll); True where that differs from before."""
    data, path = json.dumps({"leases": rows}, separators=(",", ":")).encode(), _path(home)
    if path.exists() and path.read_bytes() == data:
        return False
    aside = path.with_name(f".leases.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    return True


def read(home: Path) -> list[Any]:
    """The leases in force; none where the file is missing or damaged, so that everybody there is a stranger."""
    try:
        rows = json.loads(_path(home).read_bytes())["leases"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return rows if isinstance(rows, list) else []


def applied(bundle: Bundle, home: Path) -> Bundle:
    """A bundle by which the people of the leases are known."""
    try:
        return bundle.with_leases(read(home))
    except (ValueError, TypeError, KeyError):  # one damaged row: better nobody is known than the wrong one
        return bundle


def stamp(home: Path) -> tuple[int, int] | None:
    """What differs once the file was written anew."""
    try:
        stat = _path(home).stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_mtime_ns


def _path(home: Path) -> Path:
    folder = home / "bundles"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / "leases.json"
