"""What must be known of all keys before the first is laid."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from xxhash import xxh3_64_intdigest

from homeroom.kernel.lists.names import is_address
from homeroom.kernel.lists.table_columns import Columns
from homeroom.kernel.lists.table_nets import NetIndex


class Census:
    """Counts keys and notes the odd ones among them.

    `short` are the last characters of names that `Table.mask` cannot meet on its way down from the
    second level: single labels, and names whose last two labels have one letter each.
    """

    def __init__(self) -> None:
        self.keys = self.seconds = 0
        self.short: set[str] = set()
        self.nets = NetIndex()

    def take(self, columns: Columns) -> None:
        """Count the keys of one partition."""
        self.keys += len(columns.keys)
        self.seconds += len(columns.seconds)
        for key in columns.keys:
            if key[-1] < 58 or b"." not in key[-4:-1] or key[-2] == ord("."):
                self._take_odd(key.decode())

    def tails(self) -> Sequence[int]:
        """The hashes by which the filter lets listed addresses pass; see `NetIndex.tails`."""
        return [xxh3_64_intdigest(tail.encode()) & ~1 for tail in self.nets.tails()]

    def _take_odd(self, key: str) -> None:
        if key.startswith("net "):
            self.nets.add_net(key)
        elif "/" in key or ":" in key:
            return
        elif is_address(key):
            with suppress(ValueError):  # "www.1.2.3" is no address, and no host that anybody can ask for
                self.nets.add_address(key)
        elif "." not in key or (key[-2] == "." and key[-4:-3] in (".", "")):
            self.short.add(key[-1])
