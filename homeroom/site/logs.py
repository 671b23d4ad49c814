"""XIV.B.3: what is written to the log: one line of text or one JSON object, never an address that names a pupil.

Django puts the path of a request into its message. Paths hold ids of people, and tickets; so of a request only
the status and the name of its page are kept.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

REQUESTS = ("django.request", "django.server", "django.security")


class Careful(logging.Filter):
    """Takes paths out of what Django says about requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always let pass; a request's message is made anew."""
        if record.name.startswith(REQUESTS):
            request = getattr(record, "request", None)
            match = getattr(request, "resolver_match", None)
            page = getattr(match, "view_name", "") or "an unknown page"
            record.msg, record.args = f"{getattr(record, 'status_code', '')} at {page}".strip(), ()
        return True


class Json(logging.Formatter):
    """One object a line: at, level, from, said, and the trace where something failed."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said = {"at": at, "level": record.levelname.lower(), "from": record.name, "said": record.getMessage()}
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)
