"""What a rule would change, before it is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from homeroom.filtering.queries import listed
from homeroom.kernel.decision.ask import Ask, Who, scopes_of
from homeroom.kernel.decision.bundle import Bundle
from homeroom.kernel.decision.decide import decide
from homeroom.kernel.decision.decision import Decision
from homeroom.kernel.decision.overlay import Overlay, Rule
from homeroom.people import queries as people
from homeroom.people.models import Enrolment, Role, RoleName


@dataclass(frozen=True, slots=True)
class Change:
    """What one kind of person is answered now, and what they would be answered."""

    audience: str
    now: Decision
    then: Decision

    @property
    def differs(self) -> bool:
        """Whether the rule would change the answer."""
        return self.now.verdict != self.then.verdict


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom a rule would reach and what it would change; `changes` is empty before the first bundle."""

    reached: int
    changes: tuple[Change, ...]

    @property
    def changes_nothing(self) -> bool:
        """Whether nobody would notice the rule."""
        return bool(self.changes) and not any(change.differs for change in self.changes)


def preview(rule: Rule, at: datetime) -> Preview:
    """Hold a rule that is not made yet against the bundle in force."""
    now = listed.bundle()
    kind, _, id = rule.scope.partition(":")
    changes = tuple(_change(now, rule, who, at) for who in _kinds(now, kind, id, rule.scope)) if now else ()
    return Preview(_count(kind, id, people.today(at)), changes)


def _change(now: Bundle, rule: Rule, who: Who, at: datetime) -> Change:
    overlay = Overlay((*now.overlay.rules, rule), version="preview")
    then = Bundle(id=now.id, table=now.table, policy=now.policy, overlay=overlay, roll=now.roll)
    ask = Ask(who, rule.host, rule.path)
    return Change(who.profile, decide(ask, now, at), decide(ask, then, at))


def _kinds(now: Bundle, kind: str, id: str, scope: str) -> list[Who]:
    """One of each kind of person whom a scope reaches."""
    if kind == "person":
        return [now.roll.person(id)]
    if kind == "role":
        return [_somebody("student" if id == RoleName.STUDENT else "adult", scope)]
    if kind in ("school", "class"):
        return [_somebody("student", scope), _somebody("adult", scope)]
    return [_somebody(audience, scope) for audience in ("student", "adult", "unknown")]


def _somebody(profile: str, scope: str) -> Who:
    known = scopes_of(person=None, role="", school="", classes=())
    return Who(person=None, profile=profile, scopes=frozenset({*known, scope}))


def _count(kind: str, id: str, on: date) -> int:
    if kind == "person":
        return 1
    if kind == "class":
        return Enrolment.objects.on(on).filter(group_id=id).values("person").distinct().count()
    if kind == "school":
        return Role.objects.on(on).filter(school_id=id).values("person").distinct().count()
    if kind == "role":
        return Role.objects.on(on).filter(role=id).values("person").distinct().count()
    return Role.objects.on(on).values("person").distinct().count()
