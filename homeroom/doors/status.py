"""How a door is doing, told once a second in a small file that pages and checks read."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from homeroom.doors import whole_file


def write_status(home: Path, door: str, values: dict[str, Any], at: datetime) -> bool:
    """Replace HOMEROOM_HOME/run/DOOR.json; False where it cannot be written. Never raises."""
    path = home / "run" / f"{door}.json"
    told = json.dumps({**values, "pid": os.getpid(), "at": at.isoformat()})
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        whole_file.put(path, told.encode(), sync=False)
    except OSError:
        return False
    return True


def read_statuses(home: Path, at: datetime) -> dict[str, dict[str, Any]]:
    """What every door last said, by name, with `age` in seconds; damaged files are left out."""
    said = {}
    for path in sorted((home / "run").glob("*.json")):
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            then = datetime.fromisoformat(values["at"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
        said[path.stem] = {**values, "age": max(0.0, (at - then.astimezone(UTC)).total_seconds())}
    return said
