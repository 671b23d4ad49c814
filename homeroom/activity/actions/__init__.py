"""What activity does: take in what the doors wrote, and let it go in time."""

from homeroom.activity.actions.intake import Taken, take_in
from homeroom.activity.actions.opening import Opened, open_activity
from homeroom.activity.actions.purging import Purged, purge

__all__ = ["Opened", "Purged", "Taken", "open_activity", "purge", "take_in"]
