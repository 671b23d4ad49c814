"""The reviewed tables in data/: categories, UT1 folders, profiles, safe search, parameters. Read once, pure."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from homeroom import __version__
from homeroom.board import parameters as parameters_of_the_house
from homeroom.kernel.lists.table_format import VERSION as FORMAT

DATA = Path(__file__).parent / "data"
AUDIENCES = ("student", "adult", "unknown")
GUESS = "pornography-guess"  # where every expression of a statutory list goes: an expression is never law


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """VI: one row of data/categories.csv; `reason` is what a reviewer gave for the row.

    `legal` are classes of material, empty for all that only a district may choose to block. `sensitive`
    marks topic, identity and viewpoint, not to be blocked without a recorded decision. `defaults` maps an
    audience to "law", "block" or "open".
    """

    id: str
    title: str
    legal: tuple[str, ...]
    kind: str
    clause: str
    sensitive: bool
    defaults: dict[str, str]
    reason: str


@dataclass(frozen=True, slots=True)
class FolderRow:
    """VI: one folder of the UT1 archive; `category` "" is never used to block. Only `statutory` ones may be law."""

    folder: str
    category: str
    statutory: bool
    reason: str


@cache
def categories() -> dict[str, CategoryRow]:
    """Homeroom's categories by id, in the order of the table."""
    return {row["id"]: _category(row) for row in _rows("categories.csv")}


def category(name: str) -> CategoryRow | None:
    """One category, or None for a name that the table does not hold."""
    return categories().get(name)


@cache
def renamed() -> dict[str, str]:
    """Category ids of earlier versions and what they are called now, so that choices outlive a new name."""
    return {row["former"]: row["now"] for row in _rows("renamed.csv")}


def now(category: str) -> str:
    """What a category that somebody once chose, or a list was once added for, is called today."""
    return renamed().get(category, category)


@cache
def recipe() -> str:
    """What a compiled table depends on beside its lists. Where this differs, an upgrade lies between: build again."""
    digest = hashlib.sha256()
    for name in ("categories.csv", "renamed.csv", "ut1.csv"):
        digest.update((DATA / name).read_bytes())
    return f"{__version__} {FORMAT} {digest.hexdigest()[:12]}"


@cache
def folders() -> dict[str, FolderRow]:
    """The folders of UT1 by name."""
    return {
        row["folder"]: FolderRow(row["folder"], row["category"], row["statutory"] == "yes", row["reason"])
        for row in _rows("ut1.csv")
    }


@cache
def profiles() -> dict[str, Any]:
    """data/profiles.json: the three alternatives of Article VI, the floor, titles and defaults."""
    return _json("profiles.json")


@cache
def parameters() -> dict[str, dict[str, Any]]:
    """Each number of the filter that a district may set, with its default, bounds, unit and source."""
    return parameters_of_the_house.filter_rows()


@cache
def canaries() -> dict[str, str]:
    """V.A.4d: the names by which devices ask whether this network filters, and the answer that says yes."""
    return dict(_json("safe_search.json")["canaries"])


@cache
def safe_search() -> dict[str, str]:
    """Exact host to its locked form: a host or an address."""
    data = _json("safe_search.json")
    found = dict(data["search"])
    for family in data["families"]:
        for ending in lines(DATA / family["endings"]):
            found.update({name.format(ending): family["target"] for name in family["names"]})
    return found


@cache
def youtube() -> dict[str, dict[str, str]]:
    """Video mode ("moderate", "strict") to exact host to its locked form."""
    data = _json("safe_search.json")["youtube"]
    return {mode: dict.fromkeys(data["names"], target) for mode, target in data["modes"].items()}


def lines(path: Path) -> list[str]:
    """The lines of a small text file without blanks and comments."""
    written = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in written if line and not line.startswith("#")]


def _category(row: dict[str, str]) -> CategoryRow:
    return CategoryRow(
        id=row["id"],
        title=row["title"],
        legal=tuple(row["legal"].split()),
        kind=row["kind"],
        clause=row["clause"],
        sensitive=row["sensitive"] == "yes",
        defaults={audience: row[audience] for audience in AUDIENCES},
        reason=row["reason"],
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _json(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))
