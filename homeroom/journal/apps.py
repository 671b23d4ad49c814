"""The app."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The append-only record of every act."""

    name = "homeroom.journal"
    label = "journal"
