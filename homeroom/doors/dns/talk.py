"""The conversation of the DNS door, without sockets: a question goes in, an answer or a wish comes out.

`datagram` and `stream` take a packet and give back
    bytes     the answer, to be sent now
    Waiting   nothing yet: the transport sets its `send`, which is called once with the answer
    None      nothing is owed
What upstreams must be asked lies in `wanted`; `heard` and `gave_up` bring the outcome back.

VI: every question is judged by `decide`, and judged again when an answer comes back or the
rules changed meanwhile. Answers are remembered by the question's bytes for everybody who is
judged alike (`audience`), so that most questions are answered without being read.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from homeroom.doors.dns import answers, wire
from homeroom.doors.dns import outcome as outcomes
from homeroom.doors.dns import special as dns_special
from homeroom.doors.dns.addresses import host_of
from homeroom.doors.dns.answers import Page, Reason
from homeroom.doors.dns.audience import Client, Clients
from homeroom.doors.dns.cache import Answer, Cell, KnownAnswers
from homeroom.doors.dns.flight import MOST_WAITING, Flight, Waiting
from homeroom.doors.dns.forms import Forms
from homeroom.doors.dns.identity import REMARKS, Claim
from homeroom.doors.dns.known import Asked, Known
from homeroom.doors.dns.outcome import Outcome
from homeroom.doors.dns.plain_refusals import PlainRefusals
from homeroom.doors.dns.refusals import Refusal, Shape
from homeroom.doors.dns.rules import Rules
from homeroom.doors.dns.special import Designated
from homeroom.doors.spool import ground_of
from homeroom.kernel import spoolline
from homeroom.kernel.decision.ask import Who
from homeroom.kernel.decision.bundle import Bundle
from homeroom.kernel.decision.decision import Block, Decision, Rewrite

MOST_FLIGHTS = 8_192
LONGEST_KEY = 12 + 255 + 4 + 11  # bytes of the longest question with an OPT record
UNLIMITED = 1 << 60
COUNTED = (
    "by_udp",
    "by_tcp",
    "by_https",
    "considered",
    "blocked",
    "limited",
    "silent",
    "unjudged",
    "failed",
    "stale",
    *REMARKS,
)

Reply = bytes | Waiting | None


class Records(Protocol):
    """Where answers are written down; `doors.spool.Spool` is the real one."""

    def watch(self, school: str, profile: str, verdict: str, kind: str, category: str, domain: str) -> Cell:
        """The counter of one kind of answer; with a watched name, of such answers about it."""

    def refused(self, at: datetime, alias: str, place: str, ground: str) -> None:
        """Note a refused request: whose pseudonym, where the lists hold the name, and on what ground."""


@dataclass(frozen=True, slots=True)
class Settings:
    """A district's choices for this door. `rate` is questions per client and second, 0 for no limit."""

    page: Page = field(default_factory=Page)
    rate: int = 500
    private_ok: tuple[bytes, ...] = ()  # wire names under which private addresses are right
    designated: Designated = field(default_factory=Designated)
    answers_limit: int = 36 << 20  # bytes
    known_limit: int = 14 << 20


class Talk:
    """One door's conversation with all its clients. `counts` are numbers since the start."""

    def __init__(self, settings: Settings, records: Records) -> None:
        self.settings, self._records = settings, records
        self.rules = Rules()
        self.in_force = ""  # the mark of the bundle and leases that are judged by
        self.clients = Clients(settings.answers_limit)
        self.known = KnownAnswers(settings.known_limit)
        self.forms = Forms()
        self.plain = PlainRefusals(self.rules, self._cell, settings.page)
        self.flights: dict[Asked, Flight] = {}
        self.wanted: list[Flight] = []
        self.counts = dict.fromkeys(COUNTED, 0)
        self.second = 0
        self._rate = settings.rate or UNLIMITED
        self._failed: set[Asked] = set()

    def tick(self, monotonic: float, wall: float) -> None:
        """Say what time it is: monotonic seconds for times to live, and the time of day for rules."""
        second = int(monotonic)
        if second != self.second:
            self.second = second
            self._failed.clear()
        if self.rules.set_clock(wall):
            self._forget()

    def use(self, bundle: Bundle | None, mark: str = "") -> None:
        """Judge by this bundle from now on, also what is under way; `mark` is that of its `BundleWatch`."""
        self.rules.use(bundle)
        self.in_force = mark
        self._forget()

    def _forget(self) -> None:
        self.clients.forget(self.rules.mentioned, self.rules.passes, self.rules.blocked)
        self.plain.shapes.clear()

    # Questions

    def remembered(self, questions: Sequence[bytes], addresses: Sequence[bytes]) -> list[bytes | None]:
        """What can be told at once: the answers, behind their ids, to questions that come without theirs.

        None where `datagram` must be asked. This is the hot path: nine of ten questions end here.
        """
        replies: list[bytes | None] = []
        met, second, append = self.clients.met.get, self.second, replies.append
        for question, address in zip(questions, addresses, strict=True):
            client = met(address)
            if client is None or client.second != second or client.left <= 0:
                append(None)
                continue
            answer = client.audience.young.get(question)
            if answer is None or answer.until <= second:
                append(None)
                continue
            client.left -= 1
            if isinstance(answer, Refusal):
                append(self._refuse(question, client, answer))
            else:
                answer.cell[0] += 1
                append(answer.tail)
        return replies

    def datagram(self, packet: bytes, address: Hashable) -> Reply:
        """A question by UDP from an address of 4 or 16 bytes."""
        client = self.clients.met.get(address) or self.client(address)
        second = self.second
        if client.second != second:
            client.second, client.left = second, self._rate
        client.left -= 1
        if client.left < 0:
            return self._too_many(packet, client)
        answer = self.clients.revive(client.audience, packet[2:], second)
        if answer is None:
            return self._consider(packet, client, stream=False)
        return packet[:2] + self._again(packet[2:], client, answer)

    def stream(self, packet: bytes, client: Client) -> Reply:
        """A question by TCP or DoH, where the client's address is proved and any size goes."""
        if client.generation != self.clients.generation:
            client = self.client(client.key)
        for each in client.remarks:
            self.counts[each] += 1
        if client.second != self.second:
            client.second, client.left = self.second, self._rate
        client.left -= 1
        if client.left < 0:
            return self._refused(packet)
        answer = self.clients.revive(client.audience, ("stream", packet[2:]), self.second)
        if answer is None:
            return self._consider(packet, client, stream=True)
        return packet[:2] + self._again(packet[2:], client, answer)

    def _again(self, question: bytes, client: Client, answer: Answer | Refusal) -> bytes:
        """A remembered answer, counted once more."""
        if isinstance(answer, Refusal):
            return self._refuse(question, client, answer)
        answer.cell[0] += 1
        return answer.tail

    def relayed(self, packet: bytes, asker: bytes | Claim) -> Reply:
        """A question by UDP that a front hands over, which says who asks: an address, or a claim over DoH."""
        if isinstance(asker, Claim):
            client = self.client(asker)
            for each in client.remarks:
                self.counts[each] += 1
            return self.datagram(packet, client.key)
        return self.datagram(packet, asker)

    def client(self, key: Hashable) -> Client:
        """The client behind an address (UDP), or behind a claim (TCP and DoH)."""
        client = self.clients.meet(key, self.rules.who)
        if isinstance(key, Claim) and key.digest and client.who == self.rules.stranger:
            # All guesses from one address are one client, so that guessing buys no new allowance.
            return self.clients.meet(key.blank(), self.rules.who)
        return client

    def _too_many(self, packet: bytes, client: Client) -> bytes | None:
        """Over the limit: first "ask by TCP", which a forged address cannot; then no; then silence."""
        self.counts["limited"] += 1
        end = packet.find(b"\0", 12) + 5
        over = -client.left
        if over > 8 * self._rate or not 17 <= end <= len(packet) or packet[2] & 0xF8:
            return None
        bits = b"\x83\x80" if over <= self._rate else b"\x81\x85"
        return packet[:2] + bits + b"\0\1\0\0\0\0\0\0" + packet[12:end]

    def _refused(self, packet: bytes) -> bytes | None:
        self.counts["limited"] += 1
        query = wire.read_query(packet)
        if query is None:
            return None
        reason = Reason(answers.PROHIBITED, "Too many questions in one second; ask again in a moment.")
        return query.id + answers.error(query, wire.REFUSED, answers.STREAM_SIZE, reason).tail

    # Judging

    def _consider(self, packet: bytes, client: Client, *, stream: bool) -> Reply:
        """Read a question, judge it, and answer it or ask for it."""
        self.counts["considered"] += 1
        audience, read = client.audience, self.forms.read(packet)
        if read is None or not audience.passes or dns_special.is_ours(read.host):
            return self._carefully(packet, client, stream=stream)
        hits, allowed = self.rules.hits(read.host), audience.allowed
        if hits > 0 and hits & audience.blocked:
            refusal = self.plain.refusal(packet, client, read, hits, stream=stream)
            if refusal is not None:
                return self._refuse_anew(packet, client, refusal, stream=stream)
        elif hits >= 0 and allowed is not None:
            limit = answers.STREAM_SIZE if stream else read.form.limit
            return self._ask(
                Waiting(packet, read.query(packet), client, allowed, read.host, limit=limit, stream=stream)
            )
        return self._carefully(packet, client, stream=stream)

    def _carefully(self, packet: bytes, client: Client, *, stream: bool) -> Reply:
        """The same for questions of every kind, step by step."""
        query = wire.read_query(packet)
        if query is None:
            self.counts["silent"] += 1
            return None
        limit = answers.limit_of(query, stream=stream)
        built = outcomes.unjudged(query, self.rules.bundle, self.settings.designated, limit)
        if built is not None:
            self.counts["unjudged"] += 1
            return query.id + built.tail
        self.forms.learn(packet, query)
        host = host_of(query.name)
        decision = self._judge(client, host, query.qtype)
        waiting = Waiting(packet, query, client, decision, host, limit=limit, stream=stream)
        if decision is client.audience.allowed:
            return self._ask(waiting)
        return self._at_once(waiting) or self._ask(waiting)

    def _refuse_anew(self, packet: bytes, client: Client, refusal: Refusal, *, stream: bool) -> bytes:
        question = packet[2:]
        self.clients.remember(client.audience, ("stream", question) if stream else question, refusal)
        return packet[:2] + self._refuse(question, client, refusal)

    def _refuse(self, question: bytes, client: Client, refusal: Refusal) -> bytes:
        """Count, record and give a refusal, behind its id; each time anew, since each counts."""
        shape = refusal.shape
        shape.cell[0] += 1
        self.counts["blocked"] += 1
        self._records.refused(self.rules.at, client.who.alias, refusal.place, shape.ground)
        return shape.head + question[10 : len(question) - shape.behind] + shape.rest

    def _judge(self, client: Client, host: str, qtype: int) -> Decision:
        """What `decide` says; of a name that nobody speaks of it is asked once for each audience."""
        audience = client.audience
        if not audience.passes or not self.rules.unremarkable(host, qtype):
            return self.rules.decide(client.who, host, qtype)
        if audience.allowed is None:
            audience.allowed = self.rules.decide(client.who, host, qtype)
            audience.cell = self._cell(client.who, audience.allowed)
        return audience.allowed

    def _at_once(self, waiting: Waiting) -> bytes | None:
        assert self.rules.bundle is not None
        outcome = outcomes.at_once(waiting, self.rules.bundle, self.settings.page)
        return self._finish(waiting, outcome) if outcome else None

    def _tell(self, waiting: Waiting, known: Known) -> bytes:
        """Answer with what an upstream said, once nothing that it leads to is blocked."""
        query, via = waiting.query, known.via.split(" ") if known.via else []
        if via and not isinstance(waiting.decision, Rewrite) and self.rules.lists_any(via, query.qtype):
            waiting.decision = self.rules.decide(waiting.client.who, waiting.host, query.qtype, tuple(via))
            blocked = self._at_once(waiting)
            if blocked:
                return blocked
        return self._finish(waiting, outcomes.with_known(waiting, known, self.second))

    def _finish(self, waiting: Waiting, outcome: Outcome) -> bytes:
        """Count and record the answer, remember it where it can be shared, and put the id before it."""
        decision, client, packet = waiting.decision, waiting.client, waiting.packet
        plain = decision is client.audience.allowed
        cell = client.audience.cell if plain else self._cell(client.who, decision)
        if tool := self.rules.opened(waiting.host, decision):
            # Counted by its name as well; the cell stays with the answer, so that this is asked once for each.
            cell = self._cell(client.who, decision, tool)
        keep = outcome.lasts > self.second and _worth_keeping(waiting)
        if isinstance(decision, Block):
            shape = Shape(outcome.built, packet, waiting.query.question, cell, ground_of(client.who, decision))
            refusal = Refusal(shape, spoolline.place(waiting.host, decision.rule.line if decision.rule else 0))
            if keep:
                return self._refuse_anew(packet, client, refusal, stream=waiting.stream)
            return packet[:2] + self._refuse(packet[2:], client, refusal)
        cell[0] += 1
        if keep:
            answer = Answer(outcome.built, cell, known=outcome.known, lasts=outcome.lasts, second=self.second)
            key = ("stream", packet[2:]) if waiting.stream else packet[2:]
            self.clients.remember(client.audience, key, answer)
        return waiting.query.id + outcome.built.tail

    def _cell(self, who: Who, decision: Decision, tool: str = "") -> Cell:
        key = (who.school, decision.profile, decision.verdict, decision.kind.value, decision.category)
        return self._records.watch(*key, tool)

    # Asking upstream

    def _ask(self, waiting: Waiting) -> Reply:
        asked = outcomes.asked_of(waiting)
        known = self.known.fresh(asked, self.second)
        if known is not None:
            return self._tell(waiting, known)
        flight = self.flights.get(asked)
        if flight is None:
            if asked in self._failed:
                return self._without(waiting, asked, answers.UNREACHABLE)
            if len(self.flights) >= MOST_FLIGHTS:
                return self._without(waiting, asked, answers.OVERLOADED)
            flight = self.flights[asked] = Flight(asked)
            self.wanted.append(flight)
        elif len(flight.waiting) >= MOST_WAITING:
            self.counts["silent"] += 1
            return None
        flight.waiting.append(waiting)
        return waiting

    def heard(self, flight: Flight, known: Known) -> None:
        """An upstream answered: tell everybody who waits, as the rules now say."""
        self._land(flight)
        self.known.put(flight.asked, known)
        for waiting in flight.waiting:
            self._settle(waiting, known)

    def gave_up(self, flight: Flight, why: Reason) -> None:
        """No upstream answered; `why` goes into the answers."""
        self._land(flight)
        self._failed.add(flight.asked)
        for waiting in flight.waiting:
            self._settle(waiting, None, why)

    def impatient(self, flight: Flight) -> None:
        """A first try was in vain: whoever can be told an old answer is told it now (RFC 8767, 5)."""
        if self.known.stale(flight.asked, self.second) is not None:
            waiting, flight.waiting = flight.waiting, []
            for each in waiting:
                self._settle(each, None)

    def _land(self, flight: Flight) -> None:
        flight.done = True
        if self.flights.get(flight.asked) is flight:
            del self.flights[flight.asked]

    def _settle(self, waiting: Waiting, known: Known | None, why: Reason = answers.UNREACHABLE) -> None:
        if waiting.client.generation != self.clients.generation:
            # The rules changed meanwhile: who waited is looked up and judged again.
            client = self.client(waiting.client.key)
            waiting.pass_on(self._consider(waiting.packet, client, stream=waiting.stream))
        elif known is not None:
            waiting.pass_on(self._tell(waiting, known))
        else:
            waiting.pass_on(self._without(waiting, outcomes.asked_of(waiting), why))

    def _without(self, waiting: Waiting, asked: Asked, why: Reason) -> bytes:
        """Nobody can be asked: the last answer for up to an hour (RFC 8767), else an error that says so."""
        known = self.known.stale(asked, self.second)
        if known is not None:
            self.counts["stale"] += 1
            return self._tell(waiting, known)
        self.counts["failed"] += 1
        return waiting.query.id + answers.error(waiting.query, wire.SERVFAIL, waiting.limit, why).tail


def _worth_keeping(waiting: Waiting) -> bool:
    """Not where the question has options of its own (a cookie, a subnet) or bytes behind its end: it is unlike any."""
    edns = waiting.query.edns
    return len(waiting.packet) <= LONGEST_KEY and (edns is None or not edns.options)
