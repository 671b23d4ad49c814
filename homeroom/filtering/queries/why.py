"""Why? Explain any name or URL as any person at any time, including by an old bundle."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from homeroom.base.words import clock
from homeroom.doors import bundle_file, environment
from homeroom.filtering.models import Published
from homeroom.filtering.queries import builds, reached
from homeroom.kernel.decision import reasons
from homeroom.kernel.decision.ask import Ask, Source, Who
from homeroom.kernel.decision.bundle import Bundle
from homeroom.kernel.decision.decide import Explanation, Said
from homeroom.kernel.decision.decide import explain as walk
from homeroom.kernel.decision.decision import Decision
from homeroom.kernel.decision.steps import STEPS
from homeroom.kernel.lists import names
from homeroom.people import queries as people

NOBODY = "somebody nobody knows"
VERDICTS = {"allow": "is open", "block": "is blocked", "rewrite": "answers in its locked form"}


class CannotExplain(ValueError):
    """No answer is possible; the message is a sentence (not a name, no such person, bundle no longer kept)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the order of judgement for the page: its name, what it looks for, what it said (None for nothing)."""

    name: str
    looks_for: str
    said: Decision | None
    decided: bool

    @property
    def sentence(self) -> str:
        """What it said, in the decision's own words; "" for nothing."""
        return self.said.reason if self.said else ""


@dataclass(frozen=True, slots=True)
class Why:
    """An explanation with what was asked. `as_json` is what `homeroom explain --json` prints."""

    asked: str
    host: str
    path: str
    person_name: str
    explanation: Explanation

    def as_json(self) -> dict[str, Any]:
        """The decision (see Decision.as_json) with `asked`, `host`, `path` and `steps`."""
        steps = [
            {"step": said.step, "decision": said.decision.as_json() if said.decision else None}
            for said in self.explanation.said
        ]
        said = {"asked": self.asked, "host": self.host, "path": self.path, "steps": steps}
        return {**self.explanation.decision.as_json(), **said}

    def steps(self) -> tuple[Step, ...]:
        """Each step in order with what it said; exactly one of them decided."""
        looks_for = {step.__name__: (step.__doc__ or "").partition(":")[2].strip() for step in STEPS}
        decided = self.explanation.decision.step
        return tuple(
            Step(
                name=said.step,
                looks_for=looks_for[said.step],
                said=_said(said, decided),
                decided=said.step == decided,
            )
            for said in self.explanation.said
        )

    def sentences(self) -> list[str]:
        """The answer in sentences, then each step in order."""
        decision = self.explanation.decision
        when = clock(people.local(decision.at))
        told = [
            f"{self.host}{self.path} {VERDICTS[decision.verdict]} for {self.person_name} at {when}.",
            f"{decision.reason} ({decision.kind}, {decision.clause})",
        ]
        if decision.rule:
            rule = decision.rule
            where = f"line {rule.line} of {rule.list}, version {rule.version}" if rule.line else rule.list
            told.append(f"It rests on {where}: {rule.text}")
        told.append(f"Profile {decision.profile}, bundle {decision.bundle}.")
        for number, step in enumerate(self.steps(), 1):
            mark = "→" if step.decided else " "
            told.append(f"{mark} {number}. {step.name.replace('_', ' ')}: {step.sentence or 'nothing to say'}")
        return told


def explain(target: str, *, person: str = "", at: datetime, bundle: str = "", for_others: bool = False) -> Why:
    """What would `person` (an id; "" for nobody we know) have been answered for a host or URL at that instant?

    By the bundle of that id, else by the one that was current then. `for_others`: of a decision of the school about
    somebody only that there is one (IV.2a). Raises CannotExplain.
    """
    try:
        host, path = names.split_url(target)
    except names.BadName as trouble:
        raise CannotExplain(str(trouble)) from None
    judged_by = _bundle(at, bundle)
    who = _who(judged_by, person)
    if for_others:
        who = replace(who, closed=tuple((clause, reasons.for_others(code)) for clause, code in who.closed))
    explanation = walk(Ask(who, host, path), judged_by, at)
    return Why(target, host, path, reached.person_name(person) if person else NOBODY, explanation)


def _said(said: Said, decided: str) -> Decision | None:
    """What a step said; the last one speaks only when no other did, else it would seem to contradict them."""
    last = said.step == STEPS[-1].__name__
    return None if last and decided != said.step else said.decision


def _bundle(at: datetime, id: str) -> Bundle:
    row = Published.objects.filter(bundle=id).first() if id else builds.current_at(at)
    if row is None and id:
        raise CannotExplain(
            _("There is no bundle “%(id)s”. The page “Why?” and “explain --json” name bundles that are.") % {"id": id}
        )
    if row is None and not id and Published.objects.exists():
        raise CannotExplain(
            _("Homeroom had published no bundle yet on %(day)s at %(time)s; ask about a later time.")
            % {"day": f"{at:%Y-%m-%d}", "time": f"{at:%H:%M %Z}"}
        )
    if row is not None and (row.purged_at or row.rules_purged_at):
        raise CannotExplain(
            _(
                "Bundle %(id)s of %(day)s is no longer kept in full, so it cannot answer again. How long bundles are "
                "kept is set by keep_rules_days and keep_bundles_days."
            )
            % {"id": row.bundle, "day": f"{row.at:%Y-%m-%d}"}
        )
    try:
        return bundle_file.open_bundle(environment.home(), row.bundle if row else id or None)
    except bundle_file.BadBundle as trouble:
        raise CannotExplain(str(trouble)) from None


def _who(judged_by: Bundle, person: str) -> Who:
    who = judged_by.roll.person(person, Source.LOGIN) if person else judged_by.roll.stranger
    if person and who.person is None:
        raise CannotExplain(
            _(
                "Nobody had the id “%(person)s” in bundle %(id)s. Look the id up with “homeroom people list”, or leave "
                "the person out to ask for somebody nobody knows."
            )
            % {"person": person, "id": judged_by.id}
        )
    return who
