"""The app."""

from django.apps import AppConfig


class ProvidersConfig(AppConfig):
    """Providers and contracts."""

    name = "homeroom.providers"
    label = "providers"
