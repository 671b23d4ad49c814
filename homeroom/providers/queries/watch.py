"""XIII.A: names of education technology whose use the doors count by day: those that ship, and the register's own."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from homeroom.kernel.lists.names import is_address
from homeroom.providers.models import Provider

DATA = Path(__file__).parent.parent / "data" / "watched.json"


def names() -> frozenset[str]:
    """Every watched name. Whoever adds a product to the register with its domains watches it."""
    own = Provider.objects.values_list("domains", flat=True)
    return frozenset(shipped()) | {name for domains in own for name in domains if "." in name and not is_address(name)}


@cache
def shipped() -> dict[str, str]:
    """The names that ship with Homeroom, each with what it is for."""
    groups = json.loads(DATA.read_text(encoding="utf-8"))["groups"]
    return {name: group["title"] for group in groups for name in group["domains"]}
