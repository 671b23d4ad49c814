"""The activity app as Django knows it."""

from django.apps import AppConfig


class ActivityConfig(AppConfig):
    """What the doors answered: counts without persons, and refused requests under a pseudonym."""

    name = "homeroom.activity"
    label = "activity"
