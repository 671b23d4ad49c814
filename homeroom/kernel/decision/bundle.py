"""A bundle: one consistent set of lists, policy, local rules and people, with a name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Protocol

from homeroom.kernel.decision.decision import Kind
from homeroom.kernel.decision.overlay import Overlay
from homeroom.kernel.decision.policy import LegalBlock, Policy, Profile
from homeroom.kernel.decision.roll import Leased, Roll

GUARDING = frozenset({"V.A.4b", "V.A.4d"})  # harm to the network, and ways around its filter


@dataclass(frozen=True, slots=True)
class Slot:
    """One bit of a mask: what one version of one list says about one category."""

    list: str
    version: str
    category: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One line of a list that speaks about a name: `slot` is its bit, `pattern` what it matches."""

    slot: int
    line: int
    text: str
    pattern: str


class Table(Protocol):
    """Millions of names to a mask of slots; `kernel.lists.table` is the real one."""

    slots: Sequence[Slot]

    def mask(self, host: str, path: str = "", qtype: str = "") -> int:
        """The slots that list this host (a canonical name or an address literal) or URL; 0 for none."""

    def listings(self, host: str, path: str = "", qtype: str = "") -> Sequence[Listing]:
        """The lines behind `mask`, for records and explanations."""

    def plain(self, host: str) -> int:
        """`mask` of a host where slots alone tell it, or -1 where the lines themselves must be asked."""

    def first_line(self, host: str, slots: int) -> tuple[int, int] | None:
        """Slot and line of the first of `listings` behind any of these slots, where `plain` knew them; else None."""


class EmptyTable:
    """No lists at all: what a fresh installation serves before its first build."""

    slots: Sequence[Slot] = ()

    def mask(self, host: str, path: str = "", qtype: str = "") -> int:
        """Nothing is listed."""
        return 0

    def listings(self, host: str, path: str = "", qtype: str = "") -> Sequence[Listing]:
        """Nothing is listed."""
        return ()

    def plain(self, host: str) -> int:
        """Nothing is listed."""
        return 0

    def first_line(self, host: str, slots: int) -> tuple[int, int] | None:
        """Nothing is listed."""
        return None


class Bundle:
    """What `decide` judges by. Immutable; a change is a new bundle.

    `id` is the name of the manifest that holds the parts together.
    """

    def __init__(self, *, id: str, table: Table, policy: Policy, overlay: Overlay, roll: Roll) -> None:
        self.id, self.table, self.policy, self.overlay, self.roll = id, table, policy, overlay, roll
        self._slots_of: dict[str, int] = {}
        for bit, slot in enumerate(table.slots):
            self._slots_of[slot.category] = self._slots_of.get(slot.category, 0) | (1 << bit)
        self._legal = {key: tuple(self._legal_masks(profile)) for key, profile in policy.profiles.items()}
        self.guarding = 0  # the slots of the categories that guard the network itself
        for category in policy.categories.values():
            if category.clause in GUARDING:
                self.guarding |= self.slots_of(category.id)
        self._chosen = {key: self._chosen_mask(profile) for key, profile in policy.profiles.items()}

    def with_leased(self, leased: Leased) -> Bundle:
        """The same bundle while other people are behind the addresses."""
        other = copy(self)
        other.roll = self.roll.with_leased(leased)
        return other

    def legal(self, profile: Profile) -> tuple[tuple[int, LegalBlock], ...]:
        """What Article VI blocks for a profile, as (mask of slots, legal block), in the profile's order."""
        return self._legal[profile.id]

    def chosen(self, profile: Profile) -> int:
        """The slots of the categories that the district blocks for a profile."""
        return self._chosen[profile.id]

    def slots_of(self, category: str) -> int:
        """The mask of all slots that feed a category."""
        return self._slots_of.get(category, 0)

    def _legal_masks(self, profile: Profile) -> Iterator[tuple[int, LegalBlock]]:
        for block in profile.legal:
            mask = 0
            for category in self.policy.categories.values():
                if block.material in category.legal:
                    mask |= self.slots_of(category.id)
            if mask:
                yield mask, block

    def _chosen_mask(self, profile: Profile) -> int:
        mask = 0
        for category in profile.blocked:
            mask |= self.slots_of(category)
        return mask


def kind_of(policy: Policy, category: str) -> Kind:
    """Who stands behind a block of this category when a profile chose it."""
    known = policy.categories.get(category)
    return known.kind if known else Kind.DISTRICT
