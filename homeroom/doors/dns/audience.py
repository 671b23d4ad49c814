"""Clients and audiences: who asks, how much they may ask, and who may share an answer.

An *audience* is everybody whom no profile, no standing, no school and no local rule tells
apart: what one of them was answered, the others may be answered. A *client* is one address
(and, over DoH, one claim) with its person and its allowance.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from homeroom.doors.dns.cache import Answer, Cell
from homeroom.doors.dns.refusals import Refusal
from homeroom.kernel.decision.ask import Who
from homeroom.kernel.decision.decision import Decision

MOST_CLIENTS = 50_000
MOST_AUDIENCES = 2_000

Passes = Callable[[Who], bool]
Blocked = Callable[[Who], int]
LookUp = Callable[[Hashable], tuple[Who, tuple[str, ...]]]


class Audience:
    """People who are answered alike, and the answers they were given, by the bytes of the question.

    `passes` says whether they may reach what nobody says anything of; `allowed` is the decision
    about all such names, once it was made, and `cell` its count. `blocked` are the slots of the lists
    whose names they may not reach.
    """

    __slots__ = ("allowed", "blocked", "cell", "old", "passes", "young")

    def __init__(self, *, passes: bool, blocked: int) -> None:
        self.passes, self.blocked = passes, blocked
        self.allowed: Decision | None = None
        self.cell: Cell = []
        self.young: dict[Hashable, Answer | Refusal] = {}
        self.old: dict[Hashable, Answer | Refusal] = {}


class Client:
    """One asker: `left` is what it may still ask in second `second`, `generation` when it was looked up.

    `remarks` are what there is to count whenever it asks, such as a claim that nobody knows.
    """

    __slots__ = ("audience", "generation", "key", "left", "remarks", "second", "who")

    def __init__(
        self, key: Hashable, who: Who, audience: Audience, generation: int, remarks: tuple[str, ...] = ()
    ) -> None:
        self.key, self.who, self.audience, self.generation, self.remarks = key, who, audience, generation, remarks
        self.second, self.left = -1, 0


class Clients:
    """Everybody met since the rules last changed, with a bound on both people and answers."""

    def __init__(self, answers_limit: int) -> None:
        self.met: dict[Hashable, Client] = {}
        self._before: dict[Hashable, Client] = {}
        self._audiences: dict[Hashable, Audience] = {}
        self._mentioned: frozenset[str] = frozenset()
        self._passes: Passes = _nobody
        self._blocked: Blocked = _nothing
        self._limit, self._weight = answers_limit // 2, 0
        self.generation = 0

    def forget(self, mentioned: frozenset[str], passes: Passes, blocked: Blocked) -> None:
        """The rules changed: everybody is looked up again and no answer is believed. Allowances stay."""
        self._before, self.met = self.met, {}
        self._audiences = {}
        self._mentioned, self._passes, self._blocked = mentioned, passes, blocked
        self._weight = 0
        self.generation += 1

    def meet(self, key: Hashable, look_up: LookUp) -> Client:
        """The client of that key; looked up where it is new."""
        client = self.met.get(key)
        if client is None:
            if len(self.met) >= MOST_CLIENTS:
                self._before, self.met = self.met, {}
            who, remarks = look_up(key)
            audience = self._audience(who)
            client = self.met[key] = Client(key, who, audience, self.generation, remarks)
            before = self._before.pop(key, None)
            if before is not None:
                client.second, client.left = before.second, before.left
        return client

    def remember(self, audience: Audience, key: Hashable, answer: Answer | Refusal) -> None:
        """Keep an answer for an audience; all audiences together weigh no more than the limit."""
        self._weight += answer.weight
        if self._weight > self._limit:
            self._weight = 0
            for each in self._audiences.values():
                each.old, each.young = each.young, {}
        audience.young[key] = answer

    def revive(self, audience: Audience, key: Hashable, second: int) -> Answer | Refusal | None:
        """An answer of either generation, its times counted down; None where it must be asked for."""
        answer = audience.young.get(key)
        if answer is None:
            answer = audience.old.pop(key, None)
            if answer is None:
                return None
            self.remember(audience, key, answer)
        return answer if answer.until > second or answer.refresh(second) else None

    def _audience(self, who: Who) -> Audience:
        key = (who.profile, who.closed, who.school, who.scopes & self._mentioned)
        audience = self._audiences.get(key)
        if audience is None:
            if len(self._audiences) >= MOST_AUDIENCES:
                self.forget(self._mentioned, self._passes, self._blocked)
            audience = self._audiences[key] = Audience(passes=self._passes(who), blocked=self._blocked(who))
        return audience


def _nobody(who: Who) -> bool:
    """Before there are rules, nobody passes."""
    return False


def _nothing(who: Who) -> int:
    """Before there are rules, no list is known."""
    return 0
