"""Is this filter node well? As `checks`, for a machine that holds districts' bundles and no records."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from django.conf import settings

from homeroom.doors import bundle_file, environment
from homeroom.doors.nodes import place
from homeroom.doors.nodes.place import Place
from homeroom.doors.status import read_statuses

SILENT = 10.0  # seconds after which a part that says nothing counts as down
STARTED_BY = {
    "node": "homeroom node run", "dns": "homeroom door dns", "proxy": "homeroom door proxy",
    "dnsdist": "homeroom node dns --write DIR --follow", "squid": "squid, by the configuration of: homeroom node squid",
}  # fmt: skip
SOON = timedelta(days=30)  # a certificate that ends sooner is spoken of
RENEW = (
    "Put a new one and its key there, or remove both files so that one is made; then restart the DNS door (on a node: "
    "homeroom-dnsdist-tables and homeroom-dnsdist too), and let devices trust it."
)
ENGINES = (("dnsdist", "HOMEROOM_NODE_DNS_LISTEN"), ("squid", "HOMEROOM_NODE_PROXY_LISTEN"))


def districts() -> list[Place]:
    """The districts that this home serves as a node; none at a centre. A district's own home counts as that one."""
    home: Path = settings.HOME
    if (home / "node.json").exists() and home.parent.name == "districts":
        return [each for each in place.places(home.parent.parent) if each.home == home]
    return place.places(home)


def bundles(at: datetime) -> Iterator[str]:
    """Each district's bundle is here and opens."""
    for each in districts():
        if not bundle_file.current_id(each.home):
            yield f"{each.name}: no bundle came from {each.centre} yet. It comes with: homeroom node run"
            continue
        try:
            bundle_file.open_bundle(each.home)
        except bundle_file.BadBundle as error:
            yield f"{each.name}: {error}"


def parts(at: datetime) -> Iterator[str]:
    """Each part that ever ran here tells how it is, and serves the bundle in force."""
    for each in districts():
        said = read_statuses(each.home, at)
        current = bundle_file.current_id(each.home)
        for name in STARTED_BY:
            if name in said or name == "node":
                yield from (f"{each.name}: {sentence}" for sentence in _part(name, said.get(name), current))
        if not said.keys() & {"dns", "squid", "proxy"}:
            yield f"{each.name}: no door ran here yet. Start one with HOMEROOM_HOME={each.home}: homeroom door dns"


def certificates(at: datetime) -> Iterator[str]:
    """The certificate of DNS over HTTPS of each district is valid, and will be."""
    for each in districts():
        yield from (f"{each.name}: {sentence}" for sentence in certificate_of(each.home, at))


def certificate_of(home: Path, at: datetime) -> Iterator[str]:
    """Whether the certificate in a home has ended or is about to; nothing where there is none."""
    path = home / "tls" / "cert.pem"
    if not path.exists():
        return
    try:
        ends = x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
    except ValueError as error:
        yield f"The certificate {path} cannot be read ({error}). {RENEW}"
        return
    if ends - at < SOON:
        word = "ended" if ends <= at else "ends"
        yield f"The certificate {path} {word} on {ends:%Y-%m-%d}; then no device asks over HTTPS. {RENEW}"


def engines(at: datetime) -> Iterator[str]:
    """Where dnsdist and Squid have their tables, they answer as well."""
    said = [read_statuses(each.home, at) for each in districts()]
    for engine, setting in ENGINES:
        if any(engine in each for each in said):
            address, port = environment.listen(setting)
            if not answers(address, port):
                yield f"Nothing answers on {address}:{port} ({setting}). Is {engine} running, and on that address?"


def _part(name: str, status: dict[str, Any] | None, current: str) -> Iterator[str]:
    if status is None or status["age"] > SILENT:
        since = f" since {status['at'][:19]}" if status else ""
        yield f"{name} is down{since}. Start it with: {STARTED_BY[name]}"
    elif status.get("trouble"):
        yield f"{name} says: {status['trouble']}"
    elif current and status.get("bundle") not in (None, "", current):
        yield f"{name} serves bundle {status['bundle']}, but {current} is in force. Look at its log."


def answers(address: str, port: int) -> bool:
    """Whether somebody listens there."""
    try:
        with socket.create_connection((address, port), timeout=1):
            return True
    except OSError:
        return False
