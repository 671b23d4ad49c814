"""Letters in languages that write from the right, or in other scripts, can be printed."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from homeroom.base import paper, qr
from homeroom.base.paper import blocks
from homeroom.notices import wording

SAID = {
    "ar": "عزيزي الوالد، يستخدم طفلك الإنترنت في المدرسة.",
    "ksw": "ဟ်ကျိၤတၢ်ကတိၤ",
    "am": "ልጅዎ በትምህርት ቤት ኢንተርኔት ይጠቀማል።",
    "vi": "Con của quý vị sử dụng Internet ở trường.",
    "so": "Ilmahaagu wuxuu internetka ku isticmaalaa dugsiga.",
    "hmn": "Koj tus me nyuam siv Is Taws Nem hauv tsev kawm.",
}


@pytest.mark.parametrize("language", SAID)
def test_a_print_file_is_set_in_the_language(language, town):
    if said := paper.lacking(language):
        pytest.skip(said)
    from datetime import UTC, datetime

    part = {"language": language, "title": SAID[language], "level": 1, "body": blocks.of(SAID[language])}
    each = {"to": ["Rosa Haugen", "1 Lake Road"], "foot": "L1", "code": qr.svg("x"),
            "code_says": "Letter L1", "parts": [part]}  # fmt: skip
    made = paper.typeset("notices/letters.typ", {"title": "x", "letters": [each]}, at=datetime(2026, 9, 14, tzinfo=UTC))
    reader = PdfReader(io.BytesIO(made))
    assert len(reader.pages) == 1
    assert "/MarkInfo" in reader.trailer["/Root"], "tagged for screen readers"
    assert any("Noto" in str(font) for font in _fonts(reader))


def _fonts(reader: PdfReader) -> set[str]:
    found = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            found.add(str(font.get_object()["/BaseFont"]))
    return found


def test_arabic_reads_from_the_right_and_the_others_do_not():
    assert [code for code in SAID if wording.right_to_left(code)] == ["ar"]
