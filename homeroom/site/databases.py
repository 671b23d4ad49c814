"""How each database is opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from homeroom.doors.environment import BadSetting

ACTIVITY_SCHEMA = "activity"


def sqlite(path: Path) -> dict[str, Any]:
    """A SQLite file that survives a power cut and lets many read while one writes.

    WAL: readers never wait. IMMEDIATE: a transaction takes the writer's place at its start,
    so two writers queue instead of failing half-way. FULL: what was said to be saved is on disk.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
        },
    }


def default(home: Path, url: str) -> dict[str, Any]:
    """The database of record: a file in the home unless DATABASE_URL names a PostgreSQL server."""
    if not url:
        return sqlite(home / "homeroom.sqlite3")
    return _postgresql(url)


def activity(home: Path, url: str) -> dict[str, Any]:
    """What doors saw: a file of its own in the home, or a schema of its own on the same PostgreSQL server.

    The schema alone is looked into: in "public" lie the records, with a history of migrations that names these too.
    """
    if not url:
        return sqlite(home / "activity.sqlite3")
    made = _postgresql(url)
    made["OPTIONS"] = {"options": f"-c search_path={ACTIVITY_SCHEMA}"}
    made["TEST"] = {"NAME": f"test_{made['NAME']}_activity"}
    return made


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise BadSetting(
            "DATABASE_URL must look like postgresql://user:password@host:5432/homeroom; "
            "leave it out to keep records in a SQLite file."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
