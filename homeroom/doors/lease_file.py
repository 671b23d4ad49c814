"""Who is behind which address at this moment: HOMEROOM_HOME/bundles/leases.json, beside the bundle.

Leases come and go by the minute, so they are no part of the bundle: no manifest speaks of them. The file is JSON with
one lease on each line, so that a reader who knows the file of a moment ago reads the changed lines alone:

    {"at":1793638800.0,"leases":[
    ["10.1.2.3","signin",{"person":"ben"}]
    ]}
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from homeroom.doors import whole_file
from homeroom.kernel.decision.bundle import Bundle
from homeroom.kernel.decision.roll import Leased, lease

_HEAD, _FOOT = b'"leases":[', b"]}"


def line(row: Sequence[Any]) -> str:
    """One lease as its line (a row of kernel.decision.roll)."""
    return json.dumps(row, separators=(",", ":"))


def publish(home: Path, lines: Sequence[str], at: datetime) -> bool:
    """Say who is where from now on; True where that differs from before. The moment that is kept never goes back."""
    body = ("\n" + ",\n".join(lines) + "\n]}").encode() if lines else b"\n]}"
    before = data(home)
    if before.partition(b"\n")[2] == body[1:]:
        return False
    moment = max(at.timestamp(), told_at(before) + 0.001)
    put(home, b'{"at":' + f"{moment:.3f}".encode() + b"," + _HEAD + body)
    return True


def put(home: Path, whole: bytes) -> None:
    """Put a whole file in place of the old one, so that a reader sees the one or the other.

    It is not synced: after a loss of power a missing or empty file makes strangers, and the worker writes it anew.
    """
    whole_file.put(_path(home), whole, sync=False)


def told_at(file: bytes) -> float:
    """The moment of a file, in seconds since 1970; 0 where it names none."""
    try:
        return float(json.loads(file.partition(b",")[0] + b"}")["at"])
    except (ValueError, KeyError, TypeError):
        return 0.0


def applied(bundle: Bundle, home: Path) -> Bundle:
    """A bundle by which the people of the leases are known."""
    return bundle.with_leased(Leases(home).look())


class Leases:
    """The leases of a home as a door keeps them: from look to look, only lines that changed are read."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.at = 0.0  # the moment of the file that was looked at last
        self._lines: frozenset[bytes] = frozenset()
        self._found: dict[bytes, Any] = {}

    def look(self) -> Leased:
        """Those in force now, as a mapping that is not changed later; nobody where a line is damaged."""
        whole = data(self._home)
        self.at = told_at(whole)
        try:
            now = _lines(whole)
            found = dict(self._found)
            for each in self._lines - now:
                found.pop(_read(each)[0], None)
            found.update(map(_read, now - self._lines))
        except (ValueError, TypeError, KeyError, AttributeError):  # better nobody is known than the wrong one
            now, found = frozenset(), {}
        self._lines, self._found = now, found
        return found


def _lines(whole: bytes) -> frozenset[bytes]:
    """The lines of leases of a file; raises ValueError where it is no such file."""
    head, _, rest = whole.partition(b"\n")
    if not whole or (head.endswith(_HEAD) and rest == _FOOT):
        return frozenset()
    if not head.endswith(_HEAD) or not rest.endswith(b"\n" + _FOOT):
        raise ValueError("no file of leases")
    return frozenset(rest[: -len(_FOOT) - 1].split(b",\n"))


def _read(row: bytes) -> tuple[bytes, Any]:
    return lease(json.loads(row))


def stamp(home: Path) -> tuple[int, int, int] | None:
    """What differs once the file was written anew."""
    return whole_file.stamp(_path(home))


def data(home: Path) -> bytes:
    """The file as it is; b"" where there is none."""
    try:
        return _path(home).read_bytes()
    except OSError:
        return b""


def _path(home: Path) -> Path:
    folder = home / "bundles"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / "leases.json"
