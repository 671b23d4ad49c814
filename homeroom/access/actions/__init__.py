"""What is done to accounts and to identity at the network."""

from homeroom.access.actions.accounts import (
    account_of,
    add_account,
    close_account,
    factor_changed,
    reset_factors,
    set_password,
    signed_in,
    use_demo_link,
)
from homeroom.access.actions.codes import ask_code, enter_by_code, forget_codes, send_codes, try_code
from homeroom.access.actions.letters import make_letters, use_letter
from homeroom.access.actions.network import (
    Range,
    add_address,
    add_ranges,
    add_salt,
    end_login,
    end_range,
    end_salt,
    end_token,
    issue_token,
    issue_tokens,
    set_login,
)
from homeroom.access.actions.restrictions import appeal, lift, restrict

__all__ = [
    "Range",
    "account_of",
    "add_account",
    "add_address",
    "add_ranges",
    "add_salt",
    "appeal",
    "ask_code",
    "close_account",
    "end_login",
    "end_range",
    "end_salt",
    "end_token",
    "enter_by_code",
    "factor_changed",
    "forget_codes",
    "issue_token",
    "issue_tokens",
    "lift",
    "make_letters",
    "reset_factors",
    "restrict",
    "send_codes",
    "set_login",
    "set_password",
    "signed_in",
    "try_code",
    "use_demo_link",
    "use_letter",
]
