"""Which table lives in which database: what doors saw in "activity", everything else in "default"."""

from __future__ import annotations

from typing import Any

ACTIVITY = "activity"


class Router:
    """Keeps the app `activity` and all others apart; no relation may cross."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """Where a model's rows are read."""
        return _home(model._meta.app_label)

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """Only rows of one database may point at each other."""
        return _home(one._meta.app_label) == _home(other._meta.app_label)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Each table is made in one database only."""
        return db == _home(app_label)


def _home(app_label: str) -> str:
    return ACTIVITY if app_label == ACTIVITY else "default"
