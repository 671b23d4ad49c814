"""Questions about texts of the policy, addenda, choices, numbers and the yearly review."""

from homeroom.board.queries.addenda import addenda, addendum, effective_addendum, effective_subjects, standing, waiting
from homeroom.board.queries.choices import (
    adult_monitoring,
    alternative,
    chosen_options,
    funding,
    number,
    offered_options,
    options,
    points,
    recommended,
)
from homeroom.board.queries.elements import Element, elements
from homeroom.board.queries.numbers import held, history, kept, parameter, parameters, rule
from homeroom.board.queries.reread import comparison, touched, unread
from homeroom.board.queries.reviews import open_review, review_clock, reviews, sources
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
    the_alternative,
)

__all__ = [
    "Element",
    "addenda",
    "addendum",
    "adult_monitoring",
    "alternative",
    "alternative_3_alone",
    "alternatives",
    "as_json",
    "chosen_options",
    "comparison",
    "effective_addendum",
    "effective_subjects",
    "elements",
    "funding",
    "held",
    "history",
    "in_force",
    "kept",
    "number",
    "offered_options",
    "open_review",
    "options",
    "parameter",
    "parameters",
    "points",
    "recommended",
    "review_clock",
    "reviews",
    "row_as_json",
    "rows",
    "rule",
    "sources",
    "standing",
    "state",
    "text",
    "texts",
    "the_alternative",
    "touched",
    "unread",
    "waiting",
]
