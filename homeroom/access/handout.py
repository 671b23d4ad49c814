"""Configuration to hand out: what devices and servers of the district need to reach the doors, each in its own form.

Pure text from `Where`; whoever hands it out says where the doors are.
"""

from __future__ import annotations

import json
import plistlib
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

from homeroom.doors import environment
from homeroom.doors.proxy.pac import pac

SPACE = uuid.UUID("5d6a4c1e-0524-5240-8524-000000000524")  # our own, so that the same profile replaces itself


@dataclass(frozen=True, slots=True)
class Where:
    """Where the doors are, and for whom: `salt` of ChromeOS identifiers, `token` of one device; "" for none."""

    district: str
    doh_host: str
    doh_port: int
    dns: tuple[str, int]
    proxy: tuple[str, int]
    web: str
    salt: str = ""
    token: str = ""

    @property
    def doh(self) -> str:
        """The address of DNS over HTTPS, with the token where there is one."""
        host = f"[{self.doh_host}]" if ":" in self.doh_host else self.doh_host
        port = "" if self.doh_port == 443 else f":{self.doh_port}"
        return f"https://{host}{port}/dns-query" + (f"/{self.token}" if self.token else "")


def where(*, salt: str = "", token: str = "") -> Where:
    """Where this machine's settings say the doors are."""
    web = urlsplit(settings.PUBLIC_URL).hostname or "127.0.0.1"
    doh, dns, proxy = (environment.listen(f"HOMEROOM_{each}_LISTEN") for each in ("DOH", "DNS", "PROXY"))
    return Where(
        district=settings.ORGANISATION,
        doh_host=environment.text("HOMEROOM_DOH_NAME") or _reached(doh[0], web),
        doh_port=doh[1],
        dns=(_reached(dns[0], "127.0.0.1"), dns[1]),
        proxy=(_reached(proxy[0], web), proxy[1]),
        web=web,
        salt=salt,
        token=token,
    )


def _reached(listens: str, otherwise: str) -> str:
    return otherwise if ip_address(listens).is_unspecified else listens


def chromeos(to: Where) -> bytes:
    """ChromeOS 110 and later: who asks, as salted hashes in the address of DNS over HTTPS; no way around it."""
    policy = {
        "DnsOverHttpsMode": "secure",
        "DnsOverHttpsTemplatesWithIdentifiers": to.doh + "/cros/${USER_EMAIL}/${DEVICE_DIRECTORY_ID}{?dns}",
        "DnsOverHttpsExcludedDomains": [to.web],
    }
    if to.salt:
        policy["DnsOverHttpsSalt"] = to.salt
    return (json.dumps(policy, indent=2) + "\n").encode()


def apple(to: Where) -> bytes:
    """IOS 14, macOS 11 and later (com.apple.dnsSettings.managed); one profile for each device."""
    name = f"{urlsplit(to.doh).hostname}.{'device' if to.token else 'any'}"
    inner = {
        "PayloadType": "com.apple.dnsSettings.managed",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"homeroom.dns.{name}.settings",
        "PayloadUUID": str(uuid.uuid5(SPACE, f"{to.doh} settings")).upper(),
        "PayloadDisplayName": f"DNS of {to.district}",
        "DNSSettings": {"DNSProtocol": "HTTPS", "ServerURL": to.doh},
        "ProhibitDisablement": True,
    }
    profile = {
        "PayloadType": "Configuration",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"homeroom.dns.{name}",
        "PayloadUUID": str(uuid.uuid5(SPACE, to.doh)).upper(),
        "PayloadDisplayName": f"DNS of {to.district}",
        "PayloadDescription": "Names are answered by the filter of the school district.",
        "PayloadOrganization": to.district,
        "PayloadScope": "System",
        "PayloadContent": [inner],
    }
    return plistlib.dumps(profile)


def windows(to: Where) -> bytes:
    """Windows 11: DNS over HTTPS for the whole machine. It names the machine, not who sits at it."""
    address = _quoted(to.dns[0])
    return (
        (
            "#Requires -RunAsAdministrator\n"
            f"# DNS over HTTPS of {_line(to.district)} for this machine; no way back to plain DNS.\n"
            "$ErrorActionPreference = 'Stop'\n"
            f"$server = {address}\n"
            f"$template = {_quoted(to.doh)}\n"
            "Get-DnsClientDohServerAddress | Where-Object { $_.ServerAddress -eq $server } | "
            "Remove-DnsClientDohServerAddress\n"
            "Add-DnsClientDohServerAddress -ServerAddress $server -DohTemplate $template "
            "-AllowFallbackToUdp $false -AutoUpgrade $true\n"
            "Get-NetAdapter -Physical | Where-Object { $_.Status -eq 'Up' } | ForEach-Object {\n"
            "    Set-DnsClientServerAddress -InterfaceIndex $_.ifIndex -ServerAddresses $server\n"
            "}\n"
            "Clear-DnsClientCache\n"
        )
        .replace("\n", "\r\n")
        .encode("utf-8-sig")
    )  # Windows PowerShell 5 reads no other Unicode


def proxy_pac(to: Where) -> bytes:
    """Browsers: everything through the proxy, save the pages of Homeroom itself, where people sign in."""
    return pac(to.proxy, [to.web])


def squid(to: Where) -> bytes:
    """A Squid that the district has already: it asks the proxy door and nobody else."""
    address, port = to.proxy
    return (
        f"# Everything goes through the filter of {_line(to.district)}; where it cannot be reached, nothing is.\n"
        f"cache_peer {address} parent {port} 0 no-query no-digest default name=homeroom\n"
        "cache deny all\n"
        "never_direct allow all\n"
        "# Whoever stands behind this Squid counts as one address: that of the Squid itself.\n"
    ).encode()


def unbound(to: Where) -> bytes:
    """An Unbound that the district has already: it asks the DNS door and keeps nothing, since people differ."""
    address, port = to.dns
    return (
        f"# Names are answered by the filter of {_line(to.district)}.\n"
        "# Whoever stands behind this resolver counts as one address. To know people, use DNS over HTTPS.\n"
        "server:\n"
        "    do-not-query-localhost: no\n"
        '    module-config: "iterator"\n'
        "forward-zone:\n"
        '    name: "."\n'
        f"    forward-addr: {address}@{port}\n"
        "    forward-first: no\n"
        "    forward-no-cache: yes\n"
    ).encode()


def _line(text: str) -> str:
    """A name that stays on its line."""
    return " ".join(text.split())


def _quoted(text: str) -> str:
    """A PowerShell string in which nothing is carried out."""
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class Handout:
    """One file to hand out."""

    name: str
    file: str
    media: str
    make: Callable[[Where], bytes]
    personal: bool = False  # may hold a device's own token


HANDOUTS: Mapping[str, Handout] = {
    each.name: each
    for each in (
        Handout("chromeos", "chromeos-policy.json", "application/json", chromeos),
        Handout("apple", "homeroom-dns.mobileconfig", "application/x-apple-aspen-config", apple, personal=True),
        Handout("windows", "homeroom-dns.ps1", "text/plain; charset=utf-8", windows, personal=True),
        Handout("pac", "proxy.pac", "application/x-ns-proxy-autoconfig", proxy_pac),
        Handout("squid", "squid-homeroom.conf", "text/plain; charset=utf-8", squid),
        Handout("unbound", "unbound-homeroom.conf", "text/plain; charset=utf-8", unbound),
    )
}
