"""What the environment says about the proxy door; raises environment.BadSetting with a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from homeroom.doors import environment
from homeroom.doors.environment import BadSetting, Endpoint
from homeroom.doors.proxy.reach import Network
from homeroom.doors.proxy.target import CONNECT_PORTS


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the proxy door lives and what it may do. `per_client` and `in_all` count connections."""

    home: Path
    listen: Endpoint = ("127.0.0.1", 0)
    page_listen: Endpoint = ("127.0.0.1", 0)
    upstreams: tuple[Endpoint, ...] = ()
    public_url: str = "http://127.0.0.1:8524"
    organisation: str = ""
    page_address: str = "127.0.0.1"
    may_reach: tuple[Network, ...] = ()
    asks_login: bool = False
    connect_ports: frozenset[int] = CONNECT_PORTS
    little_internet: frozenset[Endpoint] = frozenset()  # the sites of a demonstration, on this very machine
    per_client: int = 512
    in_all: int = 8192

    @property
    def own_pages(self) -> tuple[str, int]:
        """Host and port of the district's own pages."""
        url = urlsplit(self.public_url)
        return url.hostname or "", url.port or (443 if url.scheme == "https" else 80)

    @property
    def direct(self) -> tuple[str, ...]:
        """The hosts that browsers reach without the proxy: the district's own pages."""
        return tuple(host for host in (urlsplit(self.public_url).hostname, self.page_address) if host)


def read_settings() -> Settings:
    """The settings of this machine."""
    sites = _little_internet()
    return Settings(
        home=environment.home(),
        listen=environment.listen("HOMEROOM_PROXY_LISTEN"),
        page_listen=environment.listen("HOMEROOM_PAGE_LISTEN"),
        upstreams=environment.upstreams(),
        public_url=_url("HOMEROOM_PUBLIC_URL"),
        organisation=environment.text("HOMEROOM_ORGANISATION"),
        page_address=environment.text("HOMEROOM_PAGE_ADDRESS").partition(",")[0].strip(),
        may_reach=environment.networks("HOMEROOM_PROXY_MAY_REACH"),
        asks_login=environment.choice("HOMEROOM_PROXY_AUTH", "off", "ask") == "ask",
        connect_ports=_ports("HOMEROOM_PROXY_CONNECT_PORTS") | {port for _, port in sites[1:]},
        little_internet=frozenset(sites),
        per_client=max(1, environment.number("HOMEROOM_PROXY_PER_CLIENT")),
    )


def _little_internet() -> tuple[Endpoint, ...]:
    if not environment.flag("HOMEROOM_DEMO"):
        return ()
    return environment.listen("HOMEROOM_DEMO_HTTP"), environment.listen("HOMEROOM_DEMO_HTTPS")


def _url(name: str) -> str:
    text = environment.text(name).rstrip("/")
    try:
        url = urlsplit(text)
        right = url.scheme in ("http", "https") and url.hostname and url.port != 0
    except ValueError:
        right = False
    if not right:
        raise BadSetting(f"{name} is “{text}”; give an address such as https://filter.example.org.")
    return text


def _ports(name: str) -> frozenset[int]:
    words = [word.strip() for word in environment.text(name).split(",")]
    if not all(word.isascii() and word.isdigit() and 0 < int(word) < 65536 for word in words):
        raise BadSetting(f"{name} is “{environment.text(name)}”; give ports such as 443,8443.")
    return frozenset(map(int, words))
