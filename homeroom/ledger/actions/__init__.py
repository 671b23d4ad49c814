"""What the ledger does: look, write down what people did, and bind what was seen."""

from homeroom.ledger.actions.binding import ask_binder, build_binder, check_names, record_binder, take_binder
from homeroom.ledger.actions.looking import GOOD_FOR, look, look_all
from homeroom.ledger.actions.proving import take_paper, withdraw_proof, write_down
from homeroom.ledger.actions.purging import purge_binders

__all__ = [
    "GOOD_FOR", "ask_binder", "build_binder", "check_names", "look", "look_all", "purge_binders", "record_binder",
    "take_binder", "take_paper", "withdraw_proof", "write_down",
]  # fmt: skip
