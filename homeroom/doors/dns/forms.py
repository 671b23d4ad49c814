"""Questions read fast: all but a few say the same in everything except their id and their name.

What surrounds the name is a *form*: flags and counts before it, type, class and OPT record behind.
`wire.read_query` reads a form once; from then on only the name is read. A question with a problem,
with options of its own or with a name that needs a closer look is none of these.
"""

from __future__ import annotations

from typing import NamedTuple

from homeroom.doors.dns import answers, wire
from homeroom.doors.dns.wire import Edns, Query
from homeroom.kernel.lists.names import plain_from_wire

MOST_FORMS = 1_000
LONGEST = 150  # bytes of a question whose name is read fast
_AT = 12  # where names begin


class Form(NamedTuple):
    """One form: what its questions say beside a name, and how many bytes of UDP their senders take."""

    flags: int
    qtype: int
    edns: Edns | None
    behind: int  # bytes behind the name
    limit: int


class Read(NamedTuple):
    """One question: its form, where its name ends, and the host that it asks for."""

    form: Form
    end: int
    host: str

    def query(self, packet: bytes) -> Query:
        """The question as `wire.read_query` has it."""
        flags, qtype, edns, _, _ = self.form
        end = self.end
        return Query(packet[:2], flags, packet[_AT : end + 4], packet[_AT:end].translate(wire.LOWER), qtype, edns)


class Forms:
    """The forms met so far."""

    def __init__(self) -> None:
        self._met: dict[bytes, Form] = {}

    def read(self, packet: bytes) -> Read | None:
        """A question of a form that was met before; None where it must be read with care."""
        end = packet.find(b"\0", _AT) + 1
        form = self._met.get(packet[2:_AT] + packet[end:])
        if form is None or len(packet) > LONGEST:
            return None
        host = plain_from_wire(packet[_AT:end])
        return Read(form, end, host) if host else None

    def learn(self, packet: bytes, query: Query) -> None:
        """Remember the form of a question that was read with care."""
        edns = query.edns
        end = _AT + len(query.name)
        if (
            query.problem
            or len(packet) > LONGEST
            or (edns is not None and edns.options)
            or packet.find(b"\0", _AT) + 1 != end
        ):
            return
        if len(self._met) >= MOST_FORMS:
            self._met.clear()
        limit = answers.limit_of(query, stream=False)
        self._met[packet[2:_AT] + packet[end:]] = Form(query.flags, query.qtype, edns, len(packet) - end, limit)
