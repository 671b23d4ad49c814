"""The answer: one class per verdict, each with the clause it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from homeroom.kernel.decision import reasons


class Kind(StrEnum):
    """Who stands behind an answer; statutory and district are never mixed."""

    STATUTORY = "statutory"  # federal or state law demands it; locked
    DISTRICT = "district"  # the district chose it; a named owner can change it
    STANDING = "standing"  # this person may not use the network at the moment
    SAFETY = "safety"  # the network protects itself: canary names, safe search, malware


@dataclass(frozen=True, slots=True)
class Cited:
    """The very line that an answer rests on: a list's line, or a local rule.

    `list` is the list's name; where a list has several files, "NAME/FILE".
    """

    list: str
    version: str
    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What every verdict says; `reason` is a sentence for people."""

    kind: Kind
    clause: str
    category: str
    reason: str
    person: str | None
    profile: str
    bundle: str
    at: datetime
    rule: Cited | None = None
    step: str = ""

    verdict: ClassVar[str]

    def as_json(self) -> dict[str, object]:
        """One object for `homeroom explain --json` and for records."""
        rule = self.rule and _cited_json(self.rule)
        return {
            "verdict": self.verdict, "kind": str(self.kind), "clause": self.clause, "category": self.category,
            "reason": self.reason, "person": self.person, "profile": self.profile, "rule": rule,
            "bundle": self.bundle, "at": self.at.isoformat(), "step": self.step,
        }  # fmt: skip


def _cited_json(cited: Cited) -> dict[str, object]:
    name, _, file = cited.list.partition("/")
    return {"list": name, "file": file, "version": cited.version, "line": cited.line, "text": cited.text}


@dataclass(frozen=True, slots=True, kw_only=True)
class Allow(Decision):
    """The request may go through."""

    verdict: ClassVar[str] = "allow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block(Decision):
    """The request is refused. `asked_by_self` marks a block its own subject asked for (RFC 8914 "Filtered").

    `missing` are all the reasons why somebody's network is closed, as (clause, code of kernel.decision.reasons).
    """

    asked_by_self: bool = False
    missing: tuple[tuple[str, str], ...] = ()

    verdict: ClassVar[str] = "block"

    def as_json(self) -> dict[str, object]:
        """As every decision, with all reasons of a closed network and what to do about each."""
        said = Decision.as_json(self)
        if self.missing:
            said["missing"] = [
                {"clause": clause, "code": code, "sentence": reasons.sentence(code), "step": reasons.step(code)}
                for clause, code in self.missing
            ]
        return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite(Decision):
    """The request goes to another name instead: `target` is a host, or an address literal."""

    target: str

    verdict: ClassVar[str] = "rewrite"
