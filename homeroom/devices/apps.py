"""The app."""

from django.apps import AppConfig


class DevicesConfig(AppConfig):
    """Issued resources and the access gate."""

    name = "homeroom.devices"
    label = "devices"
    default_auto_field = "django.db.models.BigAutoField"
