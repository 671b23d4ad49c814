"""XIV.D.1: hand a notice over to the notices that are sent, where this installation sends them."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from importlib.util import find_spec

from homeroom.base.actor import Actor
from homeroom.devices.models import DeviceNotice

KIND = "device-emergency"


def hand_over(*, actor: Actor, notice: DeviceNotice, due_at: datetime, at: datetime) -> int | None:
    """XIV.D.1: send a notice by e-mail; its id among the notices. None for what was given by hand or by letter."""
    if notice.way != DeviceNotice.Way.EMAIL or find_spec("homeroom.notices.actions") is None:
        return None
    facts = {"description": notice.description, "features": list(notice.features), "threat": notice.threat}
    row = import_module("homeroom.notices.actions").open_notice(
        actor=actor, at=at, kind=KIND, about=f"device-notice:{notice.pk}", recipients=[notice.recipient_id],
        facts=facts, due_at=due_at,
    )  # fmt: skip
    return int(row.pk)
