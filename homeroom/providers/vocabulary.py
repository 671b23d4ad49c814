"""The kinds of educational data, and the terms a contract is read for: reviewed data, not code."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path

from homeroom.kernel.providers.terms import Term

DATA = Path(__file__).with_name("data")


@cache
def terms() -> tuple[Term, ...]:
    """XIII.E.0: every term, with its source and the day from which it is asked."""
    rows = json.loads((DATA / "terms.json").read_text(encoding="utf-8"))["terms"]
    return tuple(Term(**{**row, "since": date.fromisoformat(row["since"])}) for row in rows)


def term(id: str) -> Term | None:
    """One term."""
    return next((each for each in terms() if each.id == id), None)


@cache
def groups() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """XIII.C.2: the kinds of data as (title of the group, ((id, title), ...))."""
    rows = json.loads((DATA / "elements.json").read_text(encoding="utf-8"))["groups"]
    return tuple((row["title"], tuple((id, title) for id, title in row["elements"])) for row in rows)


@cache
def titles() -> dict[str, str]:
    """The title of each kind of data by id."""
    return {id: title for _, elements in groups() for id, title in elements}


def in_words(ids: list[str]) -> str:
    """Kinds of data as people read them, in the order of the vocabulary."""
    return ", ".join(title for id, title in titles().items() if id in ids)
