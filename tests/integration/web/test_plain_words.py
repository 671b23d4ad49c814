"""Texts, styles and templates as files: complete in both languages, small, and nothing inline."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.template.loader import get_template

from homeroom.filtering import tables, titles
from homeroom.filtering.forms.rules import ROLES
from homeroom.filtering.models import Answer, VersionState
from homeroom.kernel.decision.decision import Kind
from homeroom.people.models import RoleName
from homeroom.site import messages
from homeroom.site.pages import words

ROOT = Path(messages.HERE)
SPANISH = sorted(ROOT.glob("*/locale/es/LC_MESSAGES/django.po"))  # an app may bring its own words
TEMPLATES = sorted(ROOT.rglob("templates/**/*.html"))
STYLES = sorted((ROOT / "site/static/site").glob("*.css"))
TRANSLATED = re.compile(r"""\{% translate "([^"]+)\"|\b_\("([^"]+)"\)""")


@pytest.fixture(scope="module")
def spanish() -> dict[str, str]:
    return {
        said: theirs for path in SPANISH for said, theirs in messages.read(path.read_text(encoding="utf-8")).items()
    }


def test_every_word_of_a_page_is_there_in_spanish(spanish):
    lacking = set()
    for path in TEMPLATES:
        said = {first or second for first, second in TRANSLATED.findall(path.read_text(encoding="utf-8"))}
        lacking |= {text for text in said if text not in spanish and not _known_to_libraries(text)}
    assert lacking == set()


def _known_to_libraries(text: str) -> bool:
    return text.replace("\\", "") == ""


def test_no_translation_is_empty_or_loses_a_value(spanish):
    for said, theirs in spanish.items():
        if said:
            assert theirs.strip("\0 "), said
            names = set(re.findall(r"%\((\w+)\)", said))
            assert set(re.findall(r"%\((\w+)\)", theirs)) <= names, said
            if "\0" not in said:
                assert set(re.findall(r"%\((\w+)\)", theirs)) == names, said


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_reads_and_holds_nothing_inline(path):
    text = path.read_text(encoding="utf-8")
    get_template(str(path).partition("templates/")[2])
    assert " style=" not in text and "<style" not in text
    assert not re.search(r"<script(?![^>]*(?:src=|application/json))", text)
    assert not re.search(r"\son\w+=", text), "handlers belong into a file"
    assert "http://" not in text and "https://" not in text, "nothing comes from elsewhere"


def test_each_table_says_what_it_is():
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        assert text.count("<table") == text.count("<caption"), path.name
        assert not re.search(r"<th(?![^>]*scope=)[ >]", text), path.name


def test_the_styles_are_small():
    assert sum(path.stat().st_size for path in STYLES) < 30_000


def test_titles_of_categories_are_those_of_the_reviewed_table():
    assert {id: titles.title(id) for id in tables.categories()} == {
        id: row.title for id, row in tables.categories().items()
    }


def tokens(dark: bool) -> dict[str, str]:
    text = (ROOT / "site/static/site/tokens.css").read_text(encoding="utf-8")
    light, _, night = text.partition("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", light))
    return {**found, **dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", night))} if dark else found


def brightness(colour: str) -> float:
    """Relative luminance (WCAG 2.1)."""
    digits = colour.lstrip("#")
    digits = "".join(each * 2 for each in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((brightness(one), brightness(other)))
    return (high + 0.05) / (low + 0.05)


TONES = ("good", "warn", "bad", "info", "law", "district", "standing", "safety", "plain")
TEXT = [
    *((tone, f"{tone}-tint") for tone in TONES),
    *((ink, ground) for ink in ("ink", "soft", "link") for ground in ("page", "surface", "sunken")),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("accent-strong", "accent-tint"),
    ("on-bar", "bar"),
    ("bar-soft", "bar"),
]
MARKS = [*((f"{tone}-solid", "surface") for tone in TONES), *((one, "surface") for one in ("edge", "accent", "focus"))]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_colours_can_be_told_apart(dark):
    colours = tokens(dark)
    for pairs, least in ((TEXT, 4.5), (MARKS, 3.0)):
        found = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in pairs}
        assert {pair: ratio for pair, ratio in found.items() if ratio < least} == {}


class TestCompiling:
    """The small reader of .po files understands what gettext writes."""

    def test_plurals_contexts_and_many_lines(self):
        text = (
            'msgid ""\nmsgstr "Plural-Forms: nplurals=2;\\n"\n\nmsgctxt "a"\nmsgid "x"\nmsgstr "y"\n\n'
            'msgid "%d dog"\nmsgid_plural "%d dogs"\nmsgstr[0] "%d perro"\nmsgstr[1] ""\n"%d "\n"perros"\n'
        )
        found = messages.read(text)
        assert found["a\x04x"] == "y"
        assert found["%d dog\0%d dogs"] == "%d perro\0%d perros"

    def test_what_is_fuzzy_or_empty_is_left_out(self):
        assert messages.read('#, fuzzy\nmsgid "a"\nmsgstr "b"\n\nmsgid "c"\nmsgstr ""\n') == {}

    def test_a_broken_file_is_refused_with_its_line(self, tmp_path):
        folder = tmp_path / "locale/es/LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "django.po").write_text('msgid "a"\nmsgstr broken\n', encoding="utf-8")
        with pytest.raises(messages.BadCatalogue, match="line 2"):
            messages.compile_all(tmp_path)

    def test_it_writes_once(self, tmp_path):
        folder = tmp_path / "locale/es/LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "django.po").write_text('msgid "a"\nmsgstr "b"\n', encoding="utf-8")
        assert len(messages.compile_all(tmp_path)) == 1 and messages.compile_all(tmp_path) == []


def test_headings_do_not_skip_a_level():
    for path in TEMPLATES:
        levels = [int(level) for level in re.findall(r"<h([1-6])", path.read_text(encoding="utf-8"))]
        assert all(after - before <= 1 for before, after in pairwise(levels)), path.name


def test_every_role_kind_and_audience_has_a_word():
    assert words.roles().keys() == set(RoleName.values)
    assert {role for role, _ in ROLES} == set(RoleName.values)
    assert words.kinds().keys() == set(Kind)
    assert words.audiences().keys() == set(tables.AUDIENCES)
    assert words.version_states().keys() == set(VersionState.values)
    assert words.answers().keys() == set(Answer.values)
