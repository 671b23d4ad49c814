"""The app."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Puts the house together."""

    name = "homeroom.site"
    label = "site"
