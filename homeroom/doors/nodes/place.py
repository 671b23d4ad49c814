"""One district on a node: a home of its own, so that two districts never share a file.

HOMEROOM_HOME/districts/ID/        what doors of this district use as their HOMEROOM_HOME
              ID/node.json         centre, name, the district's keys, the highest serial taken
              ID/bundles  spool  run  keys
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from homeroom.doors import bundle_file, lease_file, whole_file
from homeroom.doors.nodes import signing
from homeroom.doors.nodes.signing import BadStatement

DISTRICT = re.compile(r"[0-9a-f]{16}")
PART = re.compile(
    r"(rules-[0-9a-f]{16}\.table|(policy|overlay|roll|changes|aliases)-[0-9a-f]{16}\.json|manifest-[0-9a-f]{16}\.json)"
)
KEPT = 3  # bundles whose files stay


@dataclass(slots=True)
class Place:
    """A district's place on this node."""

    home: Path
    district: str
    centre: str = ""
    node: int = 0
    name: str = ""
    keys: list[str] = field(default_factory=list)
    serial: int = 0
    trust: str = ""  # the centre's certificate in PEM, "" to trust those of the system
    recent: list[list[str]] = field(default_factory=list)

    @classmethod
    def at(cls, root: Path, district: str) -> Place:
        """The place of that district; raises BadStatement for what is no district's id, OSError for a missing one."""
        if not DISTRICT.fullmatch(district):
            raise BadStatement(f"“{district}” is no district's id.")
        home = root / "districts" / district
        values = json.loads((home / "node.json").read_text(encoding="utf-8"))
        return cls(home=home, **values)

    def save(self) -> None:
        """Write node.json, whole or not at all."""
        values = asdict(self)
        del values["home"]
        whole_file.put(self.home / "node.json", json.dumps(values).encode())

    def take(self, statement: bytes, fetch: Callable[[str], bytes]) -> str:
        """Put a signed bundle in force; "" where it is there already. Raises BadStatement and changes nothing.

        `fetch` gets a file by name. Each is compared with the hash in the statement before it is kept.
        """
        said = signing.read_bundle_statement(statement, tuple(self.keys), district=self.district, after=self.serial)
        name = str(said["manifest"])
        files = dict(said["files"])
        if f"manifest-{name}.json" not in files or not all(PART.fullmatch(each) for each in files):
            raise BadStatement("The bundle names files that no bundle has. The last good one keeps serving.")
        if name == bundle_file.current_id(self.home) and self._whole(files):
            return ""
        folder = self.home / "bundles"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for each, digest in files.items():
            self._file(folder / each, str(digest), fetch)
        bundle_file.open_bundle(self.home, name)  # raises BadBundle for what cannot be served
        whole_file.put(folder / "current", name.encode())
        self.serial = int(said["serial"])
        self._forget(sorted(files))
        self.save()
        return name

    def take_leases(self, statement: bytes) -> bool:
        """V.A.7.4: put signed leases in force; False for those of an earlier moment. Raises BadStatement."""
        file = signing.read_lease_statement(statement, tuple(self.keys), district=self.district)
        if lease_file.told_at(file) < lease_file.told_at(lease_file.data(self.home)):
            return False
        lease_file.put(self.home, file)
        return True

    def stamps(self) -> list[tuple[int, int, int] | None]:
        """What differs once a file of the last bundle was changed or is gone; cheap."""
        return [whole_file.stamp(self.home / "bundles" / each) for each in (self.recent[-1] if self.recent else ())]

    def _whole(self, files: dict[str, Any]) -> bool:
        """Whether all files of a bundle are as the district signed them; a disk may fail, somebody may touch one."""
        return all(_is(self.home / "bundles" / each, str(digest)) for each, digest in files.items())

    def _file(self, path: Path, digest: str, fetch: Callable[[str], bytes]) -> None:
        if _is(path, digest):
            return
        data = fetch(path.name)
        if _digest(data) != digest:
            raise BadStatement(
                f"The file {path.name} is not what the district signed. The last good bundle keeps serving."
            )
        whole_file.put(path, data)

    def _forget(self, files: list[str]) -> None:
        """Remove files that none of the last bundles uses."""
        self.recent = [*(each for each in self.recent if each != files), files][-KEPT:]
        used = {name for each in self.recent for name in each}
        for path in (self.home / "bundles").iterdir():
            if PART.fullmatch(path.name) and path.name not in used:
                path.unlink(missing_ok=True)


def places(root: Path) -> list[Place]:
    """Every district of this node."""
    found = sorted((root / "districts").glob("*/node.json"))
    return [Place.at(root, path.parent.name) for path in found if DISTRICT.fullmatch(path.parent.name)]


def settle(root: Path, told: dict[str, Any], *, centre: str, seed: bytes, trust: str) -> Place:
    """Make the place of a district that has enrolled this node."""
    district = str(told["district"])
    if not DISTRICT.fullmatch(district) or signing.fingerprint(told["first_key"]) != district:
        raise BadStatement("The centre's answer does not fit its own key. Ask the district for a new code.")
    home = root / "districts" / district
    for folder in (home, home / "keys"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    whole_file.put(home / "keys" / "node.key", seed)
    whole_file.put(home / "keys" / "ticket.key", bytes.fromhex(told["ticket_key"]))
    keys = list(signing.follow((told["first_key"],), told["chain"]))
    place = Place(home, district, centre, int(told["node"]), str(told["name"]), keys, 0, trust)
    place.save()
    return place


def _is(path: Path, digest: str) -> bool:
    return path.exists() and _digest(path.read_bytes()) == digest


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
