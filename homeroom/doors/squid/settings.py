"""What the environment says about Squid on this node; raises environment.BadSetting with a sentence."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from homeroom.doors import environment
from homeroom.doors.dns import tls
from homeroom.doors.environment import BadSetting
from homeroom.doors.proxy.settings import read_settings
from homeroom.doors.squid.config import Settings

CERTGEN = Path("/usr/lib/squid/security_file_certgen")
# What the helper must know: Squid starts it, perhaps with another environment than ours.
HANDED = (
    "HOMEROOM_PUBLIC_URL", "HOMEROOM_ORGANISATION", "HOMEROOM_DNS_UPSTREAMS", "HOMEROOM_PROXY_MAY_REACH",
    "HOMEROOM_PROXY_CONNECT_PORTS", "HOMEROOM_PAGE_ADDRESS",
)  # fmt: skip


def settings(home: Path, folder: Path) -> Settings:
    """The choices of this machine for Squid."""
    proxy = read_settings()
    login = _login()
    handed = {name: environment.text(name) for name in HANDED if environment.text(name)}
    handed |= {"HOMEROOM_HOME": str(home), "PYTHONPATH": os.pathsep.join(each for each in sys.path if each)}
    if login != "off":
        handed["HOMEROOM_PROXY_AUTH"] = "ask"
    _, page_port = environment.listen("HOMEROOM_PAGE_LISTEN")
    page = environment.text("HOMEROOM_PAGE_ADDRESS").partition(",")[0]
    ca = environment.text("HOMEROOM_SQUID_CA")
    return Settings(
        folder=folder,
        listen=environment.listen("HOMEROOM_NODE_PROXY_LISTEN"),
        resolvers=tuple(each for each in proxy.upstreams if each[1] == 53),  # Squid knows no other port
        clients=_ranges("HOMEROOM_NODE_CLIENTS"),
        ports=tuple(sorted(proxy.connect_ports)),
        page=f"http://{page}:{page_port}",
        helper=(sys.executable, "-m", "homeroom.doors.squid.guard"),
        environment=handed,
        may_reach=_ranges("HOMEROOM_PROXY_MAY_REACH"),
        spare=_ranges("HOMEROOM_SQUID_SPARE"),
        inspected=_ranges("HOMEROOM_SQUID_INSPECT"),
        ca=_readable(ca) if ca else None,
        login=login,
        user=_owner(home),
        helpers=max(1, environment.number("HOMEROOM_SQUID_HELPERS")),
    )


def prepare(settings: Settings) -> None:
    """The folder with all that Squid needs beside its configuration; raises OSError or BadSetting."""
    folder = settings.folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    greeting = folder / "greeting.pem"
    if settings.ca is None and not greeting.exists():
        # Never shown to anybody: Squid wants a certificate before it reads greetings.
        key, certificate = folder / "greeting.key", folder / "greeting.crt"
        tls.make_self_signed(certificate, key, ["homeroom.invalid"], datetime.now(UTC))
        greeting.write_bytes(certificate.read_bytes() + key.read_bytes())
    if not (folder / "certificates").exists():
        made = subprocess.run(  # noqa: S603 (a program of Squid's, at a fixed place)
            [CERTGEN, "-c", "-s", folder / "certificates", "-M", "4MB"], capture_output=True, text=True, check=False
        )
        if made.returncode:
            raise BadSetting(f"Squid's certificate store cannot be made: {made.stderr.strip()} Install squid-openssl.")
    if settings.user and os.geteuid() == 0:
        owner = pwd.getpwnam(settings.user)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner.pw_uid, owner.pw_gid)


def _owner(home: Path) -> str:
    """As whom Squid runs when root starts it: as the one who may read the bundle."""
    owner = home.stat().st_uid
    if os.geteuid() != 0:
        return ""
    if owner == 0:
        raise BadSetting(
            f"{home} belongs to root, and Squid never works as root. Give HOMEROOM_HOME to a user of its own: "
            f"chown -R homeroom {home}"
        )
    return pwd.getpwuid(owner).pw_name


def _login() -> str:
    said = environment.text("HOMEROOM_SQUID_LOGIN")
    return said if said in ("off", "basic") else _readable(said).read_text(encoding="utf-8").strip()


def _readable(path: str) -> Path:
    if not os.access(path, os.R_OK):
        raise BadSetting(f"The file {path} cannot be read; see HOMEROOM_SQUID_CA and HOMEROOM_SQUID_LOGIN.")
    return Path(path)


def _ranges(name: str) -> tuple[str, ...]:
    return tuple(str(each) for each in environment.networks(name))
