"""VI: which categories a profile is refused, asked of `decide` itself: once for each category and profile.

A name's lists decide only through the categories of its slots. So one made-up name in each category, asked
for each profile, tells all that a table can say. Names with exceptions or conditions, names of which a local
rule speaks and people whom anything narrower than their profile concerns are left to the embedded door.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from homeroom.kernel.decision.ask import Ask, Who
from homeroom.kernel.decision.bundle import Bundle, Listing, Slot
from homeroom.kernel.decision.decide import decide
from homeroom.kernel.decision.decision import Block
from homeroom.kernel.decision.overlay import Overlay

MOST = 62  # categories in one machine word; the two bits above say "ask the door"
PROBE = "listed.invalid"


class Listed:
    """A table that lists every name once in each of some slots."""

    def __init__(self, slots: Sequence[Slot], listed: Sequence[int]) -> None:
        self.slots, self._listed = slots, listed

    def mask(self, host: str, path: str = "", qtype: str = "") -> int:
        """The slots, whatever the name."""
        return sum(1 << slot for slot in set(self._listed))

    def listings(self, host: str, path: str = "", qtype: str = "") -> Sequence[Listing]:
        """The lines that say so."""
        return [Listing(slot, 0, host, host) for slot in self._listed]

    def plain(self, host: str) -> int:
        """The slots, whatever the name."""
        return self.mask(host)

    def first_line(self, host: str, slots: int) -> tuple[int, int] | None:
        """Never needed: the lines themselves are at hand."""
        return None


@dataclass(frozen=True, slots=True)
class Classes:
    """The categories of a bundle as bits, and what each profile is told of a name in one of them.

    `bit_of` is per slot, -1 for a slot that no profile is refused. `said` maps (profile, bit) to the refusal.
    `passes` are the profiles that may reach whatever nobody lists.
    """

    profiles: tuple[str, ...]
    categories: tuple[str, ...]
    bit_of: tuple[int, ...]
    said: dict[tuple[int, int], Block]
    passes: frozenset[int]

    def refused(self, profile: int) -> int:
        """The bits of all categories that a profile is refused."""
        return sum(1 << bit for each, bit in self.said if each == profile)


def classes(bundle: Bundle, at: datetime) -> Classes:
    """Ask `decide` for each profile and category of the bundle."""
    profiles = tuple(sorted(bundle.policy.profiles))
    first: dict[str, int] = {}
    for number, slot in enumerate(bundle.table.slots):
        first.setdefault(slot.category, number)
    asked = {category: list(_asked(bundle, profiles, (slot,), at)) for category, slot in first.items()}
    refused = [category for category, said in asked.items() if any(said)][:MOST]
    bits = {category: bit for bit, category in enumerate(refused)}
    said = {
        (profile, bits[category]): block
        for category in refused
        for profile, block in enumerate(asked[category])
        if block is not None
    }
    return Classes(
        profiles=profiles,
        categories=tuple(refused),
        bit_of=tuple(bits.get(slot.category, MOST if any(asked[slot.category]) else -1) for slot in bundle.table.slots),
        said=said,
        passes=frozenset(
            number for number, name in enumerate(profiles) if bundle.policy.profiles[name].otherwise == "allow"
        ),
    )


def deciding(bundle: Bundle, said: Classes, listed: Sequence[int], at: datetime) -> list[int]:
    """Of a name with lines in several slots: for each profile the bit of the category that decides, -1 for none.

    -1 also where `decide` has something to say that it says of no name in one category alone.
    """
    found = []
    for profile, block in enumerate(_asked(bundle, said.profiles, listed, at)):
        bit = said.categories.index(block.category) if block and block.category in said.categories else -1
        alone = said.said.get((profile, bit))
        same = alone and block and (alone.kind, alone.clause) == (block.kind, block.clause)
        found.append(bit if same else -1)
    return found


def _asked(bundle: Bundle, profiles: Sequence[str], listed: Sequence[int], at: datetime) -> Iterator[Block | None]:
    alone = Bundle(
        id=bundle.id, table=Listed(bundle.table.slots, listed), policy=bundle.policy, overlay=Overlay(),
        roll=bundle.roll,
    )  # fmt: skip
    for profile in profiles:
        decision = decide(Ask(Who(person=None, profile=profile), PROBE), alone, at)
        yield decision if isinstance(decision, Block) else None
