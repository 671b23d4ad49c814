"""What must be known of all keys before the first is laid."""

from __future__ import annotations

from typing import Any

from homeroom.kernel.lists.names import is_address
from homeroom.kernel.lists.table_book import Book
from homeroom.kernel.lists.table_columns import Columns
from homeroom.kernel.lists.table_nets import NetLengths


class Census:
    """Counts keys and notes the odd ones among them.

    `short` are the last characters of names that `Table.mask` cannot meet on its way down from the
    second level: single labels that cover what is under them, and names whose last two labels have one
    letter each.
    """

    def __init__(self) -> None:
        self.keys = self.seconds = 0
        self.addresses = self.literals = False  # whether any address or range is listed; any address like a name
        self.short: set[str] = set()
        self.nets = NetLengths()

    def take(self, columns: Columns, book: Book) -> None:
        """Count the keys of one partition."""
        self.keys += len(columns.keys)
        self.seconds += len(columns.seconds)
        for key, number in zip(columns.keys, columns.classes, strict=True):
            if key[-1] < 58 or b"." not in key[-4:-1] or key[-2] == ord("."):
                self._take_odd(key.decode(), covers=book.covers(number))

    def facts(self) -> dict[str, Any]:
        """What the table keeps of it."""
        short = "".join(sorted(self.short))
        addresses = {"addresses": self.addresses, "literals": self.literals, "v6": self.nets.v6}
        return {"keys": self.keys, "short": short, **addresses}

    def _take_odd(self, key: str, *, covers: bool) -> None:
        if key.startswith("net "):
            self.nets.add(key)
            self.addresses = True
        elif "/" in key:
            return
        elif is_address(key):
            self.addresses = self.literals = True
        elif covers if "." not in key else key[-2] == "." and key[-4:-3] in (".", ""):
            self.short.add(key[-1])
