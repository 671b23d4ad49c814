"""What the environment says about the DNS door; raises environment.BadSetting with a sentence."""

from __future__ import annotations

from ipaddress import ip_address

from homeroom.doors import environment
from homeroom.doors.dns import wire
from homeroom.doors.dns.answers import Page
from homeroom.doors.dns.special import Designated
from homeroom.doors.dns.talk import Settings
from homeroom.doors.environment import BadSetting


def settings() -> Settings:
    """The choices of this machine for the conversation."""
    return Settings(
        page=_page(),
        rate=environment.number("HOMEROOM_DNS_RATE"),
        private_ok=tuple(_name("HOMEROOM_DNS_PRIVATE_OK", each) for each in _words("HOMEROOM_DNS_PRIVATE_OK")),
        designated=_designated(),
    )


def doh_names() -> tuple[str, ...]:
    """The names and addresses under which DoH is reached, for a certificate made here."""
    address, _ = environment.listen("HOMEROOM_DOH_LISTEN")
    designated = environment.text("HOMEROOM_DOH_NAME")
    listens = [] if ip_address(address).is_unspecified else [address]
    return tuple(dict.fromkeys([*([designated] if designated else []), *listens, "127.0.0.1", "::1", "localhost"]))


def _page() -> Page:
    if environment.choice("HOMEROOM_DNS_BLOCKED", "nxdomain", "page") == "nxdomain":
        return Page()
    addresses = []
    for each in _words("HOMEROOM_PAGE_ADDRESS"):
        try:
            addresses.append(ip_address(each))
        except ValueError:
            raise BadSetting(
                f"HOMEROOM_PAGE_ADDRESS is “{each}”; give the block page's address, such as 10.1.0.5, "
                "or one of each kind with a comma between."
            ) from None
    ipv4 = [each.packed for each in addresses if each.version == 4]
    ipv6 = [each.packed for each in addresses if each.version == 6]
    return Page(ipv4[0] if ipv4 else None, ipv6[0] if ipv6 else None)


def _designated() -> Designated:
    name = environment.text("HOMEROOM_DOH_NAME")
    if not name:
        return Designated()
    _name("HOMEROOM_DOH_NAME", name)
    address, port = environment.listen("HOMEROOM_DOH_LISTEN")
    reachable = ip_address(address)
    return Designated(name, port, () if reachable.is_unspecified else (address,))


def _name(setting: str, text: str) -> bytes:
    try:
        return wire.text_name(text.lower())
    except wire.Malformed as trouble:
        raise BadSetting(f"{setting} is “{text}”: {trouble} Give names such as dns.example.org.") from None


def _words(setting: str) -> list[str]:
    return [each.strip() for each in environment.text(setting).split(",") if each.strip()]
