"""How far the reading or loading of a roster is, in a small file beside it: the records may be locked meanwhile."""

from __future__ import annotations

import json
import time
from pathlib import Path

BETWEEN = 0.5  # seconds between two writes


class Teller:
    """Called with what is being read and how many rows were; never fails the job."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "progress.json"
        self._told = 0.0

    def __call__(self, name: str, count: int) -> None:
        """So many rows of that."""
        clock = time.monotonic()
        if clock - self._told < BETWEEN:
            return
        self._told = clock
        try:
            aside = self.path.with_suffix(".new")
            aside.write_text(json.dumps({"name": name, "count": count}), encoding="utf-8")
            aside.replace(self.path)
        except OSError:
            return


def told(folder: Path) -> tuple[str, int]:
    """What is being read, and how many rows were; ("", 0) where nothing was told yet."""
    try:
        said = json.loads((folder / "progress.json").read_text(encoding="utf-8"))
        return str(said["name"]), int(said["count"])
    except (OSError, ValueError, KeyError, TypeError):
        return "", 0
