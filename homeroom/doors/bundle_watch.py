"""The bundle that a door serves: it follows the pointer on disk, and the last good one goes on serving."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from homeroom.doors import lease_file, whole_file
from homeroom.doors.bundle_file import BadBundle, Opener, earlier, folder, manifest
from homeroom.kernel.decision.bundle import Bundle
from homeroom.kernel.decision.roll import Leased

RETRY = 1.0  # seconds between two tries to open a bundle that cannot be opened


class BundleWatch:
    """What a door serves: the last good bundle, swapped when a new one is published.

    `bundle` is None until the first good one; `trouble` is a sentence while the newest
    cannot be opened, and the last good one keeps serving: the one in use or, for a door that
    has just started, the newest on disk that opens.
    """

    def __init__(self, home: Path) -> None:
        self.bundle: Bundle | None = None
        self.trouble = ""
        self.swaps = 0
        self._home, self._opener = home, Opener(home)
        self._pointer = folder(home) / "current"
        self._seen: tuple[int, int, int] | None = None
        self._leases = lease_file.Leases(home)
        self._leased: Leased = {}
        self._leases_seen: tuple[int, int, int] | None = None
        self._retry = 0.0

    @property
    def mark(self) -> str:
        """Which bundle and leases `bundle` is made of, the same for all who judge alike on whatever machine; or ""."""
        return f"{self.bundle.id} {self._leases.at:.3f}" if self.bundle else ""

    def poll(self) -> bool:
        """Look whether another bundle or other leases are in force; True when `bundle` was swapped. Never raises."""
        stamp = lease_file.stamp(self._home)
        swapped = self._poll_bundle()
        if self.bundle is None or not (swapped or stamp != self._leases_seen):
            return swapped
        if stamp != self._leases_seen:
            self._leases_seen, self._leased = stamp, self._leases.look()
        self.bundle = self.bundle.with_leased(self._leased)
        return True

    def _poll_bundle(self) -> bool:
        seen = whole_file.stamp(self._pointer)
        if seen is None:
            self.trouble = self.trouble or "No bundle was published yet; run “homeroom build”."
            return False
        if seen == self._seen and (not self.trouble or time.monotonic() < self._retry):
            return False
        self._seen, self._retry = seen, time.monotonic() + RETRY
        return self._swap()

    def _swap(self) -> bool:
        try:
            name = self._pointer.read_text(encoding="ascii").strip()
            if self.bundle is not None and name == self.bundle.id:
                self.trouble = ""
                return False
            self.bundle = self._opener.open(name)
        except (BadBundle, OSError, UnicodeDecodeError) as error:
            self.trouble = str(error)
            return self.bundle is None and self._fall_back()
        self.trouble = ""
        self.swaps += 1
        return True

    def _fall_back(self) -> bool:
        # A bundle from before the first lists would open what the law locks: better none than that one.
        for name in earlier(self._home):
            with suppress(BadBundle):
                if not manifest(self._home, name)["rules"]:
                    continue
                self.bundle = self._opener.open(name)
                self.swaps += 1
                return True
        return False
