"""A filter with a dozen listed names, three people, and otherwise what ships.

The category table, the profiles of the three alternatives and the order of judgement are the real ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from homeroom.filtering import compiling, policy
from homeroom.filtering.policy import Choices
from homeroom.kernel.decision.ask import Ask, Source, Who, scopes_of
from homeroom.kernel.decision.bundle import Bundle
from homeroom.kernel.decision.decide import decide
from homeroom.kernel.decision.decision import Decision
from homeroom.kernel.decision.overlay import Overlay, Rule
from homeroom.kernel.decision.policy import policy_from_json
from homeroom.kernel.decision.roll import Roll
from homeroom.kernel.lists.entry import Entry, How

AT = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
LISTED = {
    "adult.test": "pornography",
    "csam-report.test": "csam",
    "mixed.test": "mixed-adult",
    "dating.test": "dating",
    "bets.test": "gambling",
    "proxy.test": "proxy",
    "vpn.test": "vpn",
    "doh.test": "encrypted-dns",
    "borrowed.test": "dynamic-dns",
    "virus.test": "malware",
    "social.test": "social-networks",
    "hatred.test": "violence",
    "bombs.test": "dangerous-material",
    "pirates.test": "piracy",
    "homework-for-sale.test": "cheating",
    "break-in.test": "hacking",
    "shop.test": "shopping",
}
TABLE = compiling.small(
    ((f"list-{category}", category, Entry(host, How.SUFFIX, 1, host)) for host, category in LISTED.items()), "v1"
)


def person(id: str | None, profile: str, role: str = "") -> Who:
    scopes = scopes_of(person=id, role=role, school="birch" if id else "", classes=("7b",) if id == "ben" else ())
    return Who(person=id, profile=profile, role=role, source=Source.ADDRESS, scopes=scopes)


BEN = person("ben", "student", "student")
OLSEN = person("olsen", "adult", "teacher")
NOBODY = person(None, "")
PEOPLE = {"Ben, a student": BEN, "Ms. Olsen, a teacher": OLSEN, "nobody we know": NOBODY}


def bundle(choices: Choices, rules: Iterable[Rule] = ()) -> Bundle:
    adopted = policy_from_json(policy.part(choices))
    roll = Roll({}, strictest=adopted.strictest)
    return Bundle(id="b1", table=TABLE, policy=adopted, overlay=Overlay(rules), roll=roll)


def answer(who: str, host: str, choices: Choices, *rules: Rule) -> Decision:
    return decide(Ask(PEOPLE[who], host), bundle(choices, rules), AT)
