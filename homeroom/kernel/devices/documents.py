"""Files of consoles as rows with their place: CSV, and the JSON that their interfaces answer with."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

LARGEST = 64_000_000  # bytes; an inventory beyond it comes in several files


@dataclass(frozen=True, slots=True)
class Problem:
    """What cannot be taken, with its place: the line, the column (or field), and a sentence."""

    line: int
    column: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Row:
    """One object or line of a file, and the line on which it begins."""

    line: int
    values: Mapping[str, Any]

    def text(self, *names: str) -> str:
        """The first of these fields that says something, as text."""
        for name in names:
            value = self.values.get(name)
            if value not in (None, ""):
                return " ".join(str(value).split())[:500]
        return ""


class Unreadable(ValueError):
    """A file that cannot be read at all; `problem` says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem


def decoded(data: bytes) -> str:
    """The text of a file: UTF-8 with or without a mark, UTF-16, else what Windows wrote. Raises Unreadable."""
    if len(data) > LARGEST:
        raise Unreadable(Problem(1, "", "The file is larger than 64 MB. Export it in several parts."))
    if b"\0" in data[:4000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(Problem(1, "", "This is no text file. Export CSV or JSON."))
    for encoding in ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")


def csv_rows(text: str, columns: Mapping[str, tuple[str, ...]]) -> Iterator[Row]:
    """The lines of a CSV file; `columns` names each field with its other spellings. Raises Unreadable."""
    reader = csv.reader(io.StringIO(text))
    try:
        header = next(reader, [])
        known = {_bare(other): name for name, others in columns.items() for other in (name, *others)}
        places = {place: known[_bare(title)] for place, title in enumerate(header) if _bare(title) in known}
        if not places:
            names = ", ".join(columns)
            raise Unreadable(Problem(1, "", f"The first line names no column that is known. Columns are: {names}."))
        while True:
            line = reader.line_num + 1
            cells = next(reader, None)
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                yield Row(line, {name: cells[place].strip() for place, name in places.items() if place < len(cells)})
    except csv.Error as error:
        raise Unreadable(Problem(reader.line_num, "", f"This line is no CSV ({error}). Export it again.")) from None


def json_rows(text: str, name: str) -> Iterator[Row]:
    """The objects of the list called `name` in a JSON file, or of several such answers. Raises Unreadable."""
    try:
        whole = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        column = str(getattr(error, "colno", ""))
        raise Unreadable(Problem(line, column, "The file is no whole JSON here. Download it again.")) from None
    pages = whole if isinstance(whole, list) else [whole]
    lists = [page[name] for page in pages if isinstance(page, dict) and isinstance(page.get(name), list)]
    if not lists:
        raise Unreadable(Problem(1, name, f"There is no list called “{name}” in this file. Is it another export?"))
    lines = _lines(text, name)
    for each in chain.from_iterable(lists):
        yield Row(next(lines, 1), each if isinstance(each, dict) else {})


def _lines(text: str, name: str) -> Iterator[int]:
    """The line on which each object of such a list begins."""
    decoder, counted, line = json.JSONDecoder(), 0, 1
    for found in re.finditer(rf'"{re.escape(name)}"\s*:\s*\[', text):
        place = found.end()
        while True:
            while place < len(text) and text[place] in " \t\r\n,":
                place += 1
            if place >= len(text) or text[place] == "]":
                break
            line += text.count("\n", counted, place)
            counted = place
            yield line
            _, place = decoder.raw_decode(text, place)


def _bare(title: str) -> str:
    return re.sub(r"[^a-z0-9]", "", title.lower())
