"""`homeroom node run`: keeps every district of this node up to date, ships what its doors wrote, reports health.

The centre may be away for days: the doors decide by the last bundle, the spool waits on disk, and all of it goes out
when the centre is back. How old the rules are stands in run/node.json of each district.
"""

from __future__ import annotations

import fcntl
import secrets
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from homeroom.doors import bundle_file
from homeroom.doors.bundle_file import BadBundle
from homeroom.doors.nodes import signing
from homeroom.doors.nodes.centre import Centre, Unreachable
from homeroom.doors.nodes.place import Place, places
from homeroom.doors.nodes.signing import BadStatement
from homeroom.doors.status import read_statuses, write_status

PULL = 0.2  # seconds between two questions for a newer bundle
TELL = 5.0
AWAY = 2.0  # seconds before a centre that is away is asked again
ROOM = 200 << 20  # bytes below which a node says that its disk is nearly full


RUN = secrets.token_hex(8)  # of this process: two that live at once under one node's key are told apart by it


class District:
    """One district on this node, in a thread of its own."""

    def __init__(self, place: Place) -> None:
        self.place = place
        seed = (place.home / "keys" / "node.key").read_bytes()
        self.centre = Centre(place.centre, node=place.node, seed=seed, trust=place.trust)
        self.trouble, self.reached, self.shipped = "", 0.0, 0
        self._told, self._leases = 0.0, ""
        self._stamps = place.stamps()

    def turn(self) -> float:
        """Do once whatever there is to do; how long to wait then."""
        try:
            self._pull()
            self._ship()
            self.reached, self.trouble = time.time(), ""
            if time.time() - self._told >= TELL:
                self._told = time.time()
                self.centre.health(self.status())
        except Unreachable as error:
            self.trouble = str(error)
            pause = AWAY
        except (BadStatement, BadBundle, OSError, ValueError) as error:
            self.trouble, self.centre.etag = str(error), ""
            pause = AWAY
        else:
            pause = PULL
        write_status(self.place.home, "node", self.status(), datetime.now(UTC))
        return pause

    def _pull(self) -> None:
        self._pull_bundle()
        if self.centre.leases_tag != self._leases:
            self.place.take_leases(self.centre.leases())
            self._leases = self.centre.leases_tag

    def _pull_bundle(self) -> None:
        statement = self.centre.bundle()
        if statement is None:
            self._look_after()
            return
        try:
            self.place.take(statement, self.centre.part)
        except BadStatement:
            # The district may have changed its key since; only keys that the old one vouches for are believed.
            keys = list(signing.follow(tuple(self.place.keys), self.centre.chain()))
            if keys == self.place.keys:
                raise
            self.place.keys = keys
            self.place.save()
            self.place.take(statement, self.centre.part)
        self._stamps = self.place.stamps()

    def _look_after(self) -> None:
        """Where a file of the bundle in force was touched, have the centre say once more what must be there."""
        if self.place.stamps() != self._stamps:
            self.centre.etag = ""

    def _ship(self) -> None:
        """Files that their door has given up go to the centre, the oldest first, and are removed then."""
        for path in sorted((self.place.home / "spool").glob("*.log"), key=lambda path: path.stat().st_mtime):
            with path.open("rb") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                data = file.read()
            if data:
                self.centre.ship(path.name, data)
                self.shipped += 1
            path.unlink(missing_ok=True)

    def status(self) -> dict[str, Any]:
        """How this district does on this node."""
        home, now = self.place.home, datetime.now(UTC)
        doors = {name: _short(said) for name, said in read_statuses(home, now).items() if name != "node"}
        waiting = sum(1 for _ in (home / "spool").glob("*.log"))
        free = shutil.disk_usage(home).free
        full = f"Only {free >> 20} MB are free on this node. Make room." if free < ROOM else ""
        return {
            "bundle": bundle_file.current_id(home), "born": _born(home), "serial": self.place.serial,
            "trouble": self.trouble or full,
            "reached": self.reached, "waiting": waiting, "shipped": self.shipped, "doors": doors, "clock": time.time(),
            "run": RUN,
        }  # fmt: skip

    def run(self, ended: threading.Event) -> None:
        """Work until ended."""
        while not ended.wait(self.turn()):
            pass
        self.centre.close()


def _born(home: Path) -> str:
    """When the bundle in force was published; "" before the first."""
    with suppress(OSError, ValueError, KeyError, BadBundle):
        return str(bundle_file.manifest(home, bundle_file.current_id(home))["born"])
    return ""


def _short(said: dict[str, Any]) -> dict[str, Any]:
    kept = ("bundle", "trouble", "queries", "requests", "asked", "blocked", "spool_lost", "age")
    return {name: said[name] for name in kept if name in said}


def run(root: Path, ended: threading.Event) -> None:
    """Run all districts of this node; each in its own thread, so that none waits for another's centre."""
    threads = [threading.Thread(target=each.run, args=(ended,), daemon=True) for each in districts(root)]
    for thread in threads:
        thread.start()
    ended.wait()
    for thread in threads:
        with suppress(RuntimeError):
            thread.join(5)


def districts(root: Path) -> Iterator[District]:
    """Every district that has enrolled this node."""
    for place in places(root):
        yield District(place)
