"""The command that serves the web application."""

from __future__ import annotations

import click

from homeroom.site.django_ready import with_records


@click.command()
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes.")
@click.option("--threads", type=click.IntRange(1, 64), default=4, show_default=True, help="Threads in each process.")
@with_records
def web(workers: int, threads: int) -> None:
    """Serve the web application on HOMEROOM_WEB_LISTEN; the databases are brought to this version first."""
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces

    from homeroom.doors import environment
    from homeroom.site import supervise

    if said := supervise.taken(["HOMEROOM_WEB_LISTEN"]):
        raise click.UsageError(said)
    address, port = environment.listen("HOMEROOM_WEB_LISTEN")
    connections.close_all()  # no open file may be shared with the processes that follow
    click.echo(f"Homeroom's pages: {environment.text('HOMEROOM_PUBLIC_URL')} (listening on {address}:{port})", err=True)
    Granian(
        "homeroom.site.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        respawn_failed_workers=True,
        backpressure=threads * 64,
        log_access=False,
    ).serve()


COMMANDS = (web,)
