"""`homeroom configs`: files that devices and servers of the district need."""

from __future__ import annotations

import json
from pathlib import Path

import click

from homeroom.site.django_ready import with_records


@click.command()
@click.argument("name", default="")
@click.option("--write", "folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
              help="Write the file, or with “all” every file, into this folder instead of printing it.")  # fmt: skip
@click.option("--token", default="", help="The DoH token of one device, for apple and windows.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of what there is, or of what was written.")
@with_records
def configs(name: str, folder: Path | None, token: str, as_json: bool) -> None:
    """Configuration to hand out: chromeos, apple, windows, pac, squid, unbound, or all of them."""
    from django.utils.translation import gettext as _

    from homeroom.access import handout, network
    from homeroom.base.errors import Refused

    known = handout.HANDOUTS
    if name and name != "all" and name not in known:
        raise Refused(
            _("There is no configuration called %(name)s. There are: %(known)s, or all.")
            % {"name": name, "known": ", ".join(known)}
        )
    to = handout.where(salt=network.newest_salt(), token=token)
    chosen = list(known.values()) if name in ("", "all") else [known[name]]
    if folder is not None and name:
        folder.mkdir(parents=True, exist_ok=True)
        for each in chosen:
            (folder / each.file).write_bytes(each.make(to))
        written = [str(folder / each.file) for each in chosen]
        click.echo(json.dumps(written) if as_json else "\n".join(written))
    elif as_json:
        click.echo(json.dumps([{"name": each.name, "file": each.file} for each in chosen]))
    elif len(chosen) == 1:
        click.echo(chosen[0].make(to).decode("utf-8-sig"), nl=False)
    else:
        for each in chosen:
            click.echo(f"{each.name:10} {each.file}")


COMMANDS = (configs,)
