"""Questions about notices; those that other apps ask stand here by name."""

from homeroom.notices.queries.days import calendar
from homeroom.notices.queries.told import delivered, demanded

__all__ = ["calendar", "delivered", "demanded"]
