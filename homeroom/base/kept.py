"""Files that are proof: kept once under their own hash in HOMEROOM_HOME/kept, and never changed."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from homeroom.base.errors import Refused

LARGEST = 25_000_000  # bytes
HASH = re.compile(r"[0-9a-f]{64}")


def keep(data: bytes) -> str:
    """Keep a file; its hash is its name. Raises Refused for one that is empty or larger than 25 MB."""
    if not data:
        raise Refused(_("The file is empty. Choose it again."))
    if len(data) > LARGEST:
        raise Refused(_("The file is larger than 25 MB. Scan it smaller, or split it."))
    digest = hashlib.sha256(data).hexdigest()
    target = _path(digest)
    if target.exists():
        return digest
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = target.with_suffix(f".{os.getpid()}.new")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(target)
    return digest


def read(digest: str) -> bytes:
    """A kept file, whole and unchanged. Raises Refused where it is gone or was changed."""
    path = _path(digest)
    data = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(data).hexdigest() != digest:
        raise Refused(
            _("This file is gone or was changed after it was kept. Ask whoever runs Homeroom for the backup.")
        )
    return data


def _path(digest: str) -> Path:
    if not HASH.fullmatch(digest):
        raise Refused(_("There is no such file."))
    return settings.HOME / "kept" / digest[:2] / digest
