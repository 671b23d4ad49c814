"""The block page: what it says, to whom, in which words; small, safe and readable by everybody."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from homeroom.doors.page.block import Blocked, as_html, as_json, cut
from homeroom.doors.page.layout import SAFE_HEADERS, STYLE, read_language
from homeroom.doors.page.texts import TEXTS
from homeroom.doors.page.titles import CATEGORIES
from homeroom.doors.proxy import troubles as proxy_troubles
from homeroom.doors.proxy.pages import Wish, trouble
from homeroom.doors.proxy.troubles import Trouble
from homeroom.filtering import tables, titles
from homeroom.kernel.decision.decision import Block, Cited, Kind
from homeroom.kernel.decision.overlay import Rule
from homeroom.kernel.decision.policy import Chosen
from homeroom.kernel.decision.wording import LANGUAGES, kind_heading, meaning

AT = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
LINK = "http://homeroom.test/blocked/" + "A" * 1500


def block(kind: Kind = Kind.DISTRICT, clause: str = "III.1", category: str = "games", **more: object) -> Block:
    values: dict[str, object] = {
        "reason": "The district chose to block “Games”.", "person": "ben", "profile": "student", "bundle": "4db57792",
        "rule": Cited("ut1", "2026-08-17", 1234, "games.test"), "at": AT,
    }  # fmt: skip
    return Block(kind=kind, clause=clause, category=category, **{**values, **more})  # type: ignore[arg-type]


GAMES = Blocked(
    host="games.test", path="/chess?q=secret", decision=block(), organisation="Birch County Schools", topic="Games",
    audience="Students", review=f"{LINK}/review", accident=f"{LINK}/accident",
)  # fmt: skip
LAW = replace(
    GAMES, host="adult.test", topic="Pornography", decision=block(Kind.STATUTORY, "VI.Alt3.A.htm", "pornography")
)
CHAT = Cited("local rule 7", "v", 0, "block chat.test for person:ben")
LOCAL = replace(
    GAMES,
    topic="",
    rule=Rule(id="7", effect="block", host="chat.test", scope="person:ben", owner="Ms. Okafor", reason="Exam week",
              review="2026-11-20"),
    decision=block(clause="III.2", category="local-rule", rule=CHAT),
)  # fmt: skip
CLOSED = replace(
    GAMES, topic="", decision=block(Kind.STANDING, "IX.B", "standing", reason="Nobody has signed for you.", rule=None)
)
MALWARE = replace(GAMES, topic="Malware", decision=block(Kind.SAFETY, "V.A.4b", "malware"))
ALL = {"games": GAMES, "law": LAW, "local": LOCAL, "closed": CLOSED, "malware": MALWARE}


class Page(HTMLParser):
    """Reads a page strictly enough to notice what is not closed."""

    VOID = {"meta", "path", "br"}

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html.decode())
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(self.words)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ALL)
def test_the_page_says_what_by_whom_and_under_which_clause(name: str, language: str) -> None:
    facts = ALL[name]
    page = Page(as_html(facts, language))
    decision = facts.decision
    assert facts.host in page.text
    for each in LANGUAGES:  # both languages are on the page
        assert kind_heading(decision.kind, each) in page.text
        assert meaning(decision.clause, decision.kind, each) in page.text
    assert decision.clause in page.text and decision.bundle in page.text
    assert "secret" not in page.text and "ben" not in page.text.split()


def test_law_and_choice_cannot_be_mistaken_for_each_other_even_without_colour() -> None:
    kinds = {}
    for facts in ALL.values():
        page = Page(as_html(facts, "en"))
        drawing = page.all("path")[0]["d"]
        border = next(attrs["class"] for attrs in page.all("p") if "kind" in (attrs.get("class") or ""))
        kinds[facts.decision.kind] = (drawing, border, kind_heading(facts.decision.kind, "en"))
    assert len({each[0] for each in kinds.values()}) == len(kinds) == len(Kind)
    assert "The law. The district has no choice here." in Page(as_html(LAW, "en")).text
    assert "The district, for “Students”" in Page(as_html(GAMES, "en")).text


def test_a_local_rule_names_its_owner_its_reason_and_its_review() -> None:
    text = Page(as_html(LOCAL, "en")).text
    assert "Ms. Okafor" in text and "Exam week" in text and "2026-11-20" in text
    assert "block chat.test" in text and "person:" not in text
    without = replace(LOCAL, rule=replace(LOCAL.rule, review=""))  # type: ignore[type-var]
    assert "No date is set" in Page(as_html(without, "en")).text


def test_a_chosen_category_names_who_chose_it_why_and_when_it_is_looked_at_again() -> None:
    chosen = Chosen(by="Dana Reyes", reason="Games crowd out lessons.", review="2027-05-25")
    page = as_html(replace(GAMES, chosen=chosen), "en")
    text = Page(page).text
    assert "Dana Reyes, for “Students”" in text and "Dana Reyes, para «Estudiantes»" in text
    assert "Games crowd out lessons." in text and "2027-05-25" in text
    assert json.loads(as_json(replace(GAMES, chosen=chosen), "en"))["review_date"] == "2027-05-25"
    # What the law demands is nobody's choice, whatever somebody chose beside it.
    assert "Dana Reyes" not in Page(as_html(replace(LAW, chosen=chosen), "en")).text


def test_a_statutory_block_says_what_can_still_be_corrected() -> None:
    text = Page(as_html(LAW, "en")).text
    assert "wrong listing can be corrected" in text and "Nobody at school can switch this block off" in text


def test_the_very_line_is_there_for_the_curious() -> None:
    page = Page(as_html(GAMES, "en"))
    assert len(page.all("details")) == 2
    for fact in ("ut1", "2026-08-17", "1234"):
        assert fact in page.text


def test_the_buttons_lead_to_the_sealed_ticket() -> None:
    for name, facts in ALL.items():
        links = [attrs["href"] for attrs in Page(as_html(facts, "en")).all("a")]
        assert links.count(facts.review) == 2
        # Whoever may not use the network at all did not come there by accident.
        assert links.count(facts.accident) == (0 if name == "closed" else 2)


@pytest.mark.parametrize("name", ALL)
def test_each_language_is_marked_and_the_other_is_one_link_away(name: str) -> None:
    for language, other in (("en", "es"), ("es", "en")):
        page = Page(as_html(ALL[name], language))
        assert page.all("html")[0]["lang"] == language
        sections = page.all("section")
        assert [each["lang"] for each in sections] == [language, other]
        assert page.all("a")[0] == {"href": f"#{other}", "hreflang": other, "lang": other}
        assert all(
            any(each["id"] == "top-" + str(part["lang"]) for each in page.all("h1") + page.all("h2"))
            for part in sections
        )
        assert len(page.all("h1")) == 1


def test_the_time_is_that_of_the_districts_clocks() -> None:
    assert "2026-11-03 15:00:00 UTC" in Page(as_html(GAMES, "en")).text
    assert "2026-11-03 09:00:00 CST" in Page(as_html(replace(GAMES, zone="America/Chicago"), "en")).text
    assert "15:00:00 UTC" in Page(as_html(replace(GAMES, zone="Nowhere/At all"), "en")).text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("games", "El distrito decidió bloquear «Juegos», y games.test figura allí."),
        ("law", "La ley exige este bloqueo: adult.test figura como «Pornografía»."),
        ("local", "Una regla local bloquea games.test."),
        ("closed", "Por el momento la red está cerrada para usted."),
        ("malware", "La red se protege a sí misma: games.test figura como «Programas dañinos»."),
    ],
)
def test_the_sentence_is_in_the_readers_language(name: str, said: str) -> None:
    facts = ALL[name]
    spanish, _, english = as_html(facts, "es").decode().partition('<section lang="en"')
    assert said in spanish and facts.decision.reason in english
    assert name == "closed" or facts.decision.reason not in spanish


def test_the_texts_are_the_same_in_each_language() -> None:
    keys = [set(texts) for texts in TEXTS.values()]
    assert set(TEXTS) == set(LANGUAGES) and all(each == keys[0] for each in keys)


def test_categories_have_the_same_spanish_names_as_in_the_web_application() -> None:
    with translation.override("es"):
        assert {id: titles.title(id) for id in tables.categories()} == CATEGORIES
    assert "Apuestas" in Page(as_html(replace(GAMES, decision=block(category="gambling")), "es")).text
    unknown = Page(as_html(replace(GAMES, decision=block(category="of-its-own")), "es"))
    assert {"lang": "en"} in unknown.all("dd")


def test_the_page_is_small_and_needs_nothing_else() -> None:
    long = "<&\"'" * 500
    worst = replace(
        GAMES, path="/" + long, topic=long, audience=long, organisation="Independent School District 4711",
        host=".".join(["x" * 62] * 4), decision=block(reason=long, rule=Cited(long, long, 10**9, long)),
    )  # fmt: skip
    for facts in (*ALL.values(), worst):
        html = as_html(facts, "en")
        assert len(html) < 15_000
        page = Page(html)
        assert not page.all("script") and not page.all("img") and not page.all("link") and not page.all("form")
        assert not any(name.startswith("on") or name == "style" for _, attrs in page.tags for name in attrs)


def test_no_style_but_the_pages_own_is_allowed() -> None:
    headers = dict(SAFE_HEADERS)
    assert b"'unsafe" not in headers[b"Content-Security-Policy"]
    assert f"<style>{STYLE}</style>".encode() in as_html(GAMES, "en")


@pytest.mark.parametrize("pair", [("ink", "paper"), ("ink", "soft"), ("line", "paper"), ("link", "paper")])
def test_contrast_suffices_in_light_and_dark(pair: tuple[str, str]) -> None:
    """WCAG 2.1, 1.4.3: at least 4.5 to 1."""
    for scheme in re.findall(r":root\{([^}]*)\}", STYLE)[:2]:
        colours = dict(re.findall(r"--(\w+):(#\w+)", scheme))
        lighter, darker = sorted((luminance(colours[name]) for name in pair), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (pair, scheme)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@given(st.text(max_size=60))
def test_nothing_that_somebody_wrote_becomes_markup(text: str) -> None:
    evil = f"<script>{text}</script><img onerror='x'>\"'>"
    facts = replace(
        LOCAL, path="/" + evil, topic=evil, audience=evil, organisation=evil,
        rule=replace(LOCAL.rule, owner=evil, reason=evil, review=evil),  # type: ignore[type-var]
        decision=block(reason=evil, category=evil, rule=Cited(evil, evil, 3, evil)),
    )  # fmt: skip
    html = as_html(facts, "es")
    names = {tag for tag, _ in Page(html).tags}
    assert "script" not in names and "img" not in names
    assert b"onerror='" not in html


@pytest.mark.parametrize("name", ALL)
def test_the_same_facts_for_a_program(name: str) -> None:
    said = json.loads(as_json(ALL[name], "en"))
    assert said["verdict"] == "block" and said["kind"] == ALL[name].decision.kind
    assert said["meaning"] and said["correctable"] and said["review"] == f"{LINK}/review"
    assert "person" not in said and "secret" not in json.dumps(said) and "person:" not in json.dumps(said)


@pytest.mark.parametrize("kind", [each for each in vars(proxy_troubles).values() if isinstance(each, Trouble)])
def test_every_trouble_has_plain_words_in_each_language(kind: Trouble) -> None:
    for language in LANGUAGES:
        reply = trouble(kind, Wish(language), "Birch", detail="<b>A detail.</b>")
        page = Page(reply.body)
        assert all(words[0] in page.text and words[1] in page.text for words in kind.words.values())
        assert all(words[1].endswith(".") for words in kind.words.values())
        assert not page.all("b") and reply.headers[-1] == SAFE_HEADERS[-1]
    said = json.loads(trouble(kind, Wish("es", json=True), "Birch").body)
    assert said["error"] == kind.words["es"][0]


def test_texts_of_others_are_bounded() -> None:
    assert cut("a\n b\t c") == "a b c"
    assert cut("x" * 1000) == "x" * 197 + "…"
    assert len(cut("é" * 1000).encode()) <= 200


@pytest.mark.parametrize(
    ("header", "language"),
    [("", "en"), ("es", "es"), ("es-MX,es;q=0.9,en;q=0.8", "es"), ("en,es;q=0.9", "en"),
     ("so, hmn;q=0.5, es;q=0.2", "es"), ("de", "en"), ("en;q=0, es;q=0.1", "es"),
     ("x" * 10_000, "en"), ("es;q=nan", "en"), (",;,;q", "en")],
)  # fmt: skip
def test_the_language_a_reader_likes_best(header: str, language: str) -> None:
    assert read_language(header) == language


@pytest.mark.parametrize(("name", "shown"), [("games", True), ("closed", True), ("law", False), ("malware", False)])
def test_a_stranger_is_led_to_the_sign_in_where_that_may_open_something(name, shown):
    stranger = replace(ALL[name], signin="http://homeroom.test/network")
    for language, words in (("en", "Sign in at the network"), ("es", "Entrar en la red")):
        assert (f">{words}</a>" in as_html(stranger, language).decode()) is shown
        assert words not in as_html(ALL[name], language).decode(), "whoever is known need not sign in"
    assert json.loads(as_json(stranger, "en"))["sign_in"] == "http://homeroom.test/network"
