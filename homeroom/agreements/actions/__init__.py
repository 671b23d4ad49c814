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
from homeroom.agreements.actions.kiosk import end_visit, open_kiosk, start_visit
from homeroom.agreements.actions.opening import Followed, follow_roster
from homeroom.agreements.actions.paper import confirm_paper, record_paper, reject_paper
from homeroom.agreements.actions.refusing import refuse, take_back_refusal
from homeroom.agreements.actions.reminders import remind, send_reminders
from homeroom.agreements.actions.scans import OnPaper, Taken, record_scan, record_sheet, set_aside, take_scan
from homeroom.agreements.actions.sealed import seal_agreement, seal_filed
from homeroom.agreements.actions.seen import look_at_paper
from homeroom.agreements.actions.signing import Evidence, sign, sign_all
from homeroom.agreements.actions.sittings import begin_sitting, finish_sitting, send_receipts, sign_in_sitting
from homeroom.agreements.actions.telling import about as opened_about
from homeroom.agreements.actions.termination import (
    check_authority,
    decline_termination,
    overrule_termination,
    request_termination,
    reverse_termination,
)

__all__ = [
    "Evidence",
    "Followed",
    "OnPaper",
    "Taken",
    "Words",
    "add_version",
    "answer_alternative",
    "begin_sitting",
    "check_authority",
    "choose",
    "confirm_paper",
    "decline_termination",
    "end_alternative",
    "end_visit",
    "explain_alternative",
    "file",
    "finish_sitting",
    "follow_roster",
    "look_at_paper",
    "offer_alternative",
    "open_kiosk",
    "opened_about",
    "overrule_termination",
    "permit",
    "record_paper",
    "record_scan",
    "record_sheet",
    "refuse",
    "reject_paper",
    "remind",
    "request_alternative",
    "request_termination",
    "reverse_termination",
    "seal_agreement",
    "seal_filed",
    "send_receipts",
    "send_reminders",
    "set_aside",
    "sign",
    "sign_all",
    "sign_in_sitting",
    "start_alternative",
    "start_visit",
    "submit_version",
    "take_back_refusal",
    "take_scan",
    "withdraw_permission",
]
