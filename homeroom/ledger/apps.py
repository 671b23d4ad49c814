"""The app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Clauses, claims, evidence and tests."""

    name = "homeroom.ledger"
    label = "ledger"
