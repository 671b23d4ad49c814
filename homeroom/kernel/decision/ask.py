"""The question: who asks for which name or URL, as a door saw it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

EVERYONE = "everyone"


class Source(StrEnum):
    """How a door came to know who is asking, surest first. What each may unlock: `kernel.decision.identity`."""

    AGENT = "agent"  # a certificate or an agent on a managed device
    LOGIN = "login"  # a name and password given to the proxy
    RADIUS = "radius"  # the network itself: somebody signed in to the switch or the wireless
    CHROMEOS = "chromeos"  # a salted hash in the DoH path: a pseudonym, not a secret
    TOKEN = "token"  # a secret in the DoH path: easily copied
    SIGNIN = "signin"  # somebody signed in on a page; the address is theirs for a while
    ADDRESS = "address"  # a single address assigned to one person
    RANGE = "range"  # a range of addresses that belongs to a place
    NONE = "none"  # nothing known: the strictest profile


@dataclass(frozen=True, slots=True)
class Who:
    """Who asks, as the roll of the bundle knows them.

    `closed` holds the reasons why this person has no standing on the network, as
    (clause, code of kernel.decision.reasons) pairs; empty means open. `scopes` are the names under which a local
    rule can reach this person: "everyone", "school:ID", "role:ROLE", "class:ID", "person:ID".
    `alias` is this month's pseudonym for activity; it is never the person's id.
    """

    person: str | None
    profile: str
    role: str = ""
    school: str = ""
    grade: str = ""
    alias: str = ""
    source: Source = Source.NONE
    closed: tuple[tuple[str, str], ...] = ()
    scopes: frozenset[str] = field(default=frozenset({EVERYONE}))


@dataclass(frozen=True, slots=True)
class Ask:
    """One request.

    `host` is in the one spelling of `kernel.lists.names`; it may be an address literal.
    `path` starts with "/" and carries the query, or is "" where only the name is known
    (DNS, CONNECT). `via` holds further names and addresses the answer leads to (CNAME
    targets, resolved addresses), judged like the host itself.
    """

    who: Who
    host: str
    path: str = ""
    qtype: str = ""
    via: tuple[str, ...] = ()


def scopes_of(*, person: str | None, role: str, school: str, classes: tuple[str, ...]) -> frozenset[str]:
    """The names under which a local rule can reach somebody.

    >>> sorted(scopes_of(person="p1", role="student", school="birch", classes=("7b",)))
    ['class:7b', 'everyone', 'person:p1', 'role:student', 'school:birch']
    """
    named = {EVERYONE}
    if person:
        named.add(f"person:{person}")
    if role:
        named.add(f"role:{role}")
    if school:
        named.add(f"school:{school}")
    named.update(f"class:{each}" for each in classes)
    return frozenset(named)
