"""The app."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """Requests for records, and reviews of employees' files."""

    name = "homeroom.requests"
    label = "requests"
    default_auto_field = "django.db.models.BigAutoField"
