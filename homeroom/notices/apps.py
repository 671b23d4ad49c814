"""The app."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Notices and their clocks."""

    name = "homeroom.notices"
    label = "notices"
