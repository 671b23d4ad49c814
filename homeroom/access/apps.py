"""The app."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Sign-in, identity at the network, and the facts behind standing."""

    name = "homeroom.access"
    label = "access"
