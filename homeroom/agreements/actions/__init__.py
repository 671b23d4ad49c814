"""What is done with forms and agreements."""

from homeroom.agreements.actions.alternatives import (
    answer_alternative,
    end_alternative,
    explain_alternative,
    offer_alternative,
    request_alternative,
    start_alternative,
)
from homeroom.agreements.actions.choices import choose
from homeroom.agreements.actions.filing import file, permit, withdraw_permission
from homeroom.agreements.actions.forms import Words, add_version, submit_version
from homeroom.agreements.actions.opening import Followed, follow_roster
from homeroom.agreements.actions.paper import confirm_paper, record_paper, reject_paper
from homeroom.agreements.actions.refusing import refuse, take_back_refusal
from homeroom.agreements.actions.signing import Evidence, sign, sign_all
from homeroom.agreements.actions.termination import (
    check_authority,
    decline_termination,
    request_termination,
    reverse_termination,
)

__all__ = [
    "Evidence",
    "Followed",
    "Words",
    "add_version",
    "answer_alternative",
    "check_authority",
    "choose",
    "confirm_paper",
    "decline_termination",
    "end_alternative",
    "explain_alternative",
    "file",
    "follow_roster",
    "offer_alternative",
    "permit",
    "record_paper",
    "refuse",
    "reject_paper",
    "request_alternative",
    "request_termination",
    "reverse_termination",
    "sign",
    "sign_all",
    "start_alternative",
    "submit_version",
    "take_back_refusal",
    "withdraw_permission",
]
