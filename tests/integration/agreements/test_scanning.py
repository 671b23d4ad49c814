"""Scans of signed forms: read by their code however they lie, and refused in a sentence where they cannot be."""

from __future__ import annotations

import io
import random
from datetime import UTC, datetime

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from homeroom.agreements import scanning
from homeroom.base import paper, qr
from homeroom.base.errors import Refused
from homeroom.kernel.agreements import papercode
from homeroom.kernel.agreements.papercode import PaperCode

AT = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
BEN, LEAH = PaperCode(12, 2), PaperCode(70_000, 2)


def printed(code: PaperCode) -> bytes:
    said = papercode.write(code)
    data = {"title": "A form", "code": qr.svg(f"http://127.0.0.1:8524/paper/{said}", strong=True), "code_says": said}
    return paper.typeset("base/trial.typ", data, at=AT)


def picture(code: PaperCode, scale: float = 2) -> Image.Image:
    return pypdfium2.PdfDocument(printed(code))[0].render(scale=scale).to_pil()


def as_bytes(image: Image.Image, format: str, **more) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **more)
    return out.getvalue()


def joined(*pdfs: bytes) -> bytes:
    out = pikepdf.new()
    for each in pdfs:
        out.pages.extend(pikepdf.open(io.BytesIO(each)).pages)
    file = io.BytesIO()
    out.save(file)
    return file.getvalue()


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "TIFF", "BMP"])
def test_a_picture_of_a_form_is_known_by_its_code(format):
    [sheet] = scanning.read(as_bytes(picture(BEN).convert("RGB"), format))
    assert (sheet.code, sheet.pages) == (BEN, "1")


@pytest.mark.parametrize("angle", [7, 90, 180, 263])
def test_it_is_known_however_it_lies_and_though_it_is_dim_and_soft(angle):
    tired = picture(BEN).convert("L").rotate(angle, expand=True, fillcolor=255)
    tired = tired.filter(ImageFilter.GaussianBlur(1.2)).point(lambda grey: 60 + grey // 2)
    [sheet] = scanning.read(as_bytes(tired, "JPEG", quality=60))
    assert sheet.code == BEN


def test_a_stack_is_taken_apart_by_codes_and_a_page_without_one_belongs_to_the_form_before():
    blank = paper.typeset("base/trial.typ", {"title": "Second page"}, at=AT)
    sheets = scanning.read(joined(printed(BEN), blank, printed(LEAH), printed(BEN)))
    assert [(each.code, each.pages) for each in sheets] == [(BEN, "1, 2"), (LEAH, "3"), (BEN, "4")]


def test_a_form_without_a_code_is_handed_over_as_unknown():
    [sheet] = scanning.read(paper.typeset("base/trial.typ", {"title": "Something else"}, at=AT))
    assert sheet.code is None


def test_a_code_of_others_is_no_code_of_ours():
    other = paper.typeset("base/trial.typ", {"title": "x", "code": qr.svg("https://x.test/y"), "code_says": "x"}, at=AT)
    assert [each.code for each in scanning.read(other)] == [None]


def test_what_is_kept_holds_pictures_and_nothing_else(tmp_path, settings):
    settings.HOME = tmp_path
    [sheet] = scanning.read(joined(printed(BEN)))
    flat = sheet.pdf()
    with pikepdf.open(io.BytesIO(flat)) as read:
        assert not {"/OpenAction", "/Names", "/AcroForm", "/StructTreeRoot"} & set(read.Root.keys())
    digest = scanning.keep(flat)
    assert scanning.keep(flat) == digest and scanning.kept(digest) == flat
    path = scanning.folder() / f"{digest}.pdf"
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_bytes(flat + b"x")
    assert scanning.kept(digest) is None, "a scan that was changed on disk is not handed out"
    assert scanning.kept("../../keys/django.key") is None


def test_the_same_pages_are_the_same_file_whenever_they_come_in(monkeypatch):
    pdf = printed(BEN)
    [first] = scanning.read(pdf)
    made = first.pdf()
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    [again] = scanning.read(pdf)
    assert again.pdf() == made


def test_where_a_photo_was_taken_is_not_kept():
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    [sheet] = scanning.read(as_bytes(picture(BEN).convert("RGB"), "JPEG", exif=exif))
    assert b"Secret Camera" not in sheet.pdf()


def test_a_page_of_a_scan_is_shown():
    [sheet] = scanning.read(printed(BEN))
    assert scanning.page_png(sheet.pdf(), 1)[:4] == b"\x89PNG"
    assert scanning.page_png(sheet.pdf(), 2) is None and scanning.page_png(sheet.pdf(), 0) is None


def locked() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(printed(BEN))) as read:
        read.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"hello", "neither a PDF nor a picture"),
        (b"%PDF-1.7\nnothing", "damaged or locked"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "neither"),
        (b"x" * (scanning.MOST_BYTES + 1), "more than 30 MB"),
        (locked, "locked with a password"),
        (lambda: joined(*[printed(BEN)] * (scanning.MOST_PAGES + 1)), "more than 120 pages"),
        (lambda: as_bytes(Image.new("1", (10_000, 9_000)), "PNG"), "too large"),
        (lambda: as_bytes(picture(BEN).convert("RGB"), "PNG")[:4000], "neither"),
    ],
)
def test_a_bad_scan_gets_a_sentence(data, said):
    with pytest.raises(Refused, match=said):
        scanning.read(data() if callable(data) else data)


def survives(data: bytes) -> None:
    try:
        sheets = scanning.read(data)
    except Refused as error:
        assert str(error).endswith(".")
    else:
        assert sheets


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"%PDF-1.4\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"II*\0", b"GIF89a"]),
)
def test_random_bytes_are_refused_in_a_sentence_or_read(body, head):
    survives(head + body)


def test_damaged_forms_are_refused_in_a_sentence_or_read():
    dice, files = random.Random(9), [printed(BEN), as_bytes(picture(BEN, 0.5).convert("RGB"), "JPEG")]
    for _ in range(40):
        data = bytearray(dice.choice(files))
        for _ in range(dice.randrange(1, 30)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        survives(bytes(data))
