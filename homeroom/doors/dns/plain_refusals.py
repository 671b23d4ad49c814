"""Refusals of names that lists alone block, recognised: `decide` gives the first on each ground, the rest follow it."""

from __future__ import annotations

from collections.abc import Callable

from homeroom.doors.dns import answers
from homeroom.doors.dns.answers import Page
from homeroom.doors.dns.audience import Client
from homeroom.doors.dns.cache import Cell
from homeroom.doors.dns.forms import Read
from homeroom.doors.dns.refusals import Refusal, Shape, Shapes
from homeroom.doors.dns.rules import Rules
from homeroom.doors.spool import ground_of
from homeroom.kernel import spoolline
from homeroom.kernel.decision.ask import Who
from homeroom.kernel.decision.decision import Block, Decision


class PlainRefusals:
    """What an audience was refused on which ground, in which shape; see docs/decisions/0002-dns-hot-path.md."""

    def __init__(self, rules: Rules, cell: Callable[[Who, Decision], Cell], page: Page) -> None:
        self.shapes = Shapes()
        self._rules, self._cell, self._page = rules, cell, page

    def refusal(self, packet: bytes, client: Client, read: Read, hits: int, *, stream: bool) -> Refusal | None:
        """VI, III.2: a refusal for a name with such hits; None where `decide` must be asked about this one itself."""
        found = self._rules.ground(client.who, read.host, hits)
        if found is None:
            return None
        ground, line = found
        key = client.audience, ground, read.form, stream
        shape = self.shapes.get(key)
        if shape is None:
            shape = self._shape(packet, client.who, read, line, stream=stream)
            if shape is None:
                return None
            self.shapes.share(key, shape)
        return Refusal(shape, spoolline.place(read.host, line))

    def _shape(self, packet: bytes, who: Who, read: Read, line: int, *, stream: bool) -> Shape | None:
        """The shape of such a refusal, as `decide` would have it; None where it says otherwise after all."""
        query = read.query(packet)
        decision = self._rules.decide(who, read.host, query.qtype)
        if not isinstance(decision, Block) or decision.rule is None or decision.rule.line != line:
            return None
        limit = answers.STREAM_SIZE if stream else read.form.limit
        built = answers.blocked(query, decision, self._page, limit)
        return Shape(built, packet, query.question, self._cell(who, decision), ground_of(who, decision))
