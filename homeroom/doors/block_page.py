"""The block page: what was blocked, by whose decision, under which clause, and what can be done about it.

Serves both doors: the proxy puts it in place of a page, and where the DNS door answers with
the page's address a browser comes here by itself. English and Spanish on one page; the same
facts as JSON for programs. Nothing of another person is ever shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from homeroom.doors.block_page_layout import Fact, heading, page, paragraph, rows
from homeroom.doors.block_page_texts import TEXTS
from homeroom.kernel.decision.decision import Block, Cited, Kind
from homeroom.kernel.decision.overlay import Rule
from homeroom.kernel.decision.wording import correctable, kind_heading, meaning

MOST_SHOWN = 200  # bytes on the page of anything that a client or a list wrote

# Drawn, not coloured: scales, a house, a key and a shield, each with its word beside it.
_ICONS: Mapping[Kind, str] = {
    Kind.STATUTORY: "M12 3v18M7 21h10M4 6h16M4 6l-2 7h6zM20 6l-3 7h6z",
    Kind.DISTRICT: "M3 11l9-8 9 8M5 10v11h14V10M10 21v-6h4v6",
    Kind.STANDING: "M7 11a4 4 0 1 1 0 .1M11 11h11v4M18 11v3",
    Kind.SAFETY: "M12 2l9 3v7c0 5-4 8-9 10-5-2-9-5-9-10V5z",
}


@dataclass(frozen=True, slots=True)
class Blocked:
    """What a block page is made of.

    `topic` is the category's title, `audience` the profile's, `rule` the local rule behind
    the decision where there is one. `review` and `accident` are the links of the buttons.
    """

    host: str
    path: str
    decision: Block
    organisation: str
    topic: str = ""
    audience: str = ""
    rule: Rule | None = None
    review: str = ""
    accident: str = ""

    @property
    def shown(self) -> str:
        """What was asked for, without its query, which may hold what somebody searched for."""
        return cut(self.host + self.path.partition("?")[0])

    @property
    def rule_text(self) -> str:
        """What the rule says; of a local rule without its scope, which may name a person."""
        if self.rule:
            return f"{self.rule.effect} {self.rule.host}{self.rule.path}"
        return self.decision.rule.text if self.decision.rule else ""


def cut(text: str, most: int = MOST_SHOWN) -> str:
    """A text of somebody else's on one line, taking at most that many bytes on a page.

    >>> cut("a\\n  b"), cut("abcdef", 5), cut("<<<<<<", 10)
    ('a b', 'ab…', '<…')
    """
    text = " ".join(text[: 2 * most].split())
    if len(escape(text).encode("utf-8", "replace")) <= most:
        return text
    left = most - len("…".encode())
    for at, letter in enumerate(text):
        left -= len(escape(letter).encode("utf-8", "replace"))
        if left < 0:
            return text[:at] + "…"
    return text


def as_html(blocked: Blocked, language: str) -> bytes:
    """The page, that language first."""
    sections = {each: _section(blocked, each, first=each == language) for each in TEXTS}
    title = f"{TEXTS[language]['title']}: {blocked.host}"
    return page(language=language, title=title, organisation=blocked.organisation, sections=sections)


def as_json(blocked: Blocked, language: str) -> bytes:
    """The same facts for a program; the person is left out even to themselves."""
    said = blocked.decision.as_json()
    del said["person"]
    if isinstance(said["rule"], dict):
        said["rule"]["text"] = cut(blocked.rule_text)
    kind, clause = blocked.decision.kind, blocked.decision.clause
    facts = {
        **said,
        "host": blocked.host,
        "path": cut(blocked.path.partition("?")[0]),
        "heading": kind_heading(kind, language),
        "meaning": meaning(clause, kind, language),
        "decided_by": _decided(blocked, language),
        "review_date": blocked.rule.review if blocked.rule else "",
        "correctable": correctable(kind, language),
        "review": blocked.review,
        "accident": blocked.accident,
    }
    return json.dumps(facts, ensure_ascii=False, indent=1).encode()


def _section(blocked: Blocked, language: str, *, first: bool) -> str:
    texts, kind = TEXTS[language], blocked.decision.kind
    top = texts["closed"] if kind is Kind.STANDING else texts["heading"]
    return "".join(
        (
            heading(language, top, first=first),
            f'<p class="what">{escape(blocked.shown)}</p>',
            f'<p class="kind {kind}"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="{_ICONS[kind]}"/></svg>'
            f"<span>{escape(kind_heading(kind, language))}</span></p>",
            paragraph(_meaning(blocked, language)),
            rows(_facts(blocked, language)),
            _buttons(blocked, language),
            _curious(blocked, language),
            f'<p class="small">{escape(texts["privacy"])}</p>',
        )
    )


def _meaning(blocked: Blocked, language: str) -> str:
    if blocked.decision.category == "not-named":
        return TEXTS[language]["not_named"]
    return meaning(blocked.decision.clause, blocked.decision.kind, language)


def _facts(blocked: Blocked, language: str) -> list[Fact]:
    texts, decision, rule = TEXTS[language], blocked.decision, blocked.rule
    facts: list[Fact] = [(texts["topic"], cut(blocked.topic), "en")]
    if decision.kind is Kind.STANDING:
        facts.append((texts["why"], " ".join(decision.reason.split())[:500], "en"))
    facts += [(texts["clause"], decision.clause), (texts["decided"], _decided(blocked, language))]
    if rule:
        facts += [(texts["said"], cut(rule.reason)), (texts["review"], cut(rule.review) or texts["review_none"])]
    elif decision.kind is Kind.DISTRICT:
        facts.append((texts["review"], texts["review_ask"]))
    return [*facts, (texts["change"], correctable(decision.kind, language))]


def _decided(blocked: Blocked, language: str) -> str:
    texts, kind = TEXTS[language], blocked.decision.kind
    if kind is Kind.STATUTORY:
        return texts["law"]
    if blocked.rule:
        return cut(blocked.rule.owner) or texts["district"]
    if kind is Kind.STANDING:
        return texts["office"]
    if kind is Kind.SAFETY:
        return texts["network"]
    return texts["district_for"].format(audience=cut(blocked.audience)) if blocked.audience else texts["district"]


def _buttons(blocked: Blocked, language: str) -> str:
    links = [(blocked.review, TEXTS[language]["ask"])]
    if blocked.decision.kind is not Kind.STANDING:
        links.append((blocked.accident, TEXTS[language]["accident"]))
    anchors = "".join(f'<a href="{escape(url)}">{escape(text)}</a>' for url, text in links if url)
    return f'<p class="do">{anchors}</p>' if anchors else ""


def _curious(blocked: Blocked, language: str) -> str:
    texts, decision = TEXTS[language], blocked.decision
    facts: list[Fact] = [
        (texts["sentence"], cut(decision.reason), "en"),
        *_cited(decision.rule, cut(blocked.rule_text), texts),
        (texts["profile"], cut(blocked.audience or decision.profile), "en"),
        (texts["bundle"], decision.bundle),
        (texts["time"], decision.at.isoformat(sep=" ", timespec="seconds")),
    ]
    return f"<details><summary>{escape(texts['curious'])}</summary>{rows(facts)}</details>"


def _cited(rule: Cited | None, text: str, texts: Mapping[str, str]) -> list[Fact]:
    if rule is None:
        return []
    if not rule.line:  # a local rule has no line of a list
        return [(texts["rule"], text)]
    return [
        (texts["list"], cut(rule.list)),
        (texts["version"], cut(rule.version)),
        (texts["line"], str(rule.line)),
        (texts["text"], text),
    ]
