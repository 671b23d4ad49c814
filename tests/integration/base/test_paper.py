"""Paper: tagged, titled, in its language, in many scripts, and the same bytes for the same input."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pikepdf
import pypdfium2
import pytest
import typst
import zxingcpp

from homeroom.base import paper, qr
from homeroom.base.paper import blocks, scripts, setting

AT = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
SAID = {
    "en": "How we use the Internet at school", "es": "Cómo usamos Internet en la escuela: años y niños",
    "so": "Sida aan internetka ugu isticmaalno dugsiga", "hmn": "Peb siv Internet li cas hauv tsev kawm ntawv",
    "ar": "كيف نستخدم الإنترنت في المدرسة", "ksw": "ကညီကျိၥ်အတၢ်သူအီၤ", "am": "በትምህርት ቤት ኢንተርኔትን እንዴት እንጠቀማለን",
    "vi": "Chúng ta sử dụng Internet ở trường như thế nào",
}  # fmt: skip


def sheet(**more) -> bytes:
    return paper.typeset("base/trial.typ", {"title": "A form", **more}, at=AT)


@pytest.mark.parametrize("language", SAID)
def test_a_sheet_is_tagged_titled_and_in_its_language(language):
    if said := paper.lacking(language):
        pytest.skip(said)
    pdf = sheet(title=SAID[language], language=language, body=blocks.of("## More\n\n#### Deep\n\n- one\n- # two"))
    with pikepdf.open(io.BytesIO(pdf)) as read:
        assert read.Root.MarkInfo.Marked and "/StructTreeRoot" in read.Root
        assert str(read.Root.Lang).split("-")[0] == language
        assert bool(read.Root.ViewerPreferences.DisplayDocTitle)
        meta = read.open_metadata()
        assert meta["dc:title"] == SAID[language]
        assert meta["pdfuaid:part"] == "1"
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "A")


def test_words_of_the_sheet_can_be_read_out():
    pdf = sheet(title=SAID["vi"], body=blocks.of("Be *kind* and **fair**."), rows=[["Who", "Ben"]], head=["What", "Is"])
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    assert SAID["vi"] in text and "Be kind and fair." in text and "Ben" in text


def test_headings_lists_and_tables_are_tagged_as_what_they_are():
    pdf = sheet(body=blocks.of("# Part\n\n1. one\n2. two"), rows=[["a", "b"]], head=["x", "y"])
    with pikepdf.open(io.BytesIO(pdf)) as read:
        kinds = {str(each.S) for each in read.objects if isinstance(each, pikepdf.Dictionary) and "/S" in each}
    assert {"/H1", "/H2", "/L", "/LI", "/Table", "/TH", "/TD"} <= kinds


def test_the_same_input_gives_the_same_bytes_and_another_instant_others():
    one = sheet(body=blocks.of("Hello"))
    assert one == sheet(body=blocks.of("Hello"))
    later = paper.typeset("base/trial.typ", {"title": "A form", "body": blocks.of("Hello")}, at=AT + timedelta(days=1))
    assert one != later


def test_what_people_wrote_is_never_markup_of_the_template():
    text = '#read("/site/settings.py") $x$ <b>bold</b> ![](x.png) `#eval("1+1")`'
    pdf = sheet(title=text, body=blocks.of(text))
    shown = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    assert shown.count('#read("/site/settings.py")') == 2 and "SECRET_KEY" not in shown
    assert "<b>bold</b>" in shown


def test_a_character_that_no_font_has_does_not_stop_a_paper_but_no_claim_is_made():
    pdf = sheet(title="\U000f0000 of Ben")  # a private character, which no font has
    with pikepdf.open(io.BytesIO(pdf)) as read:
        assert "pdfuaid:part" not in read.open_metadata()
    assert "of Ben" in pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()


def test_a_language_without_font_is_refused_with_the_package_to_install(monkeypatch):
    monkeypatch.setattr(setting, "_compiler", lambda: typst.Compiler(root=str(setting.HOUSE), ignore_system_fonts=True))
    setting.lacking.cache_clear()
    try:
        with pytest.raises(paper.MissingFont, match=r"apt-get install fonts-noto-core"):
            sheet(title=SAID["am"], language="am")
        assert sheet(title=SAID["ar"], language="ar")[:4] == b"%PDF", "typst itself brings a plain font for Arabic"
        assert sheet(title="Plain English", language="en")[:4] == b"%PDF"
        assert sheet(title=SAID["vi"], language="vi")[:4] == b"%PDF"
    finally:
        setting.lacking.cache_clear()


def test_arabic_stands_at_the_right():
    if said := paper.lacking("ar"):
        pytest.skip(said)
    page = pypdfium2.PdfDocument(sheet(title=SAID["ar"], language="ar"))[0]
    ink = page.render(scale=0.5, crop=(0, 0, 0, 0)).to_pil().convert("L").point(lambda grey: 255 * (grey < 120))
    left, _, right, _ = ink.crop((0, 50, ink.width, 100)).getbbox()
    assert ink.width - right < left, "the heading begins at the right margin"


def test_a_code_on_paper_is_read_again():
    pdf = sheet(code=qr.svg("HTTPS://HOMEROOM.EXAMPLE/P/ABCD-EFGH", strong=True), code_says="A code")
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=2).to_pil()
    assert [each.text for each in zxingcpp.read_barcodes(picture)] == ["HTTPS://HOMEROOM.EXAMPLE/P/ABCD-EFGH"]


def test_unknown_and_odd_language_tags_are_english():
    assert scripts.short("x-klingon-very-long") == "en"
    assert sheet(language="Español!")[:4] == b"%PDF"
