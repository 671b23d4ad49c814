"""The files of contracts on disk, named by their content, so that one cannot become another."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from homeroom.base.errors import Refused

LARGEST = 50 << 20  # bytes
# The beginnings of what a contract may be kept as, by the ending of its name.
BEGINNINGS = {
    ".pdf": (b"%PDF-",), ".docx": (b"PK\x03\x04",), ".png": (b"\x89PNG",), ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",), ".txt": (), ".html": (), ".htm": (),
}  # fmt: skip
TYPES = {
    ".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    # Never shown as a page of ours: what a vendor wrote could act in our name.
    ".txt": "text/plain; charset=utf-8", ".html": "application/octet-stream", ".htm": "application/octet-stream",
}  # fmt: skip


def keep(name: str, pieces: Iterable[bytes]) -> tuple[str, int]:
    """Write a file once, whole; returns its SHA-256 and size. Raises Refused for what is no document."""
    ending = Path(name).suffix.casefold()
    if ending not in BEGINNINGS:
        raise Refused(_("%(name)s is no document. Give it as PDF, DOCX, image, text or HTML.") % {"name": name})
    folder = _folder()
    aside = folder / f"new-{os.getpid()}-{os.urandom(6).hex()}"
    try:
        sha256, size = _write(aside, name, ending, pieces)
        aside.replace(folder / sha256)
    finally:
        aside.unlink(missing_ok=True)
    return sha256, size


def _write(aside: Path, name: str, ending: str, pieces: Iterable[bytes]) -> tuple[str, int]:
    digest, size, first = hashlib.sha256(), 0, b""
    with aside.open("xb") as file:
        for piece in pieces:
            size += len(piece)
            first = first or piece[:8]
            if size > LARGEST:
                raise Refused(
                    _("%(name)s is larger than %(size)s MB. Split it, or scan it with fewer dots.")
                    % {"name": name, "size": LARGEST >> 20}
                )
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    if not size:
        raise Refused(_("%(name)s is empty. Choose the file again.") % {"name": name})
    if BEGINNINGS[ending] and not first.startswith(BEGINNINGS[ending]):
        raise Refused(
            _("%(name)s is damaged or something else than its name says. Open it, and save it again.") % {"name": name}
        )
    return digest.hexdigest(), size


def read(sha256: str) -> bytes:
    """The content of a file; raises Refused where it is gone or no longer what it was."""
    try:
        content = (_folder() / sha256).read_bytes()
    except OSError:
        raise Refused(_("This file is not on this machine any more. Restore it from a backup.")) from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Refused(_("This file is no longer what was put on record. Restore it from a backup."))
    return content


def type_of(name: str) -> str:
    """Its media type."""
    return TYPES.get(Path(name).suffix.casefold(), "application/octet-stream")


def _folder() -> Path:
    folder = Path(settings.HOME) / "contracts"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
