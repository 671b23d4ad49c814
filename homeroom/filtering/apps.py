"""The filtering app as Django knows it."""

from django.apps import AppConfig


class FilteringConfig(AppConfig):
    """Lists, choices, local rules, builds, review requests."""

    name = "homeroom.filtering"
    label = "filtering"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Filtering"
