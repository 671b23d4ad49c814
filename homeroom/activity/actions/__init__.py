"""What activity does: take in what the doors wrote, and let it go in time."""

from homeroom.activity.actions.intake import Taken, take_in
from homeroom.activity.actions.purging import Purged, purge

__all__ = ["Purged", "Taken", "purge", "take_in"]
