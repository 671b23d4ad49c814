"""What granian serves, in each of its processes."""

from __future__ import annotations

import ctypes
import os
import signal

from django.core.wsgi import get_wsgi_application

PR_SET_PDEATHSIG = 1


def _end_with_parent() -> None:
    """End when the process that watches this one is killed; else it would serve on, unseen, beside its successor."""
    try:
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):
        return  # not Linux: such a process ends when somebody ends it


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeroom.site.settings")
_end_with_parent()
application = get_wsgi_application()
