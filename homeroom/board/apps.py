"""The app."""

from django.apps import AppConfig


class BoardConfig(AppConfig):
    """Adopted texts and their clauses."""

    name = "homeroom.board"
    label = "board"
