"""`homeroom verify FILE` and the commands around the seal."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from homeroom.site.django_ready import with_django

MOST = 50 * 1024 * 1024  # bytes; a sealed form has some 50,000


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_django
def verify(file: Path, as_json: bool) -> int:
    """Say whether a PDF bears the seal of this installation and is unchanged.

    Exit code 0: our seal, and not a byte was changed. 1: changed, no seal, or somebody else's. 2: no PDF at all.
    """
    from homeroom.base import seal
    from homeroom.base.seal import verifying

    if file.stat().st_size > MOST:
        raise click.UsageError(f"{file} is larger than {MOST // 1024 // 1024} MB; no paper of Homeroom is.")
    verdict = seal.verify(file.read_bytes())
    if as_json:
        click.echo(json.dumps(as_data(file, verdict), ensure_ascii=False))
    else:
        click.echo(verdict.sentence)
        if verdict.reason:
            click.echo(f"What was sealed: {verdict.reason}")
        if verdict.signed_at:
            click.echo(f"The seal says it was put on at {verdict.signed_at.isoformat()}.")
    if verdict.state == verifying.UNREADABLE:
        return 2
    return 0 if verdict.ok else 1


def as_data(file: Path, verdict: object) -> dict[str, object]:
    """A verdict for other programs."""
    when = getattr(verdict, "signed_at", None)
    said = {name: getattr(verdict, name) for name in ("ok", "state", "ours", "sentence", "reason")}
    return {"file": str(file), **said, "signed_at": when.isoformat() if when else None}


@click.group("seal")
def seal_group() -> None:
    """The keys by which PDFs are sealed."""


@seal_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@with_django
def list_(as_json: bool) -> None:
    """Every certificate that is known here, oldest first; hand them to whoever verifies elsewhere."""
    from cryptography.hazmat.primitives import hashes

    from homeroom.base.seal import keys

    rows = [
        {
            "name": each.subject.rfc4514_string(),
            "fingerprint": each.fingerprint(hashes.SHA256()).hex(),
            "from": each.not_valid_before_utc.isoformat(),
            "to": each.not_valid_after_utc.isoformat(),
        }
        for each in keys.certificates()
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['name']}, from {row['from'][:10]} to {row['to'][:10]}, SHA-256 {row['fingerprint']}")
    if not rows:
        click.echo("There is no key yet; the first paper that is sealed makes one.")


@seal_group.command()
@with_django
def renew() -> None:
    """Use a new key from now on, as when the old one may have been seen by others. Old seals stay good."""
    from homeroom.base.seal import keys

    key = keys.renew(datetime.now(UTC))
    click.echo(f"Key {key.number} seals from now on. Keep the files in {keys.folder()} in your backup.")


COMMANDS = (verify, seal_group)
