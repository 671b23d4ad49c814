"""`homeroom demo` and `homeroom serve`: the whole house on one machine."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from homeroom.site import supervise
from homeroom.site.django_ready import wake

LISTENS = tuple(f"HOMEROOM_{part}_LISTEN" for part in ("WEB", "PAGE", "DNS", "DOH", "PROXY"))
DEMO_LISTENS = ("HOMEROOM_DEMO_DNS", "HOMEROOM_DEMO_HTTP", "HOMEROOM_DEMO_HTTPS", "HOMEROOM_DEMO_SMTP")
DEMO_SETTINGS = {
    "HOMEROOM_DEMO": "1",
    "HOMEROOM_ORGANISATION": "Lake Birch Public Schools (made up)",
    "HOMEROOM_MAIL_FROM": "notices@lakebirch.test",
}


@click.command()
def serve() -> None:
    """Run the web application, the worker and both doors until Ctrl-C."""
    _refuse_taken(LISTENS)
    _ready()
    raise SystemExit(supervise.serve())


@click.command()
@click.option("--no-serve", is_flag=True, help="Set everything up and stop.")
@click.option(
    "--students", default=240, show_default=True, type=click.IntRange(2, 200_000), help="How many to make up."
)
@click.option("--policy", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
              help="A text of the policy that the made-up district adopts: text, Markdown, DOCX or PDF.")  # fmt: skip
def demo(no_serve: bool, students: int, policy: Path | None) -> None:
    """Set up a made-up district with its own little Internet, and run it."""
    home = os.environ.setdefault("HOMEROOM_HOME", str(Path.cwd() / ".demo"))
    for name, value in DEMO_SETTINGS.items():
        os.environ.setdefault(name, value)
    from homeroom.doors import environment

    os.environ.setdefault("HOMEROOM_DNS_UPSTREAMS", environment.text("HOMEROOM_DEMO_DNS"))
    os.environ.setdefault("HOMEROOM_SMTP_URL", f"smtp://{environment.text('HOMEROOM_DEMO_SMTP')}")
    if not no_serve:
        _refuse_taken((*LISTENS, *DEMO_LISTENS))
    _ready()
    from homeroom.site import demo_policy, demo_words, settle

    if not settle.settled():
        settle.settle(students=students, at=datetime.now(UTC), say=click.echo)
    if policy:
        demo_policy.adopt(policy, at=datetime.now(UTC), say=click.echo)
    if no_serve:
        click.echo(f"The district is set up in {home}. Run it with: HOMEROOM_HOME={home} ./run demo")
        return
    links = settle.entry_links()
    raise SystemExit(
        supervise.serve(("internet", "post", *supervise.PARTS), lambda: demo_words.tell(links, click.echo))
    )


@click.command("little-internet", hidden=True)
def little_internet() -> None:
    """Run the demo's upstream resolver and origin site."""
    import asyncio

    from homeroom.doors import environment
    from homeroom.site import little_internet

    os.environ.pop("HOMEROOM_DNS_UPSTREAMS", None)
    asyncio.run(
        little_internet.run(
            resolver=environment.listen("HOMEROOM_DEMO_DNS"),
            http=environment.listen("HOMEROOM_DEMO_HTTP"),
            https=environment.listen("HOMEROOM_DEMO_HTTPS"),
            beyond=environment.upstreams(),
            tls=environment.home() / "demo-tls",
        )
    )


@click.command("mail-catcher", hidden=True)
def mail_catcher() -> None:
    """Run the demo's mail server, which only writes files."""
    from homeroom.doors import environment
    from homeroom.notices import mail_catcher as catcher

    address, port = environment.listen("HOMEROOM_DEMO_SMTP")
    raise SystemExit(catcher.run(environment.home() / "mail", address, port))


def _refuse_taken(settings: Sequence[str]) -> None:
    said = supervise.taken(settings)
    if said:
        raise click.UsageError(said)


def _ready() -> None:
    wake()
    from homeroom.site import migrate

    migrate.bring_up_to_date()


COMMANDS = (serve, demo, little_internet, mail_catcher)
