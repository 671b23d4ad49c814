"""Getting a list: from a file or over https, whole or not at all, named by its hash."""

from __future__ import annotations

import hashlib
import os
import secrets
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from ipaddress import ip_address
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from homeroom import __version__
from homeroom.base.errors import Refused

CHUNK = 1 << 20
STALL = 30.0  # seconds without a byte after which a connection is given up
REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as it came: where it lies now, its SHA-256, its size in bytes, and what the server said of its age."""

    path: Path
    hash: str
    size: int
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest file in bytes, and the longest time in seconds."""

    size: int
    seconds: float


Told = Callable[[int, int], None]  # bytes so far, bytes in all or 0 where nobody knows


def check_location(location: str) -> None:
    """Refuse what cannot be a list's location, with a sentence: no such file, plain http, an odd scheme."""
    if "://" not in location:
        path = Path(location).expanduser()
        if not path.is_file():
            raise Refused(f"There is no file {path}. Give the path of a list, or an https address.")
        return
    parts = urlsplit(location)
    if parts.scheme == "http" and not _on_this_machine(parts.hostname or ""):
        raise Refused(
            f"{location} would be fetched without encryption, so anybody on the way could change it. Use https."
        )
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refused(f"{location} is no address of a list; give a file, or one that begins with https://.")


def fetch(
    location: str,
    folder: Path,
    limits: Limits,
    *,
    etag: str = "",
    last_modified: str = "",
    told: Told = lambda *_: None,
) -> Fetched | None:
    """Bring a list into `folder` under its hash; None where the server says that nothing changed.

    Raises Refused with a sentence: unreachable, too large, too slow, empty, cut off on the way.
    """
    check_location(location)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if "://" not in location:
        path = Path(location).expanduser()
        with path.open("rb") as file:
            return _keep(file, folder, limits, path.stat().st_size, told)
    with _asked(location, etag, last_modified) as answer:
        if answer is None:
            return None
        headers: Message = answer.headers
        expected = int(headers.get("Content-Length") or 0)
        kept = _keep(answer, folder, limits, expected, told)
        if expected and kept.size != expected:
            kept.path.unlink(missing_ok=True)
            raise Refused(f"{location} broke off after {kept.size} of {expected} bytes; it is tried again later.")
        return Fetched(
            kept.path, kept.hash, kept.size, headers.get("ETag", "")[:500], headers.get("Last-Modified", "")[:100]
        )


def _keep(file: BinaryIO, folder: Path, limits: Limits, expected: int, told: Told) -> Fetched:
    """Copy to a name of its own while hashing, then rename to the hash: a reader never sees a half."""
    if expected > limits.size:
        raise Refused(_too_large(expected, limits))
    digest, size, end = hashlib.sha256(), 0, time.monotonic() + limits.seconds
    aside = folder / f".{secrets.token_hex(6)}.part"
    try:
        with aside.open("wb") as out:
            while chunk := file.read(CHUNK):
                size += len(chunk)
                if size > limits.size:
                    raise Refused(_too_large(size, limits))
                if time.monotonic() > end:
                    raise Refused(f"The list took longer than {limits.seconds:.0f} seconds; it is tried again later.")
                digest.update(chunk)
                out.write(chunk)
                told(size, expected)
            out.flush()
            os.fsync(out.fileno())
        if not size:
            raise Refused("The list is empty. The last good version keeps serving.")
        path = folder / digest.hexdigest()
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return Fetched(path, digest.hexdigest(), size)


def _too_large(size: int, limits: Limits) -> str:
    megabytes = limits.size // 1_000_000
    return f"The list has {size} bytes or more; the largest taken is {megabytes} MB (parameter list_megabytes)."


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a few redirects, and never to plain http or to another kind of address."""

    max_redirections = REDIRECTS

    def redirect_request(  # type: ignore[no-untyped-def]
        self, req, fp, code, msg, headers, newurl
    ) -> urllib.request.Request | None:
        check_location(newurl if "://" in newurl else f"other://{newurl}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@contextmanager
def _asked(location: str, etag: str, last_modified: str) -> Iterator[BinaryIO | None]:
    request = urllib.request.Request(location, headers={"User-Agent": f"Homeroom/{__version__}"})  # noqa: S310
    for name, value in (("If-None-Match", etag), ("If-Modified-Since", last_modified)):
        if value:
            request.add_header(name, value)
    context = urllib.request.HTTPSHandler(context=ssl.create_default_context())
    opener = urllib.request.build_opener(context, _Redirects())
    try:
        with opener.open(request, timeout=STALL) as answer:
            yield answer
    except urllib.error.HTTPError as error:
        error.close()
        if error.code != 304:
            raise Refused(
                f"{location} answered {error.code} {error.reason}. Check the address; it is tried again later."
            ) from None
        yield None
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise Refused(f"{location} could not be fetched: {reason}. It is tried again later.") from None


def _on_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
