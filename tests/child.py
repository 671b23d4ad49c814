"""What a process started by a test may inherit."""

from __future__ import annotations

import os
from pathlib import Path


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a house of its own: with the settings of the house, not those of the tests."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("HOMEROOM_", "DJANGO_"))}
    return {**inherited, "HOMEROOM_HOME": str(home), **more}
