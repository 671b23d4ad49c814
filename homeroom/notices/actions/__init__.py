"""What is done with notices and clocks; those that other apps do stand here by name."""

from homeroom.notices.actions.clocks import (
    hand_clock,
    look_at_clock,
    meet_clock,
    pause_clock,
    reopen_clock,
    resume_clock,
    start_clock,
    withdraw_clock,
)
from homeroom.notices.actions.notices import open_notice

__all__ = [
    "hand_clock",
    "look_at_clock",
    "meet_clock",
    "open_notice",
    "pause_clock",
    "reopen_clock",
    "resume_clock",
    "start_clock",
    "withdraw_clock",
]
