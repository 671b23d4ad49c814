"""VI.Alt1.2, VI.Alt2.C, VI.Alt3.C: are opposing views treated alike? Pure: a bundle and controls in, findings out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from homeroom.kernel.decision.bundle import Bundle, Listing, Slot
from homeroom.kernel.lists.entry import Entry, How
from homeroom.kernel.lists.names import suffixes

ASYMMETRY, HIT = "asymmetry", "hit"
Asked = tuple[str, str]  # host, path


@dataclass(frozen=True, slots=True)
class Control:
    """A pair of sites of opposing views on one topic, or (`counterpart` "") a name that must not be blocked."""

    topic: str
    host: str
    counterpart: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One listing that a lawful filter would not hold.

    `profiles` are those for which it blocks as things are; the correction it asks for is `host` + `path`
    in `category`. `corrected` when such a correction is in force already.
    """

    kind: str
    topic: str
    host: str
    path: str
    counterpart: str
    category: str
    slot: Slot
    listing: Listing
    profiles: tuple[str, ...]
    corrected: bool

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What makes it the same finding in another report: host, path, category, list."""
        return self.host, self.path, self.category, self.slot.list

    @property
    def counts(self) -> bool:
        """Whether somebody is blocked by it now."""
        return bool(self.profiles) and not self.corrected


def look(bundle: Bundle, controls: Iterable[Control], urls: Iterable[str], at: datetime) -> list[Found]:
    """Hold every control against the lists of a bundle.

    `urls` are the "host/path" patterns of lists that lie under a control's host (see `touches`): a pair is
    also treated unequally where only a page of one side is listed.
    """
    pages: dict[str, list[str]] = {}
    for url in urls:
        host, _, path = url.partition("/")
        pages.setdefault(host.removeprefix("www."), []).append(f"/{path}")
    found: dict[tuple[str, ...], Found] = {}
    for control in controls:
        for each in _about(bundle, control, pages, at):
            found.setdefault((each.kind, each.counterpart, *each.key), each)
    return list(found.values())


def hosts(controls: Iterable[Control]) -> frozenset[str]:
    """Every host that the controls speak of."""
    return frozenset(host for each in controls for host in (each.host, each.counterpart) if host)


def _about(bundle: Bundle, control: Control, pages: dict[str, list[str]], at: datetime) -> Iterator[Found]:
    sides = ((control.host, control.counterpart), (control.counterpart, control.host))
    for host, other in sides if control.counterpart else sides[:1]:
        spared = _listed(bundle, other, pages) if other else {}
        for (path, category), (slot, listing) in _listed(bundle, host, pages).items():
            if any(theirs == category for _, theirs in spared):
                continue
            yield Found(
                kind=ASYMMETRY if other else HIT, topic=control.topic, host=host, path=path, counterpart=other,
                category=category, slot=slot, listing=listing, profiles=_blocked_for(bundle, listing),
                corrected=_corrected(bundle, host, path, category, listing, at),
            )  # fmt: skip


def _listed(bundle: Bundle, host: str, pages: dict[str, list[str]]) -> dict[tuple[str, str], tuple[Slot, Listing]]:
    """What lists say of a host and of its listed pages: (path, category) to the line."""
    found: dict[tuple[str, str], tuple[Slot, Listing]] = {}
    for path in ("", *pages.get(host, ())):
        mask = bundle.table.mask(host, path)
        for listing in bundle.table.listings(host, path) if mask else ():
            slot = bundle.table.slots[listing.slot]
            known = ("", slot.category) in found
            if mask >> listing.slot & 1 and not known:
                found.setdefault((path, slot.category), (slot, listing))
    return found


def _blocked_for(bundle: Bundle, listing: Listing) -> tuple[str, ...]:
    bit = 1 << listing.slot
    return tuple(
        profile.id
        for profile in bundle.policy.profiles.values()
        if bundle.chosen(profile) & bit or any(mask & bit for mask, _ in bundle.legal(profile))
    )


def _corrected(bundle: Bundle, host: str, path: str, category: str, listing: Listing, at: datetime) -> bool:
    rules = bundle.overlay.corrections(host, path, at)
    return any(rule.corrects_in(category, listing.pattern) for rule in rules)


class Sieve:
    """Finds, among millions of entries, the few that may speak about the hosts of controls."""

    def __init__(self, controlled: Iterable[str]) -> None:
        self.hosts = frozenset(controlled)
        self._names = {name for host in self.hosts for name in (f"www.{host}", *suffixes(host))}

    def takes(self, entry: Entry) -> bool:
        """Whether an entry may match one of the hosts or a page of it; expressions always may."""
        if entry.how is How.REGEX:
            return True
        if entry.how is How.NET:
            return False
        name = entry.pattern.partition("/")[0] if entry.how is How.URL else entry.pattern
        return name in self._names

    def page(self, entry: Entry) -> bool:
        """Whether an entry is a page ("host/path") under one of the hosts, to be asked about as well."""
        return entry.how is How.URL and entry.pattern.partition("/")[0].removeprefix("www.") in self.hosts

    def pages(self, entries: Iterable[Entry]) -> list[str]:
        """Those patterns among entries."""
        return [entry.pattern for entry in entries if self.page(entry)]
