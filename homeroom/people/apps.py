"""The app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Persons, roles, schools and classes."""

    name = "homeroom.people"
    label = "people"
