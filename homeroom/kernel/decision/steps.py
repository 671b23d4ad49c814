"""The order of judgement of Article VI, step by step; the first step that answers decides.

canary             a name by which devices ask whether this network filters
statutory          what federal and state law demand be blocked: locked, nothing below opens it
standing           the person may not use the network at the moment
local_block        a local rule that blocks
district_category  a category the district chose to block, unless a local rule allows the name
safe_search        search engines and video sites answer in their locked form
local_allow        a local rule that allows
otherwise          nothing speaks against it, or the profile allows only what is named
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from homeroom.kernel.decision import reasons
from homeroom.kernel.decision.ask import Ask
from homeroom.kernel.decision.bundle import Bundle, Listing, kind_of
from homeroom.kernel.decision.decision import Allow, Block, Cited, Decision, Kind, Rewrite
from homeroom.kernel.decision.overlay import Rule
from homeroom.kernel.decision.policy import Profile
from homeroom.kernel.lists.names import suffixes


@dataclass(slots=True)
class Case:
    """One request before the steps: the question, what it is judged by, and what the lists say of it.

    `hits` are the slots that list the host, the URL or anything it leads to, after corrections;
    `step` is the name of the step that looks at it.
    """

    ask: Ask
    bundle: Bundle
    at: datetime
    profile: Profile = field(init=False)
    rule: Rule | None = field(init=False)
    hits: int = field(init=False, default=0)
    step: str = ""

    def __post_init__(self) -> None:
        ask, bundle = self.ask, self.bundle
        self.profile = bundle.policy.profile(ask.who.profile)
        self.rule = bundle.overlay.spoken(ask.who, ask.host, ask.path, self.at)
        self.hits = self._mask(ask.host, ask.path)
        for name in ask.via:
            self.hits |= self._mask(name, "")

    def _mask(self, host: str, path: str) -> int:
        mask = self.bundle.table.mask(host, path, self.ask.qtype)
        if mask and (corrections := tuple(self.bundle.overlay.corrections(host, path, self.at))):
            left = 0
            for listing in self._uncorrected(host, path, corrections):
                left |= 1 << listing.slot
            mask &= left
        return mask

    def _uncorrected(self, host: str, path: str, corrections: Sequence[Rule]) -> Iterator[Listing]:
        """VI.Alt3.C: the lines about a name or URL that stand beside the corrections of it."""
        for listing in self.bundle.table.listings(host, path, self.ask.qtype):
            category = self.category(listing)
            if not any(rule.corrects_in(category, listing.pattern) for rule in corrections):
                yield listing

    def listed(self, mask: int) -> tuple[str, Listing] | None:
        """The first line behind any slot of a mask, with the name it lists; None for a chance hit of the table."""
        ask = self.ask
        for name, path in ((ask.host, ask.path), *((name, "") for name in ask.via)):
            allowed = mask & (self._mask(name, path) if ask.via else self.hits)
            if allowed:
                corrections = tuple(self.bundle.overlay.corrections(name, path, self.at))
                for listing in self._uncorrected(name, path, corrections):
                    if allowed >> listing.slot & 1:
                        return name, listing
        return None

    def corrected(self) -> tuple[Rule, Listing] | None:
        """The first correction that takes a line about the host, the URL or what it leads to, with that line."""
        ask = self.ask
        for name, path in ((ask.host, ask.path), *((name, "") for name in ask.via)):
            corrections = tuple(self.bundle.overlay.corrections(name, path, self.at))
            for listing in self.bundle.table.listings(name, path, ask.qtype) if corrections else ():
                for rule in corrections:
                    if rule.corrects_in(self.category(listing), listing.pattern):
                        return rule, listing
        return None

    def category(self, listing: Listing) -> str:
        """The category a line belongs to."""
        return self.bundle.table.slots[listing.slot].category

    def cite(self, listing: Listing) -> Cited:
        """A line of a list as a decision cites it."""
        slot = self.bundle.table.slots[listing.slot]
        return Cited(list=slot.list, version=slot.version, line=listing.line, text=listing.text)

    def title(self, category: str) -> str:
        """A category as people know it."""
        known = self.bundle.policy.categories.get(category)
        return known.title if known else category

    def common(self) -> dict[str, Any]:
        """What every decision about this case says."""
        return {
            "person": self.ask.who.person, "profile": self.profile.id, "bundle": self.bundle.id, "at": self.at,
            "step": self.step,
        }  # fmt: skip


def canary(case: Case) -> Decision | None:
    """V.A.4d: devices that ask whether this network filters are told so, and stay with it."""
    if case.ask.host not in case.bundle.policy.canaries:
        return None
    reason = f"{case.ask.host} is the name by which devices ask whether this network filters; it does."
    return Block(kind=Kind.SAFETY, clause="V.A.4d", category="canary", reason=reason, **case.common())


def statutory(case: Case) -> Decision | None:
    """VI: material that the law demands be blocked for this audience; no rule, grant or exception opens it."""
    for mask, block in case.bundle.legal(case.profile):
        found = case.listed(case.hits & mask) if case.hits & mask else None
        if found:
            name, listing = found
            category = case.category(listing)
            who = "The law requires" if block.kind is Kind.STATUTORY else "The adopted policy requires"
            what = _what(name, listing)
            reason = f"{who} this block: {what} is listed as “{case.title(category)}”{_led_to(case, name)}."
            return Block(
                kind=block.kind, clause=block.clause, category=category, reason=reason,
                rule=case.cite(listing), **case.common(),
            )  # fmt: skip
    return None


def standing(case: Case) -> Decision | None:
    """IX.B: nobody without standing uses the network, save to reach what is needed to gain it."""
    closed = case.ask.who.closed
    if not closed or any(suffix in case.bundle.policy.essentials for suffix in suffixes(case.ask.host)):
        return None
    clause = closed[0][0]
    reason = " ".join(reasons.sentence(code) for _, code in closed)
    return Block(
        kind=Kind.STANDING, clause=clause, category="standing", reason=reason, missing=closed, **case.common()
    )  # fmt: skip


def local_block(case: Case) -> Decision | None:
    """III.2: a rule that somebody of the district made and signed blocks this name."""
    rule = case.rule
    if rule is None or rule.effect != "block":
        return None
    reason = f"A local rule blocks {rule.host}{rule.path}: {_ended(rule.reason)}"
    return Block(
        kind=Kind.DISTRICT, clause="III.2", category="local-rule", reason=reason, rule=_cite_rule(case, rule),
        asked_by_self=rule.asked_by_self, **case.common(),
    )  # fmt: skip


def district_category(case: Case) -> Decision | None:
    """III.2: a category that the district chose to block for this audience, unless a local rule allows the name.

    V.A.4: what guards the network itself only the technology director may open, not a teacher for a class.
    """
    mask = case.hits & case.bundle.chosen(case.profile)
    if _allowed(case):
        mask &= case.bundle.guarding if case.rule and case.rule.limited else 0
    found = case.listed(mask) if mask else None
    if found is None:
        return None
    name, listing = found
    category = case.category(listing)
    known = case.bundle.policy.categories.get(category)
    reason = (
        f"The district chose to block “{case.title(category)}” for “{case.profile.title}”; "
        f"{_what(name, listing)} is listed there{_led_to(case, name)}."
    )
    if _allowed(case):
        reason += " A local rule allows the name, but only the technology director can open this category."
    return Block(
        kind=kind_of(case.bundle.policy, category), clause=known.clause if known else "III.2",
        category=category, reason=reason, rule=case.cite(listing), **case.common(),
    )  # fmt: skip


def safe_search(case: Case) -> Decision | None:
    """VI: search engines and video sites answer in their locked form where the profile says so."""
    policy, host = case.bundle.policy, case.ask.host
    target = policy.youtube.get(case.profile.youtube, {}).get(host)
    if target is None and case.profile.safe_search:
        target = policy.safe_search.get(host)
    if target is None:
        return None
    reason = f"{host} answers in its locked, safe form for “{case.profile.title}”: {target}."
    return Rewrite(
        kind=Kind.SAFETY, clause="III.2", category="safe-search", reason=reason, target=target, **case.common()
    )


def local_allow(case: Case) -> Decision | None:
    """III.2: a rule that somebody of the district made and signed allows this name."""
    rule = case.rule
    if rule is None or not _allowed(case):
        return None
    reason = f"A local rule allows {rule.host}{rule.path}: {_ended(rule.reason)}"
    return Allow(
        kind=Kind.DISTRICT, clause="III.2", category="local-rule", reason=reason, rule=_cite_rule(case, rule),
        **case.common(),
    )  # fmt: skip


def otherwise(case: Case) -> Decision:
    """III.1: nothing speaks against it; or this profile opens only what is named."""
    if case.profile.otherwise == "block":
        reason = f"“{case.profile.title}” opens only what is named in a local rule, and {case.ask.host} is not."
        return Block(kind=Kind.DISTRICT, clause="III.1", category="not-named", reason=reason, **case.common())
    reason = f"No list and no rule blocks {case.ask.host} for “{case.profile.title}”."
    found = case.corrected()
    if found is None:
        return Allow(kind=Kind.DISTRICT, clause="III.1", category="", reason=reason, **case.common())
    rule, listing = found
    title = case.title(case.category(listing))
    reason += f" {listing.pattern} is listed as “{title}”, but that listing is corrected: {_ended(rule.reason)}"
    return Allow(
        kind=Kind.DISTRICT, clause="III.2", category="list-correction", reason=reason, rule=_cite_rule(case, rule),
        **case.common(),
    )  # fmt: skip


Step = Callable[[Case], Decision | None]

STEPS: tuple[Step, ...] = (
    canary,
    statutory,
    standing,
    local_block,
    district_category,
    safe_search,
    local_allow,
    otherwise,
)


def _allowed(case: Case) -> bool:
    return case.rule is not None and case.rule.effect == "allow"


def _what(name: str, listing: Listing) -> str:
    """What a list names: the page, where the line is about one page of a site."""
    return listing.pattern if listing.pattern.startswith(f"{name}/") else name


def _led_to(case: Case, name: str) -> str:
    return "" if name == case.ask.host else f", and {case.ask.host} leads there"


def _cite_rule(case: Case, rule: Rule) -> Cited:
    text = f"{rule.effect} {rule.host}{rule.path} for {rule.scope}"
    return Cited(list=f"local rule {rule.id}", version=case.bundle.overlay.version, line=0, text=text)


def _ended(reason: str) -> str:
    """Somebody's reason as the end of a sentence; people write it with a full stop or without."""
    said = reason.strip() or "no reason was given"
    return said if said[-1] in ".!?…" else f"{said}."
