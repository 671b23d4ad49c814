"""What is done to accounts and to identity at the network."""

from homeroom.access.actions.accounts import (
    add_account,
    close_account,
    factor_changed,
    reset_factors,
    set_password,
    signed_in,
    use_demo_link,
)
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

__all__ = [
    "Range",
    "add_account",
    "add_address",
    "add_ranges",
    "add_salt",
    "close_account",
    "end_login",
    "end_range",
    "end_salt",
    "end_token",
    "factor_changed",
    "issue_token",
    "issue_tokens",
    "reset_factors",
    "set_login",
    "set_password",
    "signed_in",
    "use_demo_link",
]
