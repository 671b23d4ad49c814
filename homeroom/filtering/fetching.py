"""Getting a list: from a file, a folder or over https, whole or not at all, named by its hash."""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
import ssl
import tarfile
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, replace
from email.message import Message
from http.client import HTTPException, HTTPResponse
from ipaddress import ip_address
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from homeroom import __version__
from homeroom.base.errors import Refused
from homeroom.doors.proxy.reach import is_public
from homeroom.kernel.lists import names

CHUNK = 1 << 20
STALL = 30.0  # seconds without a byte after which a connection is given up
REDIRECTS = 5
NOT_MODIFIED = 304
OURS = ("localhost", "local", "internal")  # last labels that are nobody's on the Internet


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
        if not path.is_file() and not path.is_dir():
            raise Refused(
                _("There is no file %(path)s. Give the path of a list, or an https address.") % {"path": path}
            )
        return
    parts = urlsplit(location)
    if parts.scheme == "http" and not _on_this_machine(parts.hostname or ""):
        raise Refused(
            _("%(location)s would be fetched without encryption, so anybody on the way could change it. Use https.")
            % {"location": location}
        )
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refused(
            _("%(location)s is no address of a list; give a file, or one that begins with https://.")
            % {"location": location}
        )


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
        if path.is_dir():
            return _packed(path, folder, limits, told)
        with path.open("rb") as file:
            return _keep(file, folder, limits, path.stat().st_size, told)
    answer = _asked(location, etag, last_modified)
    if answer is None:
        return None
    with answer:
        headers: Message = answer.headers
        expected = int(headers.get("Content-Length") or 0)
        kept = _keep(answer, folder, limits, expected, told)
    if expected and kept.size != expected:
        kept.path.unlink(missing_ok=True)
        raise Refused(
            _("%(location)s broke off after %(size)s of %(expected)s bytes; it is tried again later.")
            % {"location": location, "size": kept.size, "expected": expected}
        )
    return replace(kept, etag=headers.get("ETag", "")[:500], last_modified=headers.get("Last-Modified", "")[:100])


def _keep(file: BinaryIO | HTTPResponse, folder: Path, limits: Limits, expected: int, told: Told) -> Fetched:
    """Copy to a name of its own while hashing, then rename to the hash: a reader never sees a half."""
    if expected > limits.size:
        raise Refused(_too_large(expected, limits))
    digest, size, end = hashlib.sha256(), 0, time.monotonic() + limits.seconds
    aside = folder / f".{secrets.token_hex(6)}.part"
    try:
        with aside.open("wb") as out:
            while chunk := _read(file):
                size += len(chunk)
                if size > limits.size:
                    raise Refused(_too_large(size, limits))
                if time.monotonic() > end:
                    raise Refused(
                        _("The list took longer than %(seconds)s seconds; it is tried again later.")
                        % {"seconds": f"{limits.seconds:.0f}"}
                    )
                digest.update(chunk)
                out.write(chunk)
                told(size, expected)
            out.flush()
            os.fsync(out.fileno())
        if not size:
            raise Refused(_("The list is empty. The last good version keeps serving."))
        path = folder / digest.hexdigest()
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return Fetched(path, digest.hexdigest(), size)


def _packed(path: Path, folder: Path, limits: Limits, told: Told) -> Fetched:
    """A folder of categories as one archive, the same bytes for the same files, so that it has one hash."""
    with tempfile.TemporaryFile(dir=folder) as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for each in sorted(path.rglob("*")):
                if each.is_file() and not each.is_symlink():
                    _pack(archive, each, str(each.relative_to(path.parent)), limits)
        size = file.tell()
        file.seek(0)
        return _keep(file, folder, limits, size, told)


def _pack(archive: tarfile.TarFile, path: Path, name: str, limits: Limits) -> None:
    info = tarfile.TarInfo(name)
    info.size = path.stat().st_size
    if archive.offset + info.size > limits.size:
        raise Refused(_too_large(archive.offset + info.size, limits))
    with path.open("rb") as file:
        archive.addfile(info, file)


def _read(file: BinaryIO | HTTPResponse) -> bytes:
    try:
        return file.read(CHUNK)
    except (OSError, HTTPException) as error:
        raise Refused(
            _("The list broke off while it was read: %(error)s. It is tried again later.") % {"error": error}
        ) from None


def _too_large(size: int, limits: Limits) -> str:
    return _(
        "The list has %(size)s bytes or more, and the largest taken has %(largest)s. Check "
        "that it is a list, or raise the parameter list_megabytes."
    ) % {"size": f"{size:,}", "largest": f"{limits.size:,}"}


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a few redirects, never to plain http, to another kind of address, or into a network of somebody's own."""

    max_redirections = REDIRECTS

    def __init__(self, location: str) -> None:
        self._start = urlsplit(location).hostname

    def redirect_request(  # type: ignore[no-untyped-def]
        self, req, fp, code, msg, headers, newurl
    ) -> urllib.request.Request | None:
        check_location(newurl if "://" in newurl else f"other://{newurl}")
        host = urlsplit(newurl).hostname or ""
        if host != self._start and not is_outside(host):
            # Else whoever keeps a list could make this machine ask the machines that only it can see.
            raise Refused(
                _(
                    "The list leads on to %(host)s, which is not an address on the Internet, so it was "
                    "not fetched. If it is right, give that address itself."
                )
                % {"host": host}
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _asked(location: str, etag: str, last_modified: str) -> HTTPResponse | None:
    """Ask for a list; None for “not modified”."""
    request = urllib.request.Request(location, headers={"User-Agent": f"Homeroom/{__version__}"})  # noqa: S310
    for name, value in (("If-None-Match", etag), ("If-Modified-Since", last_modified)):
        if value:
            request.add_header(name, value)
    secure = urllib.request.HTTPSHandler(context=ssl.create_default_context())
    opener = urllib.request.build_opener(secure, _Redirects(location))
    try:
        answer: HTTPResponse = opener.open(request, timeout=STALL)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == NOT_MODIFIED:
            return None
        said = f"{error.code} {error.reason}"
        raise Refused(
            _("%(location)s answered %(said)s. Check the address; it is tried again later.")
            % {"location": location, "said": said}
        ) from None
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        reason = getattr(reason, "strerror", None) or reason
        raise Refused(
            _("%(location)s could not be fetched: %(reason)s. It is tried again later.")
            % {"location": location, "reason": reason}
        ) from None
    return answer


def is_public_https(location: str) -> bool:
    """Whether a location begins with https:// and names no address or machine of one's own; asks no resolver.

    >>> [is_public_https(each) for each in ("https://lists.example.org/a", "https://10.0.0.1/a", "/etc/hosts")]
    [True, False, False]
    """
    try:
        parts = urlsplit(location)
        host = names.canonical(parts.hostname or "")
    except ValueError:
        return False
    if names.is_address(host):
        return parts.scheme == "https" and is_public(ip_address(host))
    return parts.scheme == "https" and "." in host and host.rpartition(".")[2] not in OURS


def is_outside(host: str) -> bool:
    """Whether a host, by every address it has now, is somewhere on the Internet; False where it has none."""
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
        return bool(found) and all(is_public(ip_address(str(each).partition("%")[0])) for each in found)
    except (OSError, ValueError):
        return False


def _on_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
