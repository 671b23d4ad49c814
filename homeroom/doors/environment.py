"""Where the machine lives: every port and path, read from the environment, typed, refused with a sentence."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

Endpoint = tuple[str, int]

DEFAULTS = {
    "HOMEROOM_WEB_LISTEN": "127.0.0.1:8524",
    "HOMEROOM_WEB_PROXIES": "0",
    "HOMEROOM_PAGE_LISTEN": "127.0.0.1:8525",
    "HOMEROOM_DNS_LISTEN": "127.0.0.1:5354",
    "HOMEROOM_DOH_LISTEN": "127.0.0.1:8444",
    "HOMEROOM_PROXY_LISTEN": "127.0.0.1:3129",
    "HOMEROOM_PUBLIC_URL": "http://127.0.0.1:8524",
    "HOMEROOM_DNS_UPSTREAMS": "",
    "HOMEROOM_DNS_BLOCKED": "nxdomain",
    "HOMEROOM_PAGE_ADDRESS": "127.0.0.1",
    "HOMEROOM_DNS_RATE": "500",
    "HOMEROOM_DNS_PRIVATE_OK": "test,internal,local",
    "HOMEROOM_DOH_NAME": "",
    "HOMEROOM_DNS_RELAY_LISTEN": "",
    "HOMEROOM_DNS_RELAY_FROM": "127.0.0.0/8,::1/128",
    "HOMEROOM_NODE_DNS_LISTEN": "127.0.0.1:5355",
    "HOMEROOM_NODE_DOH_LISTEN": "",
    "HOMEROOM_NODE_PROXY_LISTEN": "127.0.0.1:3128",
    "HOMEROOM_SQUID_LOGIN": "off",
    "HOMEROOM_SQUID_SPARE": "",
    "HOMEROOM_SQUID_CA": "",
    "HOMEROOM_SQUID_INSPECT": "",
    "HOMEROOM_SQUID_HELPERS": "1",
    "HOMEROOM_SPOOL_SECONDS": "60",
    "HOMEROOM_NODE_CLIENTS": "0.0.0.0/0,::/0",
    "HOMEROOM_PROXY_MAY_REACH": "",
    "HOMEROOM_PROXY_AUTH": "off",
    "HOMEROOM_PROXY_CONNECT_PORTS": "443,8443",
    "HOMEROOM_PROXY_PER_CLIENT": "512",
    "HOMEROOM_ORGANISATION": "Your school district",
    "HOMEROOM_REPOSITORY": "",
    "HOMEROOM_RADIUS_LISTEN": "",
    "HOMEROOM_GOOGLE_CLIENT_ID": "",
    "HOMEROOM_GOOGLE_SECRET": "",
    "HOMEROOM_GOOGLE_DOMAINS": "",
    "HOMEROOM_ENTRA_TENANT": "",
    "HOMEROOM_ENTRA_CLIENT_ID": "",
    "HOMEROOM_ENTRA_SECRET": "",
    "HOMEROOM_ENTRA_DOMAINS": "",
    "HOMEROOM_OIDC_ISSUER": "",
    "HOMEROOM_OIDC_CLIENT_ID": "",
    "HOMEROOM_OIDC_SECRET": "",
    "HOMEROOM_OIDC_DOMAINS": "",
    "HOMEROOM_OIDC_NAME": "School account",
    "HOMEROOM_SMS_URL": "",
    "HOMEROOM_SMS_TOKEN": "",
    "HOMEROOM_METRICS_TOKEN": "",
    "HOMEROOM_LOG": "text",
    "HOMEROOM_SMTP_URL": "",
    "HOMEROOM_MAIL_FROM": "homeroom@localhost",
    "HOMEROOM_MAIL_RETURNS": "",
    "HOMEROOM_SENDGRID_KEY": "",
    "DATABASE_URL": "",
    "HOMEROOM_DEMO": "0",
    "HOMEROOM_DEMO_DNS": "127.0.0.1:5356",
    "HOMEROOM_DEMO_HTTP": "127.0.0.1:8526",
    "HOMEROOM_DEMO_HTTPS": "127.0.0.1:8443",
    "HOMEROOM_DEMO_SMTP": "127.0.0.1:8527",
    "HOMEROOM_DEBUG": "0",
}


class BadSetting(ValueError):
    """A setting of the environment that cannot be used; the message says which and how to mend it."""


def home() -> Path:
    """The folder of all state; made when missing, readable by its owner only."""
    path = Path(os.environ.get("HOMEROOM_HOME") or Path.home() / ".homeroom").expanduser().absolute()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def text(name: str) -> str:
    """A setting as written, or its default; some follow from another setting."""
    return os.environ.get(name) or (FOLLOWS[name]() if name in FOLLOWS else DEFAULTS[name])


def _public_url() -> str:
    """Where the web application listens."""
    try:
        address, port = listen("HOMEROOM_WEB_LISTEN")
    except BadSetting:  # who listens there says so
        return DEFAULTS["HOMEROOM_PUBLIC_URL"]
    host = "127.0.0.1" if ip_address(address).is_unspecified else address
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


FOLLOWS = {"HOMEROOM_PUBLIC_URL": _public_url}


def number(name: str) -> int:
    """A whole number of zero or more."""
    value = text(name)
    if not value.isascii() or not value.isdigit():
        raise BadSetting(f"{name} is “{value}”; give a whole number, for instance {DEFAULTS[name]}.")
    return int(value)


def choice(name: str, *allowed: str) -> str:
    """One of a few words."""
    value = text(name)
    if value not in allowed:
        raise BadSetting(f"{name} is “{value}”; give one of: {', '.join(allowed)}.")
    return value


def flag(name: str) -> bool:
    """A switch: "1" is on, "0" is off."""
    return choice(name, "0", "1") == "1"


def listen(name: str) -> Endpoint:
    """Where to listen, as (address, port); "127.0.0.1:5354" or "[::1]:5354". Port 0 lets the system choose."""
    return endpoint(text(name), name)


def endpoint(value: str, name: str = "The address", port: int | None = None) -> Endpoint:
    """Read "address:port"; where `port` is given it may be left out."""
    value = value.strip()
    if port is not None and _is_address(value.strip("[]")):
        return value.strip("[]"), port
    address, _, digits = value.rpartition(":")
    address = address.strip("[]")
    if not _is_address(address) or not (digits.isascii() and digits.isdigit() and int(digits) <= 65535):
        raise BadSetting(f"{name} is “{value}”; give an address and a port such as 127.0.0.1:5354.")
    return address, int(digits)


def _is_address(value: str) -> bool:
    try:
        ip_address(value)
    except ValueError:
        return False
    return True


def upstreams() -> tuple[Endpoint, ...]:
    """The resolvers that allowed questions go to, in order; the system's own where none is set."""
    value = text("HOMEROOM_DNS_UPSTREAMS")
    if value:
        return tuple(endpoint(each, "HOMEROOM_DNS_UPSTREAMS", 53) for each in value.split(",") if each.strip())
    try:
        lines = Path("/etc/resolv.conf").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    words = [line.split() for line in lines]
    return tuple((each[1], 53) for each in words if len(each) > 1 and each[0] == "nameserver" and "%" not in each[1])


def networks(name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """A list of address ranges, "10.0.0.0/8,fd00::/8"."""
    try:
        return tuple(ip_network(each.strip()) for each in text(name).split(",") if each.strip())
    except ValueError as error:
        raise BadSetting(f"{name} is “{text(name)}”: {error}. Give ranges such as 10.1.0.0/16.") from None


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where outgoing mail is handed in; `tls` is "no", "start" (STARTTLS) or "all" (from the first byte)."""

    host: str
    port: int
    user: str
    password: str
    tls: str


SMTP_SCHEMES = {"smtp": ("no", 25), "smtp+starttls": ("start", 587), "smtps": ("all", 465)}


def mail_server() -> MailServer | None:
    """The mail server of HOMEROOM_SMTP_URL; None where none is set, and letters then wait in the queue."""
    value = text("HOMEROOM_SMTP_URL")
    if not value:
        return None
    try:
        said = urlsplit(value)
        tls, port = SMTP_SCHEMES[said.scheme]
        found = MailServer(
            said.hostname or "", said.port or port, unquote(said.username or ""), unquote(said.password or ""), tls
        )
    except (KeyError, ValueError):
        found = MailServer("", 0, "", "", "")
    if not found.host:
        raise BadSetting(
            "HOMEROOM_SMTP_URL cannot be read; give one such as smtp+starttls://user:password@mail.example.org:587."
        )
    return found


def key(folder: Path, name: str) -> bytes:
    """A secret of 32 bytes in HOMEROOM_HOME/keys, made at first use, readable by its owner only."""
    path = folder / "keys" / f"{name}.key"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    with os.fdopen(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(secrets.token_bytes(32))
    # Two processes may get here at once; only the first link counts, both read the same key.
    try:
        os.link(made, path)
    except FileExistsError:
        pass
    finally:
        made.unlink()
    return path.read_bytes()
