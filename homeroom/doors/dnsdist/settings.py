"""What the environment says about dnsdist on this node; raises environment.BadSetting with a sentence."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from homeroom.doors import environment
from homeroom.doors.dns import settings as dns_settings
from homeroom.doors.dns import tls
from homeroom.doors.dns.answers import Page
from homeroom.doors.dnsdist.config import Settings
from homeroom.doors.environment import BadSetting


def page() -> Page:
    """Where refused names lead, as for our own DNS door."""
    return dns_settings.settings().page


def settings(home: Path, folder: Path) -> Settings:
    """The choices of this machine for dnsdist."""
    said = environment.text("HOMEROOM_DNS_RELAY_LISTEN")
    if not said:
        raise BadSetting(
            "HOMEROOM_DNS_RELAY_LISTEN is not set; give the address at which the DNS door takes what dnsdist hands "
            "over, such as 127.0.0.1:5356, or several with commas between."
        )
    doors = tuple(environment.endpoint(each, "HOMEROOM_DNS_RELAY_LISTEN") for each in said.split(","))
    clients = tuple(str(each) for each in environment.networks("HOMEROOM_NODE_CLIENTS"))
    doh, certificate, key = None, home / "tls" / "cert.pem", home / "tls" / "key.pem"
    if environment.text("HOMEROOM_NODE_DOH_LISTEN"):
        doh = environment.listen("HOMEROOM_NODE_DOH_LISTEN")
        tls.context(home, dns_settings.doh_names(), datetime.now(UTC))  # makes a certificate where there is none
    return Settings(
        folder=folder, listen=environment.listen("HOMEROOM_NODE_DNS_LISTEN"), doors=doors, clients=clients, doh=doh,
        certificate=certificate, key=key,
    )  # fmt: skip
