"""`homeroom door dns | proxy | radius`: one door on its own, without Django."""

from __future__ import annotations

import click


@click.group()
def door() -> None:
    """Run one door of the filter on its own."""


@door.command()
def dns() -> None:
    """Answer names over UDP, TCP and DoH."""
    from homeroom.doors.dns import door as dns_door

    raise SystemExit(dns_door.main())


@door.command()
def proxy() -> None:
    """Answer HTTP requests and CONNECT tunnels, and show the block page."""
    from homeroom.doors.proxy import door as proxy_door

    raise SystemExit(proxy_door.main())


@door.command()
def radius() -> None:
    """Hear from switches and access points who signed in to the network (RADIUS accounting)."""
    from homeroom.doors.radius import door as radius_door

    raise SystemExit(radius_door.main())


COMMANDS = (door,)
