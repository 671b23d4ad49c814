"""`homeroom node`: a filter node, with dnsdist and Squid in front of the doors."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import click

LOCAL = ("127.0.0.1", "::1", "localhost")
WRITE = click.option(
    "--write", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
    help="Where to write; made when missing.",
)  # fmt: skip


@click.group()
def node() -> None:
    """Run a filter node: dnsdist and Squid by the same bundle as the doors."""


@node.command()
@WRITE
@click.option("--follow", is_flag=True, help="Stay: follow the bundle in force, and take dnsdist's activity back.")
def dns(folder: Path, follow: bool) -> None:
    """Write dnsdist's configuration and tables from the bundle in force."""
    from homeroom.doors import environment, lock_file, whole_file
    from homeroom.doors.dnsdist import config, settings
    from homeroom.doors.dnsdist.node import LOOK, Node

    home, folder = environment.home(), folder.absolute()
    chosen = settings.settings(home, folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = lock_file.hold(folder / "lock")  # until this process ends
    if lock is None:
        raise click.UsageError(
            f"Another “homeroom node dns” keeps {folder} already. After a change of settings restart that one."
        )
    # A dnsdist that starts in this very moment reads the old one or the new one: with half of one it would not serve.
    whole_file.put(folder / "dnsdist.conf", config.text(chosen).encode())
    made = Node(home, folder, settings.page(), chosen.doors, tells=follow)
    if follow:
        made.run(_until_ended(LOOK))
        return
    made.run(iter((False, True)))
    if made.writer.watch.bundle is None or made.writer.trouble:
        raise click.UsageError(made.writer.trouble or made.writer.watch.trouble)
    click.echo(f"Written to {folder}. Run: dnsdist --supervised -C {folder}/dnsdist.conf")
    click.echo(f"Keep it up to date with: homeroom node dns --write {folder} --follow")


@node.command()
@WRITE
def squid(folder: Path) -> None:
    """Write Squid's configuration; its helper follows the bundle by itself."""
    from homeroom.doors import environment, whole_file
    from homeroom.doors.squid import config, settings

    chosen = settings.settings(environment.home(), folder.absolute())
    settings.prepare(chosen)
    whole_file.put(folder / "squid.conf", config.text(chosen).encode())
    click.echo(f"Written to {folder}. Run: squid -N -f {folder.absolute()}/squid.conf")


@node.command()
@click.argument("url")
@click.argument("code")
@click.option("--trust", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="PEM",
              help="The centre's certificate, where no public authority signed it.")  # fmt: skip
def enroll(url: str, code: str, trust: Path | None) -> None:
    """Enrol this machine with the district at URL, by the one-time CODE that it gave you."""
    import secrets

    from homeroom.doors import environment
    from homeroom.doors.nodes import place, signing
    from homeroom.doors.nodes.centre import Centre

    pem = trust.read_text(encoding="ascii") if trust else ""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOCAL):
        raise click.UsageError("Give an https address: what a node is told must not be read on the way.")
    seed = secrets.token_bytes(32)
    told = Centre(url, trust=pem).enrol({"code": code, "key": signing.public(seed)})
    made = place.settle(environment.home(), told, centre=url, seed=seed, trust=pem)
    click.echo(
        f"Enrolled as {made.name} with district {made.district}. Run: homeroom node run (restart it where it runs)"
    )
    click.echo(f"Its doors use HOMEROOM_HOME={made.home}")


@node.command("run")
def run_node() -> None:
    """Follow the centres of all districts of this node: pull bundles, ship activity, report health."""
    from homeroom.doors import environment
    from homeroom.doors.nodes import place, runner

    if not place.places(environment.home()):
        raise click.UsageError("This machine is enrolled with no district yet: homeroom node enroll URL CODE")
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    runner.run(environment.home(), ended)


@node.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
def status(as_json: bool) -> int:
    """How each district does on this node; exit code 1 where something is wrong."""
    import json
    from datetime import UTC, datetime

    from homeroom.doors import environment
    from homeroom.doors.nodes import place
    from homeroom.doors.status import read_statuses

    found = []
    for each in place.places(environment.home()):
        said = read_statuses(each.home, datetime.now(UTC)).get("node", {"trouble": "“homeroom node run” does not run."})
        found.append({"district": each.district, "name": each.name, "centre": each.centre, **said})
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    if not as_json and not found:
        click.echo("This machine is enrolled with no district yet: homeroom node enroll URL CODE")
    for each in () if as_json else found:
        state = each.get("trouble") or "well"
        click.echo(f"{each['name']} ({each['district']}): bundle {each.get('bundle') or '-'}, {state}")
    return 1 if any(each.get("trouble") for each in found) or not found else 0


@click.command("squid-helper")
@click.option("--basic", "what", flag_value="basic", help="Compare names and passwords for Squid.")
@click.option("--greeting", "what", flag_value="greeting", help="Compare the name inside a tunnel with the tunnel's.")
@click.option("--rewrite", "what", flag_value="rewrite", help="Send search engines to their locked form.")
def squid_helper(what: str | None) -> None:
    """Decide for Squid: its external ACL protocol on standard input and output, any number at once."""
    from homeroom.doors.squid import guard

    raise SystemExit(guard.main(f"--{what}" if what else ""))


def _until_ended(pause: float) -> Iterator[bool]:
    """False again and again, True once SIGTERM or Ctrl-C came."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    while True:
        yield ended.wait(pause)


COMMANDS = (node, squid_helper)
