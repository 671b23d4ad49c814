"""The leases as rows of (address, source, who), as the roll takes them."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from homeroom.access import leases
from homeroom.people import queries as people


def at(instant: datetime) -> list[Any]:
    """Those of an instant, as doors will read them, by address."""
    return sorted((json.loads(line) for line in leases.Live().lines(people.today(instant))), key=lambda row: row[0])


def read(home: Path) -> list[Any]:
    """Those in the file that doors read; none where there is no such file."""
    path = home / "bundles" / "leases.json"
    rows: list[Any] = json.loads(path.read_bytes())["leases"] if path.exists() else []
    return rows
