"""Bundles on disk: parts named by their content, a manifest that holds them together, one pointer.

    HOMEROOM_HOME/bundles/rules-HASH.table     the compiled lists, memory-mapped
                          policy-HASH.json     categories and profiles
                          overlay-HASH.json    local rules
                          roll-HASH.json       people, addresses, tokens
                          changes-HASH.json    people who read otherwise than that roll says
                          aliases-HASH.json    this month's pseudonyms of the people of the roll
                          manifest-ID.json     which parts belong together, and since when
                          current              the ID in force
                          leases.json          who is behind which address at this moment

The pseudonyms are a file of their own so that it can be deleted when the bundle is out of force (XIV.B.3): an
old roll explains an old answer and tells nobody's pseudonym. A bundle opens without it.

Every file is written aside, synced and renamed, so a reader sees the old or the new, never a half.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import mmap
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from homeroom.doors import lease_file, whole_file
from homeroom.kernel.decision.bundle import Bundle, EmptyTable, Table
from homeroom.kernel.decision.overlay import Overlay, rule_from_json
from homeroom.kernel.decision.policy import Policy, policy_from_json
from homeroom.kernel.decision.roll import Roll
from homeroom.kernel.lists.table import Table as MappedTable

LOOKED_AT = 100  # manifests tried in search of a whole one
PARTS = ("rules", "policy", "overlay", "roll", "changes")
WAYS = "*"  # nobody's id: in the part of changes, the ways by which people are known that changed
ALIASES = "aliases"  # a part that is deleted as soon as nobody answers by it
TOUCHED = "was changed after it was written; run “homeroom build” (on a node: “homeroom node run”) and it comes anew."


class BadBundle(Exception):
    """A bundle that cannot be served; the message is a sentence that names the file and the fault."""


def publish(
    home: Path,
    *,
    at: datetime,
    journal: int,
    rules: str | None = None,
    policy: Mapping[str, Any] | None = None,
    overlay: Sequence[Mapping[str, Any]] | None = None,
    roll: Mapping[str, Any] | None = None,
    changes: Mapping[str, Any] | None = None,
    ways: Mapping[str, Mapping[str, Any]] | None = None,
    laid: Mapping[str, str] | None = None,
) -> str:
    """Put new parts in force and return the manifest's id; parts left None stay as they are.

    `rules` is a name that `install_rules` returned ("" for no lists), `changes` rows of people that count before
    those of the roll, by id (a new roll alone ends them), `ways` the addresses, tokens, identifiers and logins that
    are other since that roll, None where one is gone (kernel Roll.with_changes), `laid` a roll written already in
    place of `roll`, `at` the instant of birth, `journal` the number of the journal entry that the parts reflect.
    Where nothing differs from what is in force, nothing is written and the current id is returned. Where the manifest
    in force is damaged, parts left None are those of the last whole one; raises BadBundle where there is none, since
    leaving a part out would open what it blocks.
    """
    with _lock(home):
        name, before = _before(home, needed=None in (rules, policy, overlay, laid or roll))
        after = {part: before.get(part, "") for part in (*PARTS, ALIASES)}
        if rules is not None:
            after["rules"] = rules
        nameless, aliases = _parted(roll) if roll is not None else (None, None)
        for part, value in (("policy", policy), ("overlay", overlay), ("roll", nameless), (ALIASES, aliases)):
            if value is not None:
                after[part] = _write_part(home, part, value)
        if roll is not None or laid is not None:
            after |= {"changes": "", **(laid or {})}
        if changes is not None:
            plain, names = _nameless(changes)
            plain |= {WAYS: ways} if ways else {}
            after["changes"] = _write_part(home, "changes", plain) if plain else ""
            after[ALIASES] = _with_names(home, after[ALIASES], names)
        if before and all(before.get(part, "") == after[part] for part in after):
            if name != current_id(home):
                whole_file.put(folder(home) / "current", name.encode())
            return name
        born = {"born": at.isoformat(), "journal": journal, "serial": before.get("serial", 0) + 1}
        data = _json({"format": 1, **after, **born})
        name = _digest(data)
        whole_file.put(folder(home) / f"manifest-{name}.json", data)
        whole_file.put(folder(home) / "current", name.encode())
        return name


def lay_down(home: Path, roll: Mapping[str, Any]) -> dict[str, str]:
    """Write a whole roll without putting it in force; the names of its parts for `publish`."""
    nameless, aliases = _parted(roll)
    return {"roll": _write_part(home, "roll", nameless), ALIASES: _write_part(home, ALIASES, aliases)}


def install_rules(home: Path, finished: Path) -> str:
    """Move a finished table to its place under its content hash and return its name."""
    digest = hashlib.sha256()
    with finished.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
        os.fsync(file.fileno())
    name = f"rules-{digest.hexdigest()[:16]}.table"
    finished.replace(folder(home) / name)
    return name


def current_id(home: Path) -> str:
    """The id of the manifest in force, or "" where none was ever published."""
    try:
        return (folder(home) / "current").read_text(encoding="ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return ""


def _before(home: Path, *, needed: bool) -> tuple[str, dict[str, Any]]:
    """The manifest to build on, with its id: that in force, else the last whole one; {} before the first of all."""
    name = current_id(home)
    try:
        return name, manifest(home, name)
    except BadBundle:
        whole = next(earlier(home), "")
        if name and not whole and needed:
            raise
        return whole, manifest(home, whole) if whole else {}


def earlier(home: Path) -> Iterator[str]:
    """The ids of manifests that are whole, newest first; a bounded number of files is looked at."""
    written = [(path.stat().st_mtime_ns, path) for path in folder(home).glob("manifest-*.json")]
    for _, path in sorted(written, reverse=True)[:LOOKED_AT]:
        name = path.stem.removeprefix("manifest-")
        try:
            manifest(home, name)
        except BadBundle:
            continue
        yield name


def part(home: Path, name: str) -> Any:
    """What the file of a part says, by the name that a manifest gives it; raises BadBundle."""
    return _read_part(home, name)


def changes_of(home: Path, part: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The people, and the ways by which they are known, in a part of changes; "" is none. Raises BadBundle."""
    rows: dict[str, Any] = _read_part(home, part) if part else {}
    return rows, rows.pop(WAYS, {})


def hashed(rows: Mapping[str, Any]) -> dict[str, int]:
    """Rows of people as hashes, good within one process, by which one tells whether a door reads another row."""
    return {id: hash(_json(row)) for id, row in _nameless(rows)[0].items()}


def open_bundle(home: Path, name: str | None = None) -> Bundle:
    """Open the bundle of that id, or the one in force with its leases; raises BadBundle with a sentence."""
    bundle = Opener(home).open(name or current_id(home))
    return bundle if name else lease_file.applied(bundle, home)


class Opener:
    """Opens bundles and keeps the parts of the last one, so that a swap reads only what changed."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._kept: dict[str, Any] = {}

    def open(self, name: str) -> Bundle:
        """The bundle of that id; raises BadBundle."""
        if not name:
            raise BadBundle("No bundle was published yet; run “homeroom build”.")
        said = manifest(self._home, name)
        kept: dict[str, Any] = {}
        try:
            policy: Policy = self._part(kept, said["policy"], self._policy)
            names = self._part(kept, f"names of {said.get(ALIASES)}", lambda _: self._names(said))
            people = f"{said['roll']} as {said.get(ALIASES)} for {policy.strictest}"
            roll: Roll = self._part(kept, people, lambda _: self._roll(said, policy, names))
            if changes := said.get("changes"):
                roll = self._part(kept, f"{changes} over {people}", lambda _: self._changed(roll, changes, names))
            overlay: Overlay = self._part(kept, said["overlay"], self._overlay)
            table: Table = self._part(kept, said["rules"], self._table)
        except BadBundle:
            raise
        except Exception as error:  # whatever a damaged file makes a reader stumble over, the door goes on
            raise BadBundle(f"Bundle {name} cannot be read: {error}. The last good one keeps serving.") from error
        self._kept = kept
        return Bundle(id=name, table=table, policy=policy, overlay=overlay, roll=roll)

    def _part(self, kept: dict[str, Any], name: str, read: Any) -> Any:
        kept[name] = self._kept[name] if name in self._kept else read(name)
        return kept[name]

    def _policy(self, name: str) -> Policy:
        return policy_from_json(_read_part(self._home, name), version=name)

    def _names(self, said: Mapping[str, Any]) -> Callable[[], Mapping[str, str]]:
        """Reads the pseudonyms of the people of a bundle, where they are still kept, when first asked."""
        return cache(lambda: _names_of(self._home, said.get(ALIASES, "")))

    def _roll(self, said: Mapping[str, Any], policy: Policy, names: Callable[[], Mapping[str, str]]) -> Roll:
        data = _read_part(self._home, said["roll"]) if said["roll"] else {}
        _give_names(data.get("persons", {}), names())
        return Roll(data, strictest=policy.strictest, version=said["roll"])

    def _changed(self, roll: Roll, changes: str, names: Callable[[], Mapping[str, str]]) -> Roll:
        rows, ways = changes_of(self._home, changes)
        _give_names(rows, names())
        return roll.with_changes(rows, version=f"{roll.version}+{changes}", ways=ways)

    def _overlay(self, name: str) -> Overlay:
        rows = _read_part(self._home, name) if name else []
        return Overlay((rule_from_json(row) for row in rows), version=name)

    def _table(self, name: str) -> Table:
        if not name:
            return EmptyTable()
        path = folder(self._home) / name
        try:
            with path.open("rb") as file:
                return MappedTable(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)))
        except OSError as error:
            raise BadBundle(f"The compiled lists {path} cannot be opened: {error.strerror}.") from error


def manifest(home: Path, name: str) -> dict[str, Any]:
    """What a manifest says: its parts, `born`, `journal`, `serial`; raises BadBundle."""
    path = folder(home) / f"manifest-{name}.json"
    try:
        data = path.read_bytes()
        said: dict[str, Any] = json.loads(data)
    except (OSError, ValueError) as error:
        raise BadBundle(f"The manifest {path} cannot be read: {error}.") from error
    if _digest(data) != name:
        raise BadBundle(f"The manifest {path} {TOUCHED}")
    return said


def _read_part(home: Path, name: str) -> Any:
    path = folder(home) / name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadBundle(f"The bundle part {path} cannot be read: {error.strerror}.") from error
    if _digest(data) not in name:
        raise BadBundle(f"The bundle part {path} {TOUCHED}")
    return json.loads(data)


def _parted(roll: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """XIV.B.3: a roll without pseudonyms, and the pseudonyms by person."""
    persons, names = _nameless(roll.get("persons", {}))
    return {**roll, "persons": persons}, names


def _nameless(rows: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """XIV.B.3: rows of people without pseudonyms, and the pseudonyms by person."""
    plain = {id: {name: value for name, value in row.items() if name != "alias"} for id, row in rows.items()}
    return plain, {id: row["alias"] for id, row in rows.items() if row.get("alias")}


def _with_names(home: Path, aliases: str, names: Mapping[str, str]) -> str:
    """The part of pseudonyms that also holds those of people who changed; the same one where it knew them."""
    known = _names_of(home, aliases)
    if all(known.get(id) == alias for id, alias in names.items()):
        return aliases
    return _write_part(home, ALIASES, {**known, **names})


def _names_of(home: Path, aliases: str) -> Mapping[str, str]:
    """The pseudonyms of a part by person; none where it was deleted."""
    return _pseudonyms(home, aliases) if aliases and (folder(home) / aliases).exists() else {}


@lru_cache(maxsize=1)  # the same file for a whole month, asked for with every change of one person
def _pseudonyms(home: Path, aliases: str) -> Mapping[str, str]:
    return dict(_read_part(home, aliases))


def _give_names(rows: Mapping[str, Any], names: Mapping[str, str]) -> None:
    for id, row in rows.items():
        if id in names:
            row["alias"] = names[id]


def _write_part(home: Path, part: str, value: object) -> str:
    data = _json(value)
    name = f"{part}-{_digest(data)}.json"
    path = folder(home) / name
    if not path.exists() or path.read_bytes() != data:
        whole_file.put(path, data)
    return name


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def folder(home: Path) -> Path:
    """Where bundles lie; made when missing."""
    path = home / "bundles"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


@contextmanager
def _lock(home: Path) -> Iterator[None]:
    with (folder(home) / ".lock").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
