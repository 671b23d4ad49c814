"""Wakes Django for the commands that need it; a door starts without it."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import Any, TypeVar

Callback = TypeVar("Callback", bound=Callable[..., Any])


def wake() -> None:
    """Load the settings and all apps, once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeroom.site.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def with_django(callback: Callback) -> Callback:
    """For a command's function: Django is awake when it runs. Import models inside the function."""

    @functools.wraps(callback)
    def awake(*args: Any, **kwargs: Any) -> Any:
        wake()
        return callback(*args, **kwargs)

    return awake  # type: ignore[return-value]


def with_records(callback: Callback) -> Callback:
    """As `with_django`, and both databases have the tables of this version."""

    @functools.wraps(callback)
    def awake(*args: Any, **kwargs: Any) -> Any:
        wake()
        from homeroom.site import migrate

        migrate.bring_up_to_date()
        return callback(*args, **kwargs)

    return awake  # type: ignore[return-value]
