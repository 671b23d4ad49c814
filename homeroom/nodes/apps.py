"""The app."""

from django.apps import AppConfig


class NodesConfig(AppConfig):
    """Filter nodes of this district."""

    name = "homeroom.nodes"
    label = "nodes"
    default_auto_field = "django.db.models.BigAutoField"
