"""What the door was told, on its way to the worker: small files that are whole or not there.

    HOMEROOM_HOME/radius/clients.json    who may tell, with the shared secrets; written by the worker
                         told/*.jsonl    one line for each record; taken in and deleted by the worker

The door acknowledges a record only once it lies here, so what a switch believes delivered is not lost with power.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from pathlib import Path

from homeroom.doors import whole_file
from homeroom.kernel.radius import Status, Told

MOST = 5_000  # files that may wait; beyond that switches are left to ask again
Client = tuple[IPv4Network | IPv6Network, str, bytes]  # where it is, its name, the shared secret


class Full(OSError):
    """The worker has not taken in for long; nothing more is acknowledged until it does."""


def write(home: Path, told: Iterable[tuple[datetime, Told]], number: int) -> None:
    """Put records aside for the worker; they are on the disk when this returns. Raises OSError."""
    folder = _folder(home)
    if sum(1 for _ in os.scandir(folder)) > MOST:
        raise Full("Too many records wait for the worker.")
    lines = [json.dumps({"at": at.isoformat(), **asdict(each)}, ensure_ascii=False) for at, each in told]
    whole_file.put(folder / f"{number:020}.jsonl", ("\n".join(lines) + "\n").encode())


def waiting(home: Path) -> list[Path]:
    """The files that wait, the oldest first."""
    return sorted(_folder(home).glob("*.jsonl"))


def read(path: Path) -> Iterator[tuple[datetime, Told]]:
    """The records of a file; a line that cannot be read is left out."""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            values = json.loads(line)
            at = datetime.fromisoformat(values.pop("at"))
            yield at, Told(**{**values, "status": Status(values["status"])})
        except (ValueError, KeyError, TypeError):
            continue


def write_clients(home: Path, clients: Iterable[tuple[str, str, str]]) -> bool:
    """Say who may tell, as (range, name, shared secret); True where that differs from before."""
    path = _folder(home).parent / "clients.json"
    data = json.dumps([list(each) for each in clients])
    if path.exists() and path.read_text(encoding="utf-8") == data:
        return False
    whole_file.put(path, data.encode())
    return True


def clients(home: Path) -> list[Client]:
    """Who may tell, the narrowest range first; nobody where the file is missing or damaged."""
    try:
        rows = json.loads((_folder(home).parent / "clients.json").read_text(encoding="utf-8"))
        found = [(ip_network(cidr), str(name), str(secret).encode()) for cidr, name, secret in rows]
    except (OSError, ValueError, TypeError):
        return []
    return sorted(found, key=lambda each: -each[0].prefixlen)


def client_of(clients: Iterable[Client], address: IPv4Address | IPv6Address) -> Client | None:
    """Whose packet this is, by where it came from."""
    return next((each for each in clients if address in each[0]), None)


def _folder(home: Path) -> Path:
    path = home / "radius" / "told"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
