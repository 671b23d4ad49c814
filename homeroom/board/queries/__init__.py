"""Questions about texts of the policy and about addenda."""

from homeroom.board.queries.addenda import addenda, addendum, effective_addendum, effective_subjects, standing, waiting
from homeroom.board.queries.texts import (
    alternative_3_alone,
    alternatives,
    as_json,
    in_force,
    row_as_json,
    rows,
    state,
    text,
    texts,
)

__all__ = [
    "addenda",
    "addendum",
    "alternative_3_alone",
    "alternatives",
    "as_json",
    "effective_addendum",
    "effective_subjects",
    "in_force",
    "row_as_json",
    "rows",
    "standing",
    "state",
    "text",
    "texts",
    "waiting",
]
