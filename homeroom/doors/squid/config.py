"""The configuration of Squid 5: who is asked, what is opened, what happens when nobody answers."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from homeroom.doors.environment import Endpoint

INSIDE = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3", "::1/128", "::/128", "fc00::/7", "fe80::/10",
    "ff00::/8",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """Where Squid lives. `ca` is the district's certificate authority (a PEM with its key), None to look inside
    nothing; `inspected` are the ranges of managed devices that trust it. `spare` are ranges that stay open while
    the helper says nothing. `login` is off, basic, or lines of the district's own for Kerberos or LDAP.
    """

    folder: Path
    listen: Endpoint
    resolvers: tuple[Endpoint, ...]
    clients: tuple[str, ...]
    ports: tuple[int, ...]
    page: str
    helper: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    may_reach: tuple[str, ...] = ()
    spare: tuple[str, ...] = ()
    inspected: tuple[str, ...] = ()
    ca: Path | None = None
    login: str = "off"
    user: str = ""
    helpers: int = 1
    hosts: Path | None = None
    seconds: int = 0


def text(settings: Settings) -> str:
    """squid.conf."""
    lines = [
        "# Written by Homeroom: homeroom node squid --write. Changes made here are lost; set the environment instead.",
        *_place(settings),
        *_login(settings),
        *_asking(settings),
        *_greetings(settings),
        *_access(settings),
    ]
    return "\n".join(lines) + "\n"


def _place(settings: Settings) -> Sequence[str]:
    folder = settings.folder
    bump = "ssl-bump tls-cert={} generate-host-certificates=on dynamic_cert_mem_cache_size=4MB".format(
        settings.ca or folder / "greeting.pem"
    )
    lines = [
        f"http_port {_shown(settings.listen)} {bump}",
        f"sslcrtd_program /usr/lib/squid/security_file_certgen -s {folder}/certificates -M 4MB",
        f"pid_filename {folder}/squid.pid",
        f"cache_log {folder}/cache.log",
        "access_log none",  # what is kept of a request goes to the spool, under a pseudonym
        "cache deny all",
        "cache_mem 8 MB",
        f"coredump_dir {folder}",
        "netdb_filename none",
        "pinger_enable off",
        "shutdown_lifetime 1 seconds",
        "via off",
        "forwarded_for delete",
        "httpd_suppress_version_string on",
        "uri_whitespace encode",
        "host_verify_strict off",
        f"dns_nameservers {' '.join(host for host, _ in settings.resolvers)}" if settings.resolvers else "",
        f"hosts_file {settings.hosts or 'none'}",
        "positive_dns_ttl 60 seconds",
        f"cache_effective_user {settings.user}" if settings.user else "",
    ]
    return [line for line in lines if line]


def _login(settings: Settings) -> Sequence[str]:
    if settings.login == "off":
        return ()
    if settings.login != "basic":
        return (settings.login, "acl signed_in proxy_auth REQUIRED")
    return (
        f"auth_param basic program {_command(settings, 'basic')}",
        "auth_param basic children 2 startup=1 idle=1 concurrency=50",
        "auth_param basic realm School network",
        "auth_param basic credentialsttl 1 minute",
        "acl signed_in proxy_auth REQUIRED",
    )


def _asking(settings: Settings) -> Sequence[str]:
    kept = f"ttl={settings.seconds} negative_ttl={settings.seconds} cache={10000 if settings.seconds else 0}"
    pool = f"children-max={settings.helpers} children-startup={settings.helpers} children-idle=1 concurrency=1000"
    calm = f"{kept} {pool} queue-size=2000"
    return (
        f"external_acl_type homeroom {calm} %>a %>rm %>ru %un {_command(settings)}",
        "acl asked external homeroom",
        "acl never src 255.255.255.255/32",
        *(
            f"acl {word} note first_ {word}"
            for word in ("pass", "refused", "login", "unresolved", "inside", "broken", "silent")
        ),
        f"url_rewrite_program {_command(settings, 'rewrite')}",
        "url_rewrite_children 1 startup=1 idle=1 concurrency=500",
        'url_rewrite_extras "%{target_}note"',
        "acl has_target note target_",
        "url_rewrite_access allow has_target",
        "url_rewrite_access deny all",
        "url_rewrite_host_header off",
        "url_rewrite_bypass off",
    )


def _greetings(settings: Settings) -> Sequence[str]:
    """V.A.4d: read the greeting of every tunnel, compare its name; look inside only on managed devices."""
    lines = [
        "acl greeting at_step SslBump1",
        "acl greeted at_step SslBump2",
        "external_acl_type homeroom_sni ttl=0 negative_ttl=0 cache=0 children-max=1 children-startup=1 "
        f"concurrency=1000 %>a %ssl::>sni %>rd %un {_command(settings, 'greeting')}",
        "acl compared external homeroom_sni",
        "acl same_name note sni_ pass",
        "acl unread note sni_ silent",
        "ssl_bump peek greeting",
        "ssl_bump terminate greeted compared never",
        *(
            [f"acl spare src {' '.join(settings.spare)}", "ssl_bump splice greeted unread spare"]
            if settings.spare
            else []
        ),
        "ssl_bump terminate greeted !same_name",
    ]
    if settings.ca and settings.inspected:
        lines += [f"acl managed src {' '.join(settings.inspected)}", "ssl_bump stare managed", "ssl_bump bump managed"]
    return [*lines, "ssl_bump splice all"]


def _access(settings: Settings) -> Sequence[str]:
    lines = [
        # Squid has a word of its own for everybody, and warns of anything else.
        f"acl clients src {'all' if '0.0.0.0/0' in settings.clients else ' '.join(settings.clients)}",
        f"acl tunnels port {' '.join(str(port) for port in settings.ports)}",
        "acl CONNECT method CONNECT",
        f"acl within dst {' '.join(INSIDE)}",
        "http_access deny !clients",
        "http_access deny manager",
        "http_access deny CONNECT !tunnels",
        "http_access deny asked never",  # asks, decides nothing; what was said is read below
    ]
    if settings.login != "off":
        # Once somebody has signed in, ask again with the name; what is said then stands beside the word "login".
        lines += ["http_access deny login !signed_in", "http_access deny login asked never"]
    if settings.may_reach:
        lines += [f"acl reachable dst {' '.join(settings.may_reach)}", "http_access deny pass within !reachable"]
    else:
        lines.append("http_access deny pass within")
    lines += [
        "http_access allow pass",
        f"deny_info 307:{settings.page}/blocked/%o refused",
        "http_access deny refused",
        "deny_info 503:ERR_DNS_FAIL unresolved",
        "http_access deny unresolved",
        "http_access deny inside",
        "http_access deny broken",
    ]
    if settings.spare:
        lines.append("http_access allow silent spare")
    return [*lines, "http_access deny all"]


def _command(settings: Settings, what: str = "") -> str:
    words = ["/usr/bin/env", *(f"{name}={value}" for name, value in settings.environment.items()), *settings.helper]
    return shlex.join([*words, *([f"--{what}"] if what else [])])


def _shown(endpoint: Endpoint) -> str:
    address, port = endpoint
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
