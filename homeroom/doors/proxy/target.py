"""Where a proxy request wants to go: the absolute URL of RFC 9112 section 3.2.2, or the authority of a CONNECT.

The host is read once, in its one spelling, and everything after that (the decision, the name
looked up, the Host header sent) uses that reading, so that no two readers can disagree.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from homeroom.doors.proxy.headers import BadMessage, values
from homeroom.doors.proxy.http import Request
from homeroom.kernel.lists.names import BadName, canonical
from homeroom.kernel.lists.urls import normal_path

CONNECT_PORTS = frozenset({443, 8443})
_ABSOLUTE = re.compile(rb"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^#]*)(?:#.*)?", re.DOTALL)
_AUTHORITY = re.compile(rb"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{0,5}))?")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes.

    `path` is normal, for judging, and "" for a CONNECT; `origin` is the request target to
    send on, as the client wrote it; `authority` is the Host header that goes with it.
    """

    host: str
    port: int
    path: str = ""
    origin: bytes = b""
    authority: bytes = b""


def read_target(request: Request, connect_ports: Collection[int] = CONNECT_PORTS) -> Target:
    """Where the request goes; raises BadMessage for what is malformed, unsafe or not for a proxy."""
    hosts = values(request.headers, b"host")
    if len(hosts) > 1 or (not hosts and request.version == "1.1"):
        raise BadMessage(400, "The request needs exactly one Host header.")
    if request.method == b"CONNECT":
        host, port = _authority(request.target, None)
        if port not in connect_ports:
            ports = " and ".join(str(each) for each in sorted(connect_ports))
            raise BadMessage(403, f"Tunnels go to the ports {ports} only, not to {port}.")
        return Target(host, port)
    if request.method == b"TRACE":
        raise BadMessage(405, "TRACE is not passed on, since it would show secrets of this connection.")
    return _absolute(request.target)


def _absolute(url: bytes) -> Target:
    match = _ABSOLUTE.fullmatch(url)
    if match is None:
        raise BadMessage(400, "The request does not name a full address such as http://example.org/.")
    scheme, authority, rest = match.groups()
    if scheme.lower() != b"http":
        raise BadMessage(501, "This proxy fetches http addresses; for https a browser asks it for a tunnel.")
    host, port = _authority(authority, 80)
    if port != 80 and port < 1024:
        raise BadMessage(403, f"Plain HTTP goes to port 80 and to ports from 1024 on, not to {port}.")
    origin = rest if rest.startswith(b"/") else b"/" + rest
    shown = f"[{host}]" if ":" in host else host
    return Target(
        host=host,
        port=port,
        path=normal_path(rest.decode("utf-8", "surrogateescape")),
        origin=origin,
        authority=(shown if port == 80 else f"{shown}:{port}").encode(),
    )


def _authority(text: bytes, default: int | None) -> tuple[str, int]:
    """Host and port; user names and percent-encoding, which readers take in different ways, are refused."""
    match = _AUTHORITY.fullmatch(text)
    if match is None:
        raise BadMessage(400, "The address has a host that cannot be read in one way only.")
    name, digits = match.groups()
    try:
        host = canonical(name.decode("ascii"))
    except BadName as bad:
        raise BadMessage(400, str(bad)) from bad
    port = int(digits) if digits else default
    if port is None or not 0 < port < 65536:
        raise BadMessage(400, "The address needs a port between 1 and 65535.")
    return host, port
