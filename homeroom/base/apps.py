"""The app."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    """What every app shares."""

    name = "homeroom.base"
    label = "base"
