"""What the board's records hold: texts of the policy and their clauses, addenda."""

from homeroom.board.models.addenda import Addendum, AddendumKind, AddendumState
from homeroom.board.models.texts import AdoptedText, PlacedClause

__all__ = ["Addendum", "AddendumKind", "AddendumState", "AdoptedText", "PlacedClause"]
