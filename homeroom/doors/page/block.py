"""The block page: what was blocked, by whose decision, under which clause, and what can be done about it.

Serves both doors: the proxy puts it in place of a page, and where the DNS door answers with
the page's address a browser comes here by itself. English and Spanish on one page; the same
facts as JSON for programs. Nothing of another person is ever shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import lru_cache
from html import escape
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from homeroom.doors.page.layout import Fact, heading, page, paragraph, rows
from homeroom.doors.page.texts import SPANISH_SENTENCES, TEXTS
from homeroom.doors.page.titles import AUDIENCES, CATEGORIES
from homeroom.kernel.decision import reasons
from homeroom.kernel.decision.decision import Block, Cited, Kind
from homeroom.kernel.decision.overlay import Rule
from homeroom.kernel.decision.policy import Chosen
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
    the decision where there is one, `chosen` who chose the category where somebody did. `review`,
    `accident`, `sign` and `signin` (to the sign-in at the network, "" for whoever is known) are the
    links of the buttons, `zone` is the district's time zone.
    """

    host: str
    path: str
    decision: Block
    organisation: str
    topic: str = ""
    audience: str = ""
    rule: Rule | None = None
    chosen: Chosen | None = None
    review: str = ""
    accident: str = ""
    sign: str = ""
    zone: str = "UTC"
    signin: str = ""

    @property
    def somebody(self) -> Rule | Chosen | None:
        """What a person of the district decided by name: the local rule, or the choice of the category."""
        return self.rule or (self.chosen if self.decision.kind is Kind.DISTRICT else None)

    @property
    def review_date(self) -> str:
        """When what somebody decided is looked at again; "" for no date."""
        return self.somebody.review if self.somebody else ""

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


@lru_cache(maxsize=4096)
def cut(text: str, most: int = MOST_SHOWN) -> str:
    """A text of somebody else's on one line, taking at most that many bytes on a page.

    >>> cut("a\\n  b"), cut("abcdef", 5), cut("<<<<<<", 10)
    ('a b', 'ab…', '<…')
    """
    text = " ".join(text[: 2 * most].replace("\0", " ").split())
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
    # Most of a page depends on little: it is made once and kept with holes for what differs each time.
    pieces = list(_mould(_told(blocked), language))
    values = _values(blocked)
    for place in range(1, len(pieces), 2):
        pieces[place] = values[pieces[place]]
    return "".join(pieces).encode("utf-8", "replace")


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
        "decided_by": _decided(_told(blocked), language),
        "review_date": blocked.review_date,
        "missing": [
            {"clause": clause, "sentence": reasons.sentence(code, language), "step": reasons.step(code, language)}
            for clause, code in blocked.decision.missing
        ],
        "sign": blocked.sign if any(reasons.signable(code) for _, code in blocked.decision.missing) else "",
        "correctable": correctable(kind, language),
        "review": blocked.review,
        "accident": blocked.accident,
        "sign_in": blocked.signin,
    }
    return json.dumps(facts, ensure_ascii=False, indent=1).encode()


@dataclass(frozen=True, slots=True)
class _Told:
    """What the lasting parts of a page tell; few pages differ in it."""

    kind: Kind
    clause: str
    category: str
    organisation: str
    topic: str
    profile: str
    audience: str
    why: str
    missing: tuple[str, ...]
    owner: str
    reason: str
    review: str
    local: bool
    listed: bool
    links: bool
    stranger: bool


def _told(blocked: Blocked) -> _Told:
    decision, rule, somebody = blocked.decision, blocked.rule, blocked.somebody
    return _Told(
        kind=decision.kind,
        clause=cut(decision.clause),
        category=decision.category,
        organisation=cut(blocked.organisation),
        topic=cut(blocked.topic),
        profile=decision.profile,
        audience=cut(blocked.audience or decision.profile),
        why=cut(decision.reason, 600) if decision.kind is Kind.STANDING and not decision.missing else "",
        missing=tuple(cut(code, 600) for _, code in decision.missing),
        owner=cut(rule.owner if rule else blocked.chosen.by if somebody and blocked.chosen else ""),
        reason=cut(somebody.reason) if somebody else "",
        review=cut(blocked.review_date),
        local=rule is not None,
        listed=decision.rule is not None and bool(decision.rule.line),
        links=bool(blocked.review),
        # What the law or safety blocks stays blocked, whoever comes; then the link would only mislead.
        stranger=bool(blocked.signin) and decision.kind in (Kind.DISTRICT, Kind.STANDING),
    )


def _values(blocked: Blocked) -> dict[str, str]:
    """What differs from page to page, escaped, by the name of its hole."""
    decision = blocked.decision
    cited = decision.rule or _NOTHING_CITED
    plain = {
        "host": blocked.host,
        "shown": blocked.shown,
        "ask": blocked.review,
        "accident": blocked.accident,
        "sign": blocked.sign,
        "signin": blocked.signin,
        "sentence": cut(decision.reason),
        "list": cut(cited.list),
        "version": cut(cited.version),
        "line": str(cited.line),
        "text": cut(blocked.rule_text),
        "bundle": decision.bundle,
        "time": _local(blocked),
    }
    return {name: escape(value) for name, value in plain.items()}


def _local(blocked: Blocked) -> str:
    """The moment as clocks in the district show it: 2026-11-03 09:00:00 CST."""
    try:
        zone: tzinfo = ZoneInfo(blocked.zone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = UTC
    return f"{blocked.decision.at.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"


_NOTHING_CITED = Cited(list="", version="", line=0, text="")


def _hole(name: str) -> str:
    """Where a value goes. No text can hold one: control characters are not passed on by `cut`."""
    return f"\0{name}\0"


@lru_cache(maxsize=1024)
def _mould(told: _Told, language: str) -> tuple[str, ...]:
    """The page cut at its holes: text, the name of a hole, text, ..."""
    sections = {each: _section(told, each, first=each == language) for each in TEXTS}
    title = f"{TEXTS[language]['title']}: {_hole('host')}"
    html = page(language=language, title=title, organisation=told.organisation, sections=sections)
    return tuple(html.decode().split("\0"))


def _section(told: _Told, language: str, *, first: bool) -> str:
    texts, kind = TEXTS[language], told.kind
    top = texts["closed"] if kind is Kind.STANDING else texts["heading"]
    return "".join(
        (
            heading(language, top, first=first),
            f'<p class="what">{_hole("shown")}</p>',
            f'<p class="kind {kind}"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="{_ICONS[kind]}"/></svg>'
            f"<span>{escape(kind_heading(kind, language))}</span></p>",
            paragraph(_meaning(told, language)),
            rows(_facts(told, language)),
            _buttons(told, language),
            _curious(told, language),
            f'<p class="small">{escape(texts["privacy"])}</p>',
        )
    )


def _meaning(told: _Told, language: str) -> str:
    if told.category == "not-named":
        return TEXTS[language]["not_named"]
    return meaning(told.clause, told.kind, language)


def _facts(told: _Told, language: str) -> list[Fact]:
    texts = TEXTS[language]
    facts: list[Fact] = [
        _named(texts["topic"], told.topic, CATEGORIES.get(told.category, ""), language),
        (texts["why"], told.why, "en"),
        *_missing(told, language),
        (texts["clause"], told.clause),
        (texts["decided"], _decided(told, language)),
    ]
    if told.local:
        facts += [(texts["said"], told.reason), (texts["review"], told.review or texts["review_none"])]
    elif told.kind is Kind.DISTRICT:
        facts += [(texts["said"], told.reason), (texts["review"], told.review or texts["review_ask"])]
    return [*facts, (texts["change"], correctable(told.kind, language))]


def _missing(told: _Told, language: str) -> list[Fact]:
    """IX, IV.2a, VIII.D.2: all that is missing, and what to do about each."""
    texts = TEXTS[language]
    facts: list[Fact] = []
    for code in told.missing:
        facts.append((texts["why"], reasons.sentence(code, language), language if reasons.known(code) else "en"))
        facts.append((texts["do"], reasons.step(code, language)))
    return facts


def _named(term: str, english: str, spanish: str, language: str) -> Fact:
    """A name in the reader's language where we have it; else in English, and marked as such."""
    if not english or language == "en":
        return term, english
    return (term, spanish) if spanish else (term, english, "en")


def _decided(told: _Told, language: str) -> str:
    texts = TEXTS[language]
    if told.kind is Kind.STATUTORY:
        return texts["law"]
    if told.local:
        return told.owner or texts["district"]
    if told.kind is Kind.DISTRICT:
        audience = AUDIENCES.get(told.profile, "") if language == "es" else ""
        who = told.owner or texts["district"]
        return texts["somebody_for"].format(who=who, audience=audience or told.audience)
    return texts["office"] if told.kind is Kind.STANDING else texts["network"]


def _buttons(told: _Told, language: str) -> str:
    if not told.links:
        return ""
    links = [("ask", TEXTS[language]["ask"])]
    if any(reasons.signable(code) for code in told.missing):
        links.insert(0, ("sign", TEXTS[language]["sign"]))
    if told.stranger:
        links.insert(0, ("signin", TEXTS[language]["signin"]))
    if told.kind is not Kind.STANDING:
        links.append(("accident", TEXTS[language]["accident"]))
    anchors = "".join(f'<a href="{_hole(name)}">{escape(text)}</a>' for name, text in links)
    return f'<p class="do">{anchors}</p>'


def _curious(told: _Told, language: str) -> str:
    texts = TEXTS[language]
    facts: list[Fact] = [(texts["sentence"], _sentence(told, language))]
    if told.listed:
        facts += [(texts[name], _hole(name)) for name in ("list", "version", "line", "text")]
    elif told.local:
        facts.append((texts["rule"], _hole("text")))
    facts += [
        _named(texts["profile"], told.audience, AUDIENCES.get(told.profile, ""), language),
        (texts["bundle"], _hole("bundle")),
        (texts["time"], _hole("time")),
    ]
    return f"<details><summary>{escape(texts['curious'])}</summary>{rows(facts)}</details>"


def _sentence(told: _Told, language: str) -> str:
    """What happened in one sentence: the decision's own in English, else one made of what we have words for."""
    if language == "en":
        return _hole("sentence")
    topic = CATEGORIES.get(told.category, "")
    if told.category == "not-named":
        return TEXTS[language]["not_named"]
    if told.kind is Kind.STANDING:
        return f"{TEXTS[language]['closed']}."
    if not (told.local or topic):
        return kind_heading(told.kind, language)
    return SPANISH_SENTENCES["local" if told.local else told.kind].format(host=_hole("host"), topic=topic)
