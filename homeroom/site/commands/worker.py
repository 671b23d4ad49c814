"""The command that does what is due."""

from __future__ import annotations

import click

from homeroom.site.django_ready import with_records


@click.command()
@click.option("--once", is_flag=True, help="Run every job once, say how it went, and leave.")
@with_records
def worker(once: bool) -> int:
    """Do what is due by the clock: publish, take in activity, fetch lists, watch deadlines."""
    from homeroom.site import worker as work

    if not once:
        return work.main()
    good = True
    for job in work.discover():
        run = work.Run(job=job.name, every=job.every.total_seconds())
        good &= work.run_once(job, run)
        click.echo(f"{job.name}: {run.why or run.said or 'nothing to do'}")
    return 0 if good else 1


COMMANDS = (worker,)
