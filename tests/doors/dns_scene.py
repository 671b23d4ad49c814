"""A scene for the DNS conversation: a small district, a few listed names, an upstream that is a dictionary."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from ipaddress import ip_address

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from homeroom.doors.dns import answers
from homeroom.doors.dns.flight import Flight, Waiting
from homeroom.doors.dns.known import Known
from homeroom.doors.dns.talk import Settings, Talk
from homeroom.doors.dns.upstream import Word, weigh
from homeroom.kernel import spoolline
from homeroom.kernel.decision.bundle import Bundle, Listing, Slot
from homeroom.kernel.decision.identity import chromeos_hash
from homeroom.kernel.decision.overlay import Overlay, Rule
from homeroom.kernel.decision.policy import policy_from_json
from homeroom.kernel.decision.roll import Roll
from homeroom.kernel.lists.names import is_address, suffixes
from homeroom.kernel.spoolline import Blocked

AT = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
BEN, OLSEN, LEAH, STRANGER, STAFF_ROOM = "10.1.0.5", "10.1.0.9", "10.1.0.6", "203.0.113.9", "10.9.0.1"
SALTS = ("salt-of-2025", "salt-of-2026")
TOKENS = {"ben": "ben-secret-token", "olsen": "olsen-secret-token"}

LAW = [
    {"material": "obscene", "clause": "VI.Alt3.A.obscene"},
    {"material": "harmful-to-minors", "clause": "VI.Alt3.A.htm"},
]
POLICY_JSON = {
    "alternative": "3",
    "strictest": "unknown",
    "categories": [
        {"id": "pornography", "title": "Pornography", "clause": "V.A.1.a", "reason": "Explicit.",
         "legal": ["obscene", "harmful-to-minors"]},
        {"id": "games", "title": "Games", "clause": "III.2", "reason": "Distracts."},
        {"id": "malware", "title": "Malware", "clause": "V.A.4b", "reason": "Harms.", "kind": "safety"},
    ],
    "profiles": [
        {"id": "student", "title": "Students", "audience": "student", "legal": LAW, "blocked": ["games", "malware"],
         "safe_search": True, "youtube": "strict"},
        {"id": "adult", "title": "Staff", "audience": "adult", "legal": LAW[:1], "blocked": ["malware"]},
        {"id": "unknown", "title": "Unknown", "audience": "unknown", "legal": LAW, "blocked": ["games", "malware"]},
    ],
    "essentials": ["homeroom.test"],
    "canaries": {"use-application-dns.net": "nxdomain", "mask.icloud.com": "nodata"},
    "safe_search": {"www.google.com": "forcesafesearch.google.com", "ya.ru": "213.180.193.56"},
    "youtube": {"strict": {"www.youtube.com": "restrict.youtube.com"}},
}  # fmt: skip
ROLL_JSON = {
    "persons": {
        "ben": {"profile": "student", "role": "student", "school": "birch", "alias": "grey-heron", "classes": ["7b"]},
        "leah": {"profile": "student", "role": "student", "school": "birch", "alias": "red-fox", "classes": ["7a"]},
        "olsen": {"profile": "adult", "role": "teacher", "school": "birch", "alias": "tall-elm"},
        "nils": {"profile": "student", "role": "student", "school": "cedar",
                 "closed": [["IX.B", "No agreement is on file."]]},
    },
    "addresses": [
        [BEN, {"person": "ben"}], [LEAH, {"person": "leah"}], [OLSEN, {"person": "olsen"}],
        ["10.1.0.7", {"person": "nils"}], ["10.9.0.0/16", {"profile": "unknown", "school": "birch"}],
        ["127.0.0.1", {"person": "ben"}], ["127.0.0.2", {"person": "leah"}], ["::1", {"person": "ben"}],
    ],
    "tokens": {hashlib.sha256(token.encode()).hexdigest(): person for person, token in TOKENS.items()},
    "chromeos": {chromeos_hash(salt, f"{who}@birch.test"): who for salt in SALTS for who in ("ben", "olsen")},
    "chromeos_salts": list(SALTS),
}  # fmt: skip

SLOTS = (Slot("sinfonietta", "v1", "pornography"), Slot("ut1", "v7", "games"), Slot("ut1", "v7", "malware"))
LISTED = {"porn.test": 1, "games.test": 2, "evil.test": 4, "198.51.100.66": 4, "2001:db8::66": 4}


class FakeTable:
    """A handful of suffixes; the real table has tests of its own."""

    slots: Sequence[Slot] = SLOTS

    def mask(self, host: str, path: str = "", qtype: str = "") -> int:
        names = (host,) if is_address(host) else suffixes(host)
        mask = 0
        for name in names:
            mask |= LISTED.get(name, 0)
        return mask

    def listings(self, host: str, path: str = "", qtype: str = "") -> Sequence[Listing]:
        names = (host,) if is_address(host) else suffixes(host)
        return [
            Listing(slot=bit, line=10 + bit, text=name, pattern=name)
            for name in names
            for bit in range(len(SLOTS))
            if LISTED.get(name, 0) >> bit & 1
        ]

    def plain(self, host: str) -> int:
        return -1 if is_address(host) else self.mask(host)

    def first_line(self, host: str, slots: int) -> tuple[int, int] | None:
        found = (each for each in self.listings(host) if slots >> each.slot & 1)
        return next(((each.slot, each.line) for each in found), None)


def bundle(id: str = "b1", rules: Sequence[Rule] = (), watched: Sequence[str] = ()) -> Bundle:
    policy = policy_from_json({**POLICY_JSON, "watched": list(watched)})
    roll = Roll(ROLL_JSON, strictest=policy.strictest)
    return Bundle(id=id, table=FakeTable(), policy=policy, overlay=Overlay(rules, version="o1"), roll=roll)


class Notes:
    """What a door wrote down."""

    def __init__(self) -> None:
        self.cells: dict[tuple[str, ...], list[int]] = {}
        self.lines: list[Blocked] = []

    def cell(self, school: str, profile: str, verdict: str, kind: str, category: str) -> list[int]:
        return self.cells.setdefault((school, profile, verdict, kind, category), [0])

    def watch(self, school: str, profile: str, verdict: str, kind: str, category: str, domain: str) -> list[int]:
        if not domain:
            return self.cell(school, profile, verdict, kind, category)
        return self.cells.setdefault((school, profile, verdict, kind, category, domain), [0])

    def refused(self, at: datetime, alias: str, place: str, ground: str) -> None:
        line = spoolline.read(spoolline.write_blocked(int(at.timestamp()), "dns", alias, place, 1, ground))
        assert isinstance(line, Blocked)
        self.lines.append(line)

    def count(self, verdict: str) -> int:
        return sum(cell[0] for key, cell in self.cells.items() if key[2] == verdict)


class Scene:
    """A talk with its clients: `ask` and read the answer; `upstream` maps (name, type) to record lines."""

    def __init__(self, rules: Sequence[Rule] = (), *, with_bundle: bool = True, **settings: object) -> None:
        settings.setdefault("private_ok", (b"\x04test\0",))
        self.notes = Notes()
        self.talk = Talk(Settings(**settings), self.notes)  # type: ignore[arg-type]
        self.now = 1000.0
        self.wall = AT.timestamp()
        self.upstream: dict[tuple[str, str], list[str]] = {}
        self.asked: list[tuple[str, str]] = []
        self.dead = False
        self.tick()
        if with_bundle:
            self.talk.use(bundle(rules=rules))

    def tick(self, seconds: float = 0.0) -> None:
        self.now += seconds
        self.wall += seconds
        self.talk.tick(self.now, self.wall)

    def send(self, packet: bytes, address: str = BEN) -> bytes | None:
        """One datagram in, its answer out, the upstream's part played on the way."""
        late: list[bytes] = []
        reply = self.talk.datagram(packet, ip_address(address).packed)
        if isinstance(reply, Waiting):
            reply.send = late.append
            self.play()
            return late[0] if late else None
        return reply

    def play(self) -> None:
        """Let the upstream answer everything that is wanted."""
        while self.talk.wanted:
            wanted, self.talk.wanted = self.talk.wanted, []
            for flight in wanted:
                self._answer(flight)

    def ask(self, name: str, kind: str = "A", address: str = BEN, **options: object) -> dns.message.Message:
        """A whole question and its answer, read by a library that is not ours."""
        question = query(name, kind, **options)
        reply = self.send(question.to_wire(), address)
        assert reply is not None
        answer = dns.message.from_wire(reply)
        assert question.is_response(answer)
        return answer

    def _answer(self, flight: Flight) -> None:
        question = dns.message.from_wire(b"\0\0\1\0\0\1\0\0\0\0\0\0" + flight.asked.question)
        name, kind = str(question.question[0].name).rstrip("."), dns.rdatatype.to_text(question.question[0].rdtype)
        self.asked.append((name, kind))
        if self.dead:
            self.talk.gave_up(flight, answers.UNREACHABLE)
            return
        known = weigh(reply_to(question, self.upstream), flight, self.talk.second, self.talk.settings.private_ok)
        assert isinstance(known, Known | Word)
        if isinstance(known, Known):
            self.talk.heard(flight, known)
        else:
            self.talk.gave_up(flight, answers.UNRESOLVED)


def query(name: str, kind: str = "A", **options: object) -> dns.message.Message:
    """A question; `use_edns`, `payload`, `want_dnssec` as in dnspython."""
    return dns.message.make_query(name, kind, **options)  # type: ignore[arg-type]


def reply_to(question: dns.message.Message, zone: dict[tuple[str, str], list[str]]) -> bytes:
    """What a resolver says that knows this zone; CNAMEs are followed, unknown names do not exist."""
    reply = dns.message.make_response(question, recursion_available=True)
    asked = question.question[0]
    name, kind = asked.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(asked.rdtype)
    known = {each for each, _ in zone}
    if name not in known:
        reply.set_rcode(dns.rcode.NXDOMAIN)
    while name:
        if (name, kind) in zone:
            reply.answer.append(dns.rrset.from_text_list(name + ".", *_lines(zone[name, kind], kind)))
            break
        target = zone.get((name, "CNAME"))
        if not target:
            break
        reply.answer.append(dns.rrset.from_text(name + ".", 300, "IN", "CNAME", target[0] + "."))
        name = target[0].rstrip(".")
    if not reply.answer:
        reply.authority.append(dns.rrset.from_text("test.", 900, "IN", "SOA", "ns.test. root.test. 1 2 3 4 60"))
    return reply.to_wire(max_size=65535)


def _lines(lines: list[str], kind: str) -> tuple[int, str, str, list[str]]:
    """Records, with a time to live where the first line is a number."""
    ttl, rest = (int(lines[0]), lines[1:]) if lines[0].isdigit() else (300, lines)
    return ttl, "IN", kind, rest


def codes(message: dns.message.Message) -> list[int]:
    """The Extended DNS Errors of an answer."""
    return [int(option.code) for option in message.options if option.otype == 15]  # type: ignore[attr-defined]


def texts(message: dns.message.Message) -> list[str]:
    """Their words."""
    return [option.text or "" for option in message.options if option.otype == 15]  # type: ignore[attr-defined]


def addresses(message: dns.message.Message) -> list[str]:
    """All addresses of an answer."""
    return [item.address for rrset in message.answer for item in rrset if hasattr(item, "address")]
