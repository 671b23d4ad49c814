"""One clause of an adopted text, and the whole text as a tree of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

# Quotes and dashes as different programs write them, and the soft hyphen that some leave behind.
_SHAPES: dict[int, str | None] = {
    **dict.fromkeys(map(ord, "‘’‚‛"), "'"),
    **dict.fromkeys(map(ord, "“”„‟"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–—―"), "-"),
    0xAD: None,
}

_ALTERNATIVE = re.compile(r"VI\.Alt[0-9]+")


@dataclass(slots=True)
class Clause:
    """One numbered place of the text.

    `id` is its place in the outline ("V.A.6.b(1)", "VI.Alt3.D", "XIV.C.4"). `words` are its own
    words without its number, `closing` what stands below its last item and still belongs to it,
    `struck` words that the text shows struck out. Lines count from 1.
    """

    id: str
    title: str = ""
    words: str = ""
    closing: str = ""
    struck: tuple[str, ...] = ()
    first_line: int = 0
    last_line: int = 0
    optional: bool = False
    place: int = 0  # the number that it bears in its row
    items: list[Clause] = field(default_factory=list)

    def __iter__(self) -> Iterator[Clause]:
        """The clause itself and everything below it, in the text's order."""
        yield self
        for item in self.items:
            yield from item

    @property
    def alternative(self) -> bool:
        """Whether it is one of several texts of which a board chooses one."""
        return self.id.rpartition(".")[2].startswith("Alt")

    @property
    def leaf(self) -> bool:
        """Whether nothing is numbered below it."""
        return not self.items


@dataclass(frozen=True, slots=True)
class Note:
    """A drafting note in brackets: not policy text. `after` is the clause it follows, "" before the first."""

    text: str
    after: str
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the text that a person should look at: where, and in a sentence what.

    `words` are the sentence with places for `values`, so that it can be said in another language. Line 0 is the file.
    """

    line: int
    words: str
    values: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What is to be looked at, in English."""
        return self.words % self.values


@dataclass(slots=True)
class PolicyText:
    """A whole adopted text.

    `alternatives` maps an article to the alternatives it offers ("VI" to "VI.Alt1", ...); exactly
    one of them is to be chosen. `unplaced` are lines that found no place, `findings` places to look at.
    """

    title: str = ""
    articles: list[Clause] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    references: list[tuple[int, str]] = field(default_factory=list)
    unplaced: list[tuple[int, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def __iter__(self) -> Iterator[Clause]:
        """Every clause, in the text's order."""
        for article in self.articles:
            yield from article

    def find(self, id: str) -> Clause | None:
        """The clause with that id."""
        return next((clause for clause in self if clause.id == id), None)

    @property
    def alternatives(self) -> dict[str, list[str]]:
        """What each article offers to choose from."""
        offered = {
            article.id: [item.id for item in article.items if item.alternative] for article in self.articles
        }  # fmt: skip
        return {article: ids for article, ids in offered.items() if ids}

    @property
    def chosen_before(self) -> Clause | None:
        """The article on the filter where it offers no alternatives, as in a text whose board chose before writing."""
        found = self.find("VI")
        return found if found and chosen_before((each.id, each.title, each.words) for each in found) else None

    def lead_in(self, id: str) -> str:
        """The words above a clause that its own words complete, from the article down."""
        return " ".join(clause.words for clause in self._above(id) if clause.words)

    def fingerprint(self, id: str) -> str:
        """The fingerprint of a clause's words and its lead-in; raises KeyError."""
        clause = self.find(id)
        if clause is None:
            raise KeyError(id)
        return fingerprint(self.lead_in(id), clause.words, clause.closing)

    def _above(self, id: str) -> list[Clause]:
        path: list[Clause] = []

        def walk(clause: Clause) -> bool:
            if clause.id == id:
                return True
            path.append(clause)
            if any(walk(item) for item in clause.items):
                return True
            path.pop()
            return False

        any(walk(article) for article in self.articles)
        return path


def chosen_before(clauses: Iterable[tuple[str, str, str]]) -> bool:
    """VI.note1.c: whether Article VI is on the filter and offers no alternatives; of its clauses (id, title, words).

    >>> [chosen_before([("VI", "The Filter", ""), (id, "", "Nothing obscene.")]) for id in ("VI.A", "VI.Alt3")]
    [True, False]
    """
    article = list(clauses)
    if any(_ALTERNATIVE.fullmatch(id) for id, _, _ in article):
        return False
    titles = [title for id, title, _ in article if id == "VI"]
    return any("filter" in title.casefold() for title in titles) or any(
        "obscen" in words.casefold() for *_, words in article
    )


def fingerprint(lead_in: str, words: str, closing: str) -> str:
    """16 hex digits over a clause's words and its lead-in; only what `bare` leaves counts.

    >>> fingerprint("Users shall not:", "shout", "") == fingerprint("Users shall  not:", "Shout", "")
    True
    """
    return hashlib.sha256(bare(" ".join((lead_in, words, closing))).encode()).hexdigest()[:16]


def bare(words: str) -> str:
    """Words without what a program may change by itself: whitespace, case, the shape of quotes and dashes.

    >>> bare("The  “school” – its  OWN") == 'the "school" - its own'
    True
    """
    return " ".join(words.translate(_SHAPES).split()).casefold()
