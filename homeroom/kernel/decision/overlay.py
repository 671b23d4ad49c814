"""The overlay: local rules, grants and list corrections, small enough to change in a second."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from homeroom.kernel.decision.ask import EVERYONE, Who
from homeroom.kernel.lists.names import is_address, suffixes

NARROWEST_FIRST = ("person", "class", "role", "school", EVERYONE)


@dataclass(frozen=True, slots=True)
class Rule:
    """A local rule, grant or list correction: the overlay's only kind of row.

    Effects: "block", "allow", "correct" (a list entry proved wrong: the named categories,
    or all of them, no longer count for this host; see `corrects` for which lines those are).
    Anchored at labels, never "contains": `host` covers itself and, unless `exact`, its
    subdomains; `path` narrows to URLs that begin with it. In force from `starts` until `until`
    (None: open end). `limited` is an allow by somebody other than the technology director: it opens no
    category that guards the network itself (V.A.4).
    """

    id: str
    effect: str
    host: str
    scope: str = EVERYONE
    path: str = ""
    exact: bool = False
    categories: frozenset[str] = frozenset()
    owner: str = ""
    reason: str = ""
    review: str = ""
    starts: datetime | None = None
    until: datetime | None = None
    asked_by_self: bool = False
    limited: bool = False

    def in_force(self, at: datetime) -> bool:
        """Whether this row counts at that instant: its start included, its end not."""
        return (self.starts is None or self.starts <= at) and (self.until is None or at < self.until)

    def covers(self, host: str, path: str) -> bool:
        """Whether this row speaks about that host and path; called with a listed suffix of the host."""
        if self.exact and host != self.host:
            return False
        return not self.path or path_begins(path, self.path)

    def corrects_in(self, category: str, pattern: str) -> bool:
        """Whether this correction speaks of a line of that pattern that a list has under that category."""
        return (not self.categories or category in self.categories) and self.corrects(pattern)

    def corrects(self, pattern: str) -> bool:
        """Whether a list's line of that pattern is one that this correction speaks of.

        Those are the lines about its own name (with or without "www.") or page, and about what lies above. A
        line about a name or page below was listed for itself, so it needs a correction of its own: to
        correct a hoster must not open everything that it hosts.

        >>> row = Rule("1", "correct", "blogs.test")
        >>> [row.corrects(each) for each in ("blogs.test", "www.blogs.test", "x.blogs.test", "blogs.test/x")]
        [True, True, False, False]
        """
        name, slash, page = pattern.partition("/")
        if slash and not (is_address(name) and page.isdigit()) and _site(name) == _site(self.host):
            return path_begins(self.path, f"/{page}")
        return _site(name) == _site(self.host) or not name.endswith(f".{self.host}")

    def as_json(self) -> dict[str, object]:
        """The row as the overlay file holds it; `rule_from_json` is its inverse."""
        return {
            "id": self.id, "effect": self.effect, "host": self.host, "scope": self.scope,
            "path": self.path, "exact": self.exact, "categories": sorted(self.categories),
            "owner": self.owner, "reason": self.reason, "review": self.review,
            "starts": self.starts.isoformat() if self.starts else None,
            "until": self.until.isoformat() if self.until else None,
            "asked_by_self": self.asked_by_self, "limited": self.limited,
        }  # fmt: skip


def rule_from_json(row: Mapping[str, object]) -> Rule:
    """Read one overlay row; raises KeyError, TypeError or ValueError on a damaged one."""
    values = dict(row)
    values["categories"] = frozenset(values.get("categories") or ())  # type: ignore[call-overload]
    for moment in ("starts", "until"):
        text = values.get(moment)
        values[moment] = datetime.fromisoformat(str(text)) if text else None
    return Rule(**values)  # type: ignore[arg-type]


def path_begins(path: str, prefix: str) -> bool:
    """Whether a path lies under a prefix, at a segment's edge.

    >>> path_begins("/games/chess?x=1", "/games"), path_begins("/gamesroom", "/games")
    (True, False)
    """
    if not path.startswith(prefix):
        return False
    return prefix.endswith("/") or len(path) == len(prefix) or path[len(prefix)] in "/?#;&"


class Overlay:
    """All rows of one overlay, found by name.

    `version` names the overlay's content; `mentioned` is the set of scopes that any row
    speaks of, so that a door may share answers between people whom no row tells apart.
    """

    def __init__(self, rules: Iterable[Rule] = (), version: str = "") -> None:
        self.version = version
        self.rules = tuple(rules)
        self.mentioned = frozenset(rule.scope for rule in self.rules)
        self._by_host: dict[str, list[Rule]] = {}
        self._corrections: dict[str, list[Rule]] = {}
        for rule in self.rules:
            index = self._corrections if rule.effect == "correct" else self._by_host
            index.setdefault(rule.host, []).append(rule)

    def corrections(self, host: str, path: str, at: datetime) -> Iterator[Rule]:
        """The list corrections that speak about this host and path now."""
        return self._speaking(self._corrections, host, path, at)

    def spoken(self, who: Who, host: str, path: str, at: datetime) -> Rule | None:
        """The one local rule that counts: narrowest scope, then longest name, then longest path.

        Where two are equally narrow a block outweighs an allow, so that no door is opened by a tie.
        """
        reaching = [rule for rule in self._speaking(self._by_host, host, path, at) if rule.scope in who.scopes]
        return min(reaching, key=_narrowness) if reaching else None

    def next_change(self, at: datetime, effect: str = "") -> datetime | None:
        """The next moment at which any row (of that effect) starts or ends, for doors that remember answers."""
        rules = (rule for rule in self.rules if effect in ("", rule.effect))
        moments = (moment for rule in rules for moment in (rule.starts, rule.until))
        return min((moment for moment in moments if moment and moment > at), default=None)

    def _speaking(self, index: dict[str, list[Rule]], host: str, path: str, at: datetime) -> Iterator[Rule]:
        if not index:
            return
        for suffix in suffixes(host):
            for rule in index.get(suffix, ()):
                if rule.covers(host, path) and rule.in_force(at):
                    yield rule


def _site(name: str) -> str:
    return name.removeprefix("www.")


def _narrowness(rule: Rule) -> tuple[int, int, int, int, str]:
    scope = NARROWEST_FIRST.index(rule.scope.partition(":")[0])
    return scope, -len(rule.host), -len(rule.path), rule.effect != "block", rule.id
