"""What threads of dnsdist told is judged by the tables that refused it, and under the leases of that moment."""

from __future__ import annotations

import fcntl
from datetime import UTC, datetime
from pathlib import Path

from homeroom.doors import lease_file
from homeroom.doors.bundle_file import publish
from homeroom.doors.dns.answers import Page
from homeroom.doors.dnsdist import told
from homeroom.doors.dnsdist.node import Node
from homeroom.kernel import spoolline
from tests.doors.dns_process import put_in_force
from tests.doors.dns_scene import AT, ROLL_JSON

BEN = "127.0.0.1"


class Told:
    """The file of a thread, as dnsdist writes it."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / "thread-1").open("wb")
        self._file.truncate(told.SIZE)
        fcntl.flock(self._file, fcntl.LOCK_EX)  # a thread that lives
        self._thread = told.Thread(folder / "thread-1")

    def refuse(self, address: str, name: str) -> None:
        """Note one refusal of an A question, now."""
        words, octets = self._thread.words, bytes(int(each) for each in address.split("."))
        wire = b"".join(bytes((len(label),)) + label.encode() for label in name.split(".")) + b"\0"
        second = int(datetime.now(UTC).timestamp())
        start = told._FIRST + words[told.TOLD] % told.NOTES * told._NOTE.size
        note = told._NOTE.pack(second, 1, len(octets), len(wire), octets, wire)
        self._thread._map[start : start + len(note)] = note
        words[told.TOLD] += 1


def _node(home: Path) -> tuple[Node, Told]:
    put_in_force(home)
    node = Node(home, home / "dnsdist", Page())
    node.turn()
    thread = Told(home / "dnsdist")
    node.collector.count([])
    return node, thread


def _refused(home: Path, node: Node) -> list[spoolline.Blocked]:
    node.spool.flush(datetime.now(UTC))
    text = b"".join(path.read_bytes() for path in (home / "spool").glob("dnsdist-*"))
    read = [spoolline.read(line) for line in text.splitlines()]
    return [line for line in read if isinstance(line, spoolline.Blocked)]


def test_a_refusal_just_before_a_change_keeps_the_cause_it_had(tmp_path):
    # Ben is refused a listed game; before that is taken up his agreement ends. The list was the cause, not the end.
    node, thread = _node(tmp_path)
    thread.refuse(BEN, "games.test")
    closed = {**ROLL_JSON["persons"]["ben"], "closed": [["IX.B", "No agreement is on file."]]}
    publish(tmp_path, at=AT, journal=2, roll={**ROLL_JSON, "persons": {**ROLL_JSON["persons"], "ben": closed}})
    node.turn()
    thread.refuse(BEN, "games.test")
    node.turn()
    assert [(line.clause, bool(line.line)) for line in _refused(tmp_path, node)] == [("III.2", True), ("IX.B", False)]


def test_an_address_lent_to_another_is_another_s_on_record(tmp_path):
    node, thread = _node(tmp_path)
    for person in ("ben", "leah"):
        lease_file.publish(tmp_path, [lease_file.line(["127.0.7.7", "signin", {"person": person}])], datetime.now(UTC))
        node.turn()
        thread.refuse("127.0.7.7", "games.test")
        node.turn()
    aliases = [line.alias for line in _refused(tmp_path, node)]
    persons = ROLL_JSON["persons"]
    assert aliases == [persons["ben"]["alias"], persons["leah"]["alias"]]
