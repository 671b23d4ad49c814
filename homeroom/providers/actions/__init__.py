"""What is done about providers and their contracts."""

from homeroom.providers.actions.contracts import (
    activate_contract,
    add_contract,
    add_file,
    certify_return,
    end_contract,
    override_contract,
    record_advertising,
    record_finding,
    refuse_contract,
    renew_contract,
    start_due_clocks,
)
from homeroom.providers.actions.events import (
    answer_inspection,
    ask_inspection,
    close_breach,
    end_redaction,
    opt_out,
    redact_file,
    report_breach,
    show_file,
    withdraw_opt_out,
)
from homeroom.providers.actions.notice import plan_notice, watch_notice
from homeroom.providers.actions.registering import add_provider, classify_provider, load_register

__all__ = [
    "activate_contract", "add_contract", "add_file", "add_provider", "answer_inspection", "ask_inspection",
    "certify_return", "classify_provider", "close_breach", "end_contract", "end_redaction", "load_register", "opt_out",
    "override_contract", "plan_notice", "record_advertising", "record_finding", "redact_file", "refuse_contract",
    "renew_contract", "report_breach", "show_file", "start_due_clocks", "watch_notice",
    "withdraw_opt_out",
]  # fmt: skip
