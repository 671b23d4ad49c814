"""Questions about notices; those that other apps ask stand here by name."""

from homeroom.notices.queries.bounced import came_back
from homeroom.notices.queries.days import calendar
from homeroom.notices.queries.told import delivered, demanded
from homeroom.notices.queries.waiting import can_mail

__all__ = ["calendar", "came_back", "can_mail", "delivered", "demanded"]
