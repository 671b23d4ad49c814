"""What the board's records hold: texts of the policy and their clauses, addenda, choices, reviews."""

from homeroom.board.models.addenda import Addendum, AddendumKind, AddendumState
from homeroom.board.models.choices import FundingProfile, ParameterValue, Source
from homeroom.board.models.reviews import Reread, Review
from homeroom.board.models.texts import AdoptedText, PlacedClause

__all__ = [
    "Addendum",
    "AddendumKind",
    "AddendumState",
    "AdoptedText",
    "FundingProfile",
    "ParameterValue",
    "PlacedClause",
    "Reread",
    "Review",
    "Source",
]
