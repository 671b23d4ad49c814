"""The tables that the program in dnsdist reads: one small file for each bundle, beside the mapped lists.

    head        what is where (HEAD, the program's `head_t`)
    names       hashes of names that are handed to the embedded door, with everything under them
    hosts       single addresses: who is behind each, as one number
    ranges      ranges of addresses, the narrowest first
    claims      DoH tokens (SHA-256) and ChromeOS identifiers: who claims so, as one number
    own, below  for each class of the compiled lists the categories of a name itself, and of those below it
    own_first, below_first  for each profile and class with several categories the one that decides, counted from 1
    refused     for each profile the categories it is refused
    said        for each profile and category the number of an answer
    answers     the answers themselves, as the embedded door would say them
    bits        the words of the lists' filter

Numbers are little-endian. A *who* is profile | place << 8, or HAND where everything is left to the door:
people without standing, adults who only claim to be, profiles that open only what is named.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from xxhash import xxh3_64_intdigest as hash64

from homeroom.doors.dns import answers, wire
from homeroom.doors.dns.answers import Page
from homeroom.doors.dns.wire import Edns, Query
from homeroom.doors.dnsdist.classes import MOST, Classes, classes, deciding
from homeroom.kernel.decision.ask import Source, Who
from homeroom.kernel.decision.bundle import Bundle
from homeroom.kernel.decision.decision import Block
from homeroom.kernel.lists.table import Table
from homeroom.kernel.lists.table_format import FILTER_BITS

MAGIC = b"HRDNSD04"
HAND = 1 << 31
ASK = 1 << 63
OUR_OWN = ("resolver.arpa", "localhost", "invalid", "onion")
SECTIONS = ("names", "hosts", "ranges", "claims", "own", "below", "own_first", "below_first", "refused", "said",
            "answers", "bits")  # fmt: skip
_HEAD = struct.Struct("<8sQQQQQQIIIIII" + "II" * len(SECTIONS))
HEAD_SIZE = 4096  # room for the path of the lists behind the numbers
_HOST = struct.Struct("<16sIIII")  # address, bytes of it, who, prefix in bits, 0
_CLAIM = struct.Struct("<QII")
_ANSWER = struct.Struct("<BBBBHHH242s256s")  # flags, answers, authorities, 0, bytes of body, of OPT, 0, body, OPT
KINDS = (wire.A, wire.AAAA, 0)  # of an answer there is one for A, one for AAAA and one for every other type


class TooLarge(ValueError):
    """Something that does not fit into its place."""


@dataclass(slots=True)
class Places:
    """The labels behind numbers: which school and profile a count belongs to."""

    labels: list[tuple[str, str]] = field(default_factory=list)
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    def number(self, school: str, profile: str) -> int:
        """The number of a school and profile; 0 stands for all that do not fit."""
        key = (school, profile)
        if key not in self._numbers:
            self._numbers[key] = len(self.labels)
            self.labels.append(key)
        return self._numbers[key]


@dataclass(slots=True)
class Kept:
    """The parts about people, as they were made last: most changes leave them alone, and they take seconds to make."""

    of: tuple[object, ...] = ()
    parts: dict[str, bytes] = field(default_factory=dict)


def make(
    bundle: Bundle, lists: Path | None, page: Page, at: datetime, places: Places, kept: Kept | None = None
) -> bytes:
    """The tables of a bundle whose compiled lists lie in that file. `places` are numbered on where they are new."""
    said = classes(bundle, at)
    number = _Numbers(bundle, said, places)
    walk = bundle.table.walk() if isinstance(bundle.table, Table) and lists else None
    refused = [said.refused(profile) for profile in range(len(said.profiles))]
    own = _masks(walk.own, walk.allow, said.bit_of) if walk else []
    below = _masks(walk.below, walk.allow, said.bit_of) if walk else []
    blocks = list(dict.fromkeys(said.said.values()))
    parts = {
        "names": _hash_table(handed_names(bundle)),
        **_people(bundle, number, kept or Kept()),
        "own": _words(own),
        "below": _words(below),
        "own_first": _firsts(bundle, said, own, walk.own_slots if walk else (), at),
        "below_first": _firsts(bundle, said, below, walk.below_slots if walk else (), at),
        "refused": _words(refused),
        "said": _said(said, blocks),
        "answers": b"".join(_answer(block, page, kind) for block in blocks for kind in KINDS),
        "bits": struct.pack(f"<{len(FILTER_BITS)}I", *FILTER_BITS),
    }
    numbers = (len(said.profiles), number.of(bundle.roll.stranger), len(places.labels), len(own))
    cells, words = (walk.places["cells"], walk.places["filter"]) if walk else (None, None)
    facts = (
        cells.start if cells else 0, words.start if words else 0, walk.homes if walk else 0,
        walk.shift if walk else 0,
    )  # fmt: skip
    return _file(parts, facts, numbers, str(lists or ""))


def _people(bundle: Bundle, number: _Numbers, kept: Kept) -> dict[str, bytes]:
    """Who is behind which address and claim; as kept where neither people nor profiles nor leases have changed."""
    of = (bundle.roll.version, bundle.policy.version, tuple(bundle.roll.leased()))
    if kept.of != of or not all(of[:2]):
        kept.parts = {
            "hosts": _hosts(number.addresses(single=True)),
            "ranges": b"".join(_range(*each) for each in number.addresses(single=False)),
            "claims": _claims(number.claims()),
        }
        kept.of = of
    return kept.parts


def handed_names(bundle: Bundle) -> set[str]:
    """The names whose answer depends on more than their lists: special names, local rules, corrections.

    A rule for the pages of a site says nothing of its name, so it needs no place here.
    """
    policy, rules = bundle.policy, bundle.overlay.rules
    special = {*policy.canaries, *policy.safe_search, *OUR_OWN}
    for names in policy.youtube.values():
        special.update(names)
    return special | {rule.host for rule in rules if not rule.path}


class _Numbers:
    """People and places as numbers."""

    def __init__(self, bundle: Bundle, said: Classes, places: Places) -> None:
        self._roll, self._policy, self._said, self._places = bundle.roll, bundle.policy, said, places
        self._profiles = {name: number for number, name in enumerate(said.profiles)}

    def of(self, who: Who) -> int:
        """The number of somebody; HAND where the door must look closer."""
        profile = self._profiles[self._policy.profile(who.profile).id]
        place = self._places.number(who.school, self._said.profiles[profile])
        if who.closed or profile not in self._said.passes or place > 0xFFFF or profile > 7:
            return HAND
        return profile | place << 8

    def addresses(self, *, single: bool) -> Iterator[tuple[bytes, int, int]]:
        """(packed address, prefix in bits, number) of every address or range of the roll, the narrowest first.

        V.A.7.4: an address that is somebody's for a while is theirs, whatever else is said of it.
        """
        leased = {packed: (prefix, who) for packed, prefix, who in self._roll.leased()} if single else {}
        for packed, (prefix, who) in leased.items():
            yield packed, prefix, self.of(who)
        for packed, prefix, who in self._roll.singles() if single else self._roll.ranges():
            if packed not in leased:
                yield packed, prefix, self.of(who)

    def claims(self) -> Iterator[tuple[str, int]]:
        """(digest, number) of every DoH token and ChromeOS identifier that unlocks no more than a student has."""
        for digest, person in self._roll.claims():
            who = self._roll.person(person, Source.TOKEN)
            if self._policy.profile(who.profile).audience != "adult" and who.person is not None:
                yield digest, self.of(who)


def _file(parts: Mapping[str, bytes], facts: tuple[int, int, int, int], numbers: tuple[int, ...], lists: str) -> bytes:
    at, spans, body = HEAD_SIZE, [], []
    for name in SECTIONS:
        data = parts[name] + b"\0" * (-len(parts[name]) % 16)
        spans += [at, len(parts[name])]
        body.append(data)
        at += len(data)
    rest = b"".join(body)
    path = lists.encode() + b"\0"
    if _HEAD.size + len(path) > HEAD_SIZE:
        raise TooLarge(f"The path of the lists, {lists}, is too long for dnsdist; use a shorter HOMEROOM_HOME.")
    head = _HEAD.pack(MAGIC, hash64(rest), at, *facts, *numbers, len(path), 0, *spans) + path
    return head.ljust(HEAD_SIZE, b"\0") + rest


def _masks(masks: Iterable[int], allow: int, bit_of: tuple[int, ...]) -> list[int]:
    """Masks of slots as masks of categories; what slots alone cannot answer is asked of the door."""
    return [ASK if mask >= allow else _by_category(mask, bit_of) for mask in masks]


def _by_category(mask: int, bit_of: tuple[int, ...]) -> int:
    found = 0
    while mask:
        low = mask & -mask
        bit = bit_of[low.bit_length() - 1]
        found |= 1 << bit if bit >= 0 else 0
        mask ^= low
    return found


def _firsts(bundle: Bundle, said: Classes, masks: list[int], slots: Sequence[tuple[int, ...]], at: datetime) -> bytes:
    """By profile and class: the bit of the category that decides, counted from 1; 0 where one bit or the door tells."""
    categories = [slot.category for slot in bundle.table.slots]
    known: dict[tuple[str, ...], list[int]] = {}
    rows = [[0] * len(masks) for _ in said.profiles]
    for number, mask in enumerate(masks):
        if mask >= ASK or mask.bit_count() < 2:
            continue
        key = tuple(dict.fromkeys(categories[slot] for slot in slots[number]))
        if key not in known:
            known[key] = deciding(bundle, said, slots[number], at)
        for profile, bit in enumerate(known[key]):
            rows[profile][number] = bit + 1
    return struct.pack(f"<{len(masks) * len(rows)}I", *(each for row in rows for each in row))


def _words(numbers: list[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}Q", *numbers)


def _said(said: Classes, blocks: list[Block]) -> bytes:
    """By profile and bit the number of an answer, counted from 1; 0 where there is none."""
    index = {block: number for number, block in enumerate(blocks, 1)}
    rows = [
        index[said.said[profile, bit]] if (profile, bit) in said.said else 0
        for profile in range(len(said.profiles))
        for bit in range(MOST)
    ]
    return struct.pack(f"<{len(rows)}I", *rows)


def _answer(block: Block, page: Page, kind: int) -> bytes:
    """What the embedded door would say, cut at the question: it is the same for every name."""
    question = wire.text_name("a.test") + wire.U16.pack(kind or wire.TXT) + b"\0\1"
    asked = Query(b"\0\0", wire.RD, question, question[:-4], kind or wire.TXT, Edns(0, 1232, False, b""))
    tail = answers.blocked(asked, block, page, answers.UDP_SIZE).tail
    flags, _, found, authorities, _ = struct.unpack_from("!HHHHH", tail)
    rest = tail[10 + len(question) :]
    plain = answers.blocked(asked._replace(edns=None), block, page, answers.UDP_SIZE).tail
    body = plain[10 + len(question) :]
    opt = rest[len(body) :]
    if len(body) > 242 or len(opt) > 256:
        raise TooLarge(f"The answer for the category {block.category} is too long for dnsdist.")
    return _ANSWER.pack(flags & 15, found, authorities, 0, len(body), len(opt), 0, body, opt)


def _hash_table(names: set[str]) -> bytes:
    """Hashes by open addressing; the program looks from `hash % size` on, and ends at a zero."""
    size = 16
    while size < 2 * len(names) + 1:
        size *= 2
    cells = [0] * size
    for name in sorted(names):
        hashed = hash64(name.encode())
        at = hashed & (size - 1)
        while cells[at]:
            at = (at + 1) & (size - 1)
        cells[at] = hashed or 1
    return _words(cells)


def _hosts(rows: Iterable[tuple[bytes, int, int]]) -> bytes:
    """Single addresses by open addressing over the hash of their bytes; an empty cell has no length."""
    kept = list(rows)
    size = 16
    while size < 2 * len(kept) + 1:
        size *= 2
    cells: list[bytes] = [b""] * size
    for packed, prefix, who in kept:
        at = hash64(packed) & (size - 1)
        while cells[at]:
            at = (at + 1) & (size - 1)
        cells[at] = _range(packed, prefix, who)
    empty = bytes(_HOST.size)
    return b"".join(each or empty for each in cells)


def _range(packed: bytes, prefix: int, who: int) -> bytes:
    return _HOST.pack(packed, len(packed), who, prefix, 0)


def _claims(rows: Iterable[tuple[str, int]]) -> bytes:
    """Digests (the first eight bytes of a SHA-256) by open addressing; an empty cell has no digest."""
    kept = dict(rows)
    size = 16
    while size < 2 * len(kept) + 1:
        size *= 2
    cells: list[tuple[int, int]] = [(0, 0)] * size
    for digest, who in kept.items():
        hashed = int(digest[:16], 16) or 1
        at = hashed & (size - 1)
        while cells[at][0]:
            at = (at + 1) & (size - 1)
        cells[at] = (hashed, who)
    return b"".join(_CLAIM.pack(hashed, who, 0) for hashed, who in cells)
