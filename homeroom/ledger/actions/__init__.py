"""What the ledger does: look, and bind what was seen."""

from homeroom.ledger.actions.binding import ask_binder, build_binder, record_binder
from homeroom.ledger.actions.looking import GOOD_FOR, look, look_all

__all__ = ["GOOD_FOR", "ask_binder", "build_binder", "look", "look_all", "record_binder"]
