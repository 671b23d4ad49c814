"""From the lines of an adopted policy to its tree of clauses; what finds no place is said, never guessed in silence."""

from __future__ import annotations

import re
from collections.abc import Iterable

from homeroom.kernel.policytext import findings, outline
from homeroom.kernel.policytext.clauses import Clause, Finding, Note, PolicyText
from homeroom.kernel.policytext.outline import Level, Mark

_STRUCK = re.compile(r"~~(.+?)~~", re.DOTALL)
_EMPHASIS = re.compile(r"\*+([^\s*](?:[^*]*[^\s*])?)\*+")
_OFFERS = re.compile(r"\badd\b.{0,20}\bone or more\b", re.IGNORECASE | re.DOTALL)
_ENDS = (".", ";", ":", "?", "!", ")", "”", '"', ";and", "; or", "; and", "or")
_BREAK = re.compile(r"^\s*(?:524-\d+|Page \d+(?: of \d+)?|-?\s*\d{1,3}\s*-?)\s*$", re.IGNORECASE)


def read_policy(lines: Iterable[str]) -> PolicyText:
    """Read a whole text. Never raises for any lines; what is odd stands in `unplaced` and `findings`."""
    reader = _Reader()
    for number, line in enumerate(lines, start=1):
        reader.line(number, line.rstrip())
    return reader.finish()


class _Reader:
    """Where in the text we are: the open clauses from article down, and an open note."""

    def __init__(self) -> None:
        self.text = PolicyText()
        self.open: list[tuple[Level, Clause]] = []
        self.note: list[str] = []
        self.note_line = 0
        self.blank = True
        self.references = False
        self.offered = False
        self.last_note: tuple[int, int] | None = None
        self.lines_of: dict[str, int] = {}
        self.twice: set[str] = set()
        self.loose: list[tuple[int, Clause, str]] = []
        self.closes: Clause | None = None  # whose closing words are being read

    def line(self, number: int, line: str) -> None:
        if self.note or line.lstrip().startswith("["):
            self._in_note(number, line)
        elif not line.strip() or _BREAK.match(line):
            self.blank = True
        elif self.references or (first := outline.references(line)) is not None:
            self._reference(number, line if self.references else first or "")
        else:
            self._text(number, line)
            self.blank = False

    def finish(self) -> PolicyText:
        if self.note:
            self.text.findings.append(Finding(self.note_line, findings.UNCLOSED))
            self._close_note(self.note_line + len(self.note))
        for clause in self.text:
            clause.words, clause.struck = _unstruck(clause.words)
        return self.text

    # Notes

    def _in_note(self, number: int, line: str) -> None:
        if not self.note:
            self.note_line = number
        self.note.append(line.strip())
        joined = " ".join(self.note)
        if joined.count("]") >= joined.count("["):
            self._close_note(number)

    def _close_note(self, number: int) -> None:
        words = " ".join(part for part in self.note if part).strip("[] ")
        after = self.open[-1][1].id if self.open else ""
        self.text.notes.append(Note(words, after, self.note_line, number))
        self.offered = bool(_OFFERS.search(words))
        self.note, self.loose = [], []

    def _loose_note(self, number: int) -> None:
        """A bracket closes that never opened: the paragraphs since the last note were its words."""
        first = self.loose[0][0]
        for _, clause, words in reversed(self.loose):
            clause.words = clause.words.removesuffix(words).rstrip()
            clause.closing = clause.closing.removesuffix(words).rstrip()
        words = " ".join(words for _, _, words in self.loose).rstrip("] ")
        self.text.notes.append(Note(words, self.open[-1][1].id, first, number))
        self.text.findings.append(Finding(number, findings.UNOPENED))
        self.loose = []

    # Clauses

    def _text(self, number: int, line: str) -> None:
        mark = outline.mark(line)
        if mark and (self.open or mark.level is Level.ARTICLE):
            self._clause(number, mark)
        elif not self.text.articles and not self.text.title and outline.is_title(line):
            self.text.title = line.strip(" #*")
        elif not self.open and self.text.title and not self.blank and outline.in_capitals(line):
            self.text.title = f"{self.text.title} {line.strip(' #*')}"
        elif self.open:
            self._words(number, line.strip())
        else:
            self.text.unplaced.append((number, line))

    def _clause(self, number: int, mark: Mark) -> None:
        while self.open and self.open[-1][0] >= mark.level:
            self.open.pop()
        parent = self.open[-1][1] if self.open else None
        siblings = parent.items if parent else self.text.articles
        clause = Clause(_id(parent, mark), first_line=number, last_line=number, place=mark.place)
        clause.optional = self.offered or bool(mark.place > 1 and siblings and siblings[-1].optional)
        if mark.level is Level.ARTICLE:
            clause.title = mark.words
        else:
            clause.words = mark.words
        self._check_order(number, clause, parent, siblings)
        siblings.append(clause)
        self.open.append((mark.level, clause))
        self.offered, self.loose, self.closes = False, [], None

    def _check_order(self, number: int, clause: Clause, parent: Clause | None, siblings: list[Clause]) -> None:
        """What stands twice, and where a row leaves out a number: said once, since the row goes on from there."""
        earlier = self.lines_of.setdefault(clause.id, number)
        if earlier != number:
            if parent is None or parent.id not in self.twice:  # what stands below it comes along
                self.text.findings.append(Finding(number, findings.TWICE, {"id": clause.id, "line": earlier}))
            self.twice.add(clause.id)
            return
        kin = [each for each in siblings if each.alternative == clause.alternative]
        expected = kin[-1].place + 1 if kin else 1
        if clause.place != expected:
            values: dict[str, str | int] = {"id": clause.id, "place": clause.place, "expected": expected}
            self.text.findings.append(Finding(number, findings.OUT_OF_ROW, values))

    def _words(self, number: int, words: str) -> None:
        level, clause = self.open[-1]
        clause.last_line = number
        if words.endswith("]") and "[" not in words and self.text.notes:
            self.loose.append((number, clause, words))
            self._loose_note(number)
        elif level is Level.ARTICLE and not (clause.words or self.blank) and outline.in_capitals(words):
            clause.title = f"{clause.title} {words.strip(' *')}"
        elif level <= Level.ALTERNATIVE and not clause.items:
            clause.words = f"{clause.words} {words}".strip()
            self.loose.append((number, clause, words))
        elif self.closes is None and (not self.blank or _goes_on(clause.words, words)):
            clause.words = f"{clause.words} {words}"
        else:
            self._closing(number, words)

    def _closing(self, number: int, words: str) -> None:
        """A paragraph below a list, and what follows it, belongs to what the list hangs on."""
        owner = self.closes = self.open[-2][1] if len(self.open) > 1 else self.open[-1][1]
        owner.closing = f"{owner.closing} {words}".strip()
        owner.last_line = number
        self.loose.append((number, owner, words))

    def _reference(self, number: int, words: str) -> None:
        self.references = True
        words = _EMPHASIS.sub(r"\1", words)
        first = outline.references(words)
        self.text.references.append((number, words.strip() if first is None else first))


def _id(parent: Clause | None, mark: Mark) -> str:
    if parent is None:
        return mark.mark
    if mark.level is Level.ALTERNATIVE:
        return f"{parent.id}.Alt{mark.mark}"
    return f"{parent.id}({mark.mark})" if mark.level is Level.PAREN else f"{parent.id}.{mark.mark}"


def _goes_on(before: str, words: str) -> bool:
    """Whether a paragraph is the rest of a sentence that a page break cut."""
    return not before.endswith(_ENDS) or words[:1].islower()


def _unstruck(words: str) -> tuple[str, tuple[str, ...]]:
    struck = tuple(_STRUCK.findall(words))
    return " ".join(_STRUCK.sub(" ", words).split()) if struck else words, struck
