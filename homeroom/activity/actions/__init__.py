"""What activity does: take in what the doors wrote, and let it go in time."""

from homeroom.activity.actions.purge import Purged, purge
from homeroom.activity.actions.take_in import Taken, take_in

__all__ = ["Purged", "Taken", "purge", "take_in"]
