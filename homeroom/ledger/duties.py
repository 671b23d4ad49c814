"""The catalogue: every leaf clause in words of our own, with who, when, clock, proof and law; it ships."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

DATA = Path(__file__).with_name("data") / "catalogue.csv"
OWNERS = {
    "school board": "board_clerk", "board clerk": "board_clerk", "superintendent": "superintendent",
    "administration": "superintendent", "administrators": "superintendent", "officials": "building_administrator",
    "building administrator": "building_administrator", "school office": "clerk", "school": "building_administrator",
    "school authorities": "building_administrator", "school staff": "teacher", "teachers": "teacher",
    "supervising teacher": "teacher", "new teacher": "teacher", "student": "clerk", "parent": "clerk",
    "employee": "clerk", "authorities": "superintendent",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Duty:
    """One row: who must do `what`, `when`; `clock` names the number that runs; `proof` is what shows it; `law`."""

    clause: str
    who: str
    what: str
    when: str
    clock: str
    proof: str
    law: str

    @property
    def owner(self) -> str:
        """The role whose desk it lies on; the technology director's where nobody else's."""
        return OWNERS.get(self.who, "technology_director")


@cache
def duties() -> Mapping[str, Duty]:
    """Every clause, in the policy's order."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return MappingProxyType({row["clause"]: Duty(**row) for row in csv.DictReader(file)})
