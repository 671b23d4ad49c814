"""The register as a CSV file: read with every problem by line and column, and written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from homeroom.kernel.providers import classification
from homeroom.kernel.providers.classification import Answers
from homeroom.providers import vocabulary
from homeroom.providers.models import Provider

COLUMNS = (
    "name", "product", "website", "domains", "purpose", "gives_device", "holds_data", "used_for", "data", "under_13",
    "advertising", "exemption", "citation", "subprocessors", "incident_contact", "rationale",
)  # fmt: skip
YES_OR_NO = ("gives_device", "holds_data", "under_13", "advertising")
LISTS = ("domains", "used_for", "data")
YES = frozenset({"yes", "y", "true", "1", "x"})
NO = frozenset({"no", "n", "false", "0", ""})
MOST = 5000


@dataclass(slots=True)
class Found:
    """What a file says: rows ready to be taken in, and what is wrong with others as (line, column, sentence)."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[tuple[int, str, str]] = field(default_factory=list)


def read(content: bytes) -> Found:
    """Every row of a register; nothing raises. A file with a problem is not to be taken in."""
    found = Found()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        found.problems.append((0, "", "The file is not in UTF-8. Save it as “CSV UTF-8”."))
        return found
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_between(text))
    try:
        header = [cell.strip().casefold().replace(" ", "_") for cell in next(rows, [])]
        if "name" not in header:
            found.problems.append((1, "name", f"There is no column “name”. Columns are: {', '.join(COLUMNS)}."))
            return found
        for cells in rows:
            if any(cell.strip() for cell in cells):
                _row(found, rows.line_num, dict(zip(header, (cell.strip() for cell in cells), strict=False)))
            if len(found.rows) > MOST:
                found.problems.append((rows.line_num, "", f"More than {MOST} rows are no register. Check the file."))
                return found
    except csv.Error as error:
        found.problems.append((rows.line_num, "", f"This is no CSV ({error}). Export it again."))
    return found


def _between(text: str) -> str:
    """What parts the cells: a spreadsheet whose decimal mark is a comma writes semicolons."""
    header = text.partition("\n")[0]
    return max((",", ";", "\t"), key=header.count)


def _row(found: Found, line: int, cells: dict[str, str]) -> None:
    wrong = len(found.problems)
    row: dict[str, Any] = {name: cells.get(name, "") for name in COLUMNS if name not in (*YES_OR_NO, *LISTS)}
    if not row["name"]:
        found.problems.append((line, "name", "There is no name. Give the company or organization."))
    row["product"] = row["product"] or row["name"]
    for name in YES_OR_NO:
        said = cells.get(name, "").casefold()
        if said not in YES | NO:
            found.problems.append((line, name, f"“{said[:40]}” is neither yes nor no."))
        row[name] = said in YES
    for name, known in (("domains", None), ("used_for", classification.USES), ("data", vocabulary.titles())):
        row[name] = sorted(each.strip().casefold() for each in cells.get(name, "").split(";") if each.strip())
        bad = [each for each in row[name] if known is not None and each not in known]
        if bad and known is not None:
            found.problems.append((line, name, f"“{bad[0][:40]}” is none of: {', '.join(known)}."))
    if len(found.problems) == wrong:
        found.problems += [(line, "", sentence) for sentence in classification.problems(_answers(row))]
    if len(found.problems) == wrong:
        found.rows.append(row)


def _answers(row: dict[str, Any]) -> Answers:
    return Answers(
        row["gives_device"], row["holds_data"], frozenset(row["used_for"]), frozenset(row["data"]), row["under_13"],
        row["advertising"], row["exemption"], row["citation"],
    )  # fmt: skip


def lines(rows: Any) -> Iterator[list[str]]:
    """The register as rows of such a file."""
    for each in rows:
        yield [_cell(each, name) for name in COLUMNS]


def _cell(row: Provider, name: str) -> str:
    value = getattr(row, name)
    if name in LISTS:
        return ";".join(value)
    return ("yes" if value else "no") if name in YES_OR_NO else str(value)
