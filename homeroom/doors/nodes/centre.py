"""A node's talk with the centre: one kept connection, each request signed by the node."""

from __future__ import annotations

import http.client
import json
import ssl
import time
from typing import Any
from urllib.parse import urlsplit

from homeroom.doors.nodes import signing

PATIENCE = 10.0  # seconds
LEASES = "Homeroom-Leases"  # the header that changes as soon as a lease begins or ends
MOST = 1 << 31  # bytes of one answer


class Unreachable(OSError):
    """The centre cannot be reached, or says no; the message is a sentence."""


class Centre:
    """The web application of a district, as a node sees it."""

    def __init__(self, url: str, *, node: int = 0, seed: bytes = b"", trust: str = "") -> None:
        self._parts = urlsplit(url.rstrip("/"))
        self._node, self._seed, self._trust = node, seed, trust
        self._connection: http.client.HTTPConnection | None = None
        self.etag = self.leases_tag = ""  # of the bundle last taken, and of the leases the centre has now

    def bundle(self) -> bytes | None:
        """The statement of the bundle in force; None where it is the one that was last given."""
        status, body, headers = self._ask("GET", "/nodes/bundle", extra={"If-None-Match": self.etag})
        self.leases_tag = headers.get(LEASES, "")
        if status == 304:
            return None
        _well(status, body)
        self.etag = headers.get("ETag", "")
        return body

    def leases(self) -> bytes:
        """The statement of who is behind which address."""
        status, body, _ = self._ask("GET", "/nodes/leases")
        _well(status, body)
        return body

    def part(self, name: str) -> bytes:
        """A file of a bundle."""
        status, body, _ = self._ask("GET", f"/nodes/part/{name}")
        _well(status, body)
        return body

    def chain(self) -> list[dict[str, str]]:
        """Which key came after which."""
        status, body, _ = self._ask("GET", "/nodes/keys")
        _well(status, body)
        return list(json.loads(body)["chain"])

    def ship(self, name: str, data: bytes) -> None:
        """Hand over a spool file; the centre takes each name once."""
        _well(*self._ask("POST", f"/nodes/spool/{name}", data)[:2])

    def health(self, values: dict[str, Any]) -> None:
        """Say how this node is."""
        _well(*self._ask("POST", "/nodes/health", json.dumps(values).encode())[:2])

    def enrol(self, values: dict[str, Any]) -> dict[str, Any]:
        """Use a one-time code."""
        status, body, _ = self._ask("POST", "/nodes/enrol", json.dumps(values).encode())
        _well(status, body)
        return dict(json.loads(body))

    def _ask(
        self, method: str, path: str, body: bytes = b"", extra: dict[str, str] | None = None
    ) -> tuple[int, bytes, http.client.HTTPMessage]:
        second = int(time.time())
        headers = {"Content-Type": "application/octet-stream", **(extra or {})}
        if self._seed:
            signature = signing.request_signature(self._seed, method, path, body, second)
            headers |= {"Homeroom-Node": f"{self._node} {second} {signature}"}
        for again in (True, False):
            try:
                connection = self._connection or self._connect()
                connection.request(method, self._parts.path + path, body, headers)
                answer = connection.getresponse()
                return answer.status, answer.read(MOST), answer.headers
            except (OSError, http.client.HTTPException) as error:
                self.close()
                # A kept connection may just have been closed by the other side: once more with a new one.
                if not again or isinstance(error, TimeoutError | ConnectionRefusedError):
                    raise Unreachable(f"The centre {self._parts.netloc} cannot be reached: {_why(error)}.") from error
        raise AssertionError("the second turn returns or raises")

    def _connect(self) -> http.client.HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "https":
            context = ssl.create_default_context(cadata=self._trust or None)
            self._connection = http.client.HTTPSConnection(host, port, timeout=PATIENCE, context=context)
        else:
            self._connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
        return self._connection

    def close(self) -> None:
        """Give the connection up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _why(error: Exception) -> str:
    """What went wrong on the way, without the system's number for it."""
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return f"{said}. Look at the address and at the link"


def _well(status: int, body: bytes) -> None:
    if status not in (200, 201, 204):
        said = body[:300].decode("utf-8", "replace").strip()
        raise Unreachable(said if said and not said.startswith("<") else f"The centre answers with status {status}.")
