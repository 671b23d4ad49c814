"""IX.C.5: signed forms that come back as a scan or a photo: pages made flat, and the code of each form read.

Whatever is uploaded is only ever looked at as pictures. What is kept is a new PDF of those pictures, so that nothing
else that a file may hold (programs, hidden text, where a photo was taken) comes into the records.
"""

from __future__ import annotations

import hashlib
import io
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2
import zxingcpp
from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from homeroom.base.errors import Refused
from homeroom.base.pdfium import one_at_a_time
from homeroom.doors import whole_file
from homeroom.kernel.agreements import papercode
from homeroom.kernel.agreements.papercode import PaperCode

MOST_BYTES = 30 * 1024 * 1024
MOST_PAGES = 120  # a class of 40, three pages each
SIDE = 2000  # pixels of the longer side of a kept page: 180 to an inch on a letter page
LARGEST = 80_000_000  # pixels of a picture that is opened at all
FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP")
QUALITY = 70
NO_TIME = time.gmtime(0)  # the same pages are the same file, whenever they come in


@dataclass(slots=True)
class Sheet:
    """The pages of one form, in order, with the code on them; `code` None: no code could be read."""

    code: PaperCode | None
    numbers: list[int] = field(default_factory=list)
    pictures: list[Image.Image] = field(default_factory=list)

    @property
    def pages(self) -> str:
        """Which pages of the upload they are, for people: "1, 2"."""
        return ", ".join(str(each) for each in self.numbers)

    def pdf(self) -> bytes:
        """The pages as a PDF of pictures."""
        out = io.BytesIO()
        first, *others = self.pictures
        first.save(
            out, "PDF", save_all=True, append_images=others, quality=QUALITY, resolution=SIDE / 11,
            creationDate=NO_TIME, modDate=NO_TIME,
        )  # fmt: skip
        return out.getvalue()


def read(data: bytes) -> list[Sheet]:
    """The forms in an upload, by the codes on their pages; a page without a code belongs to the form before it.

    Raises Refused with a sentence where a file is too large, empty, locked, or neither PDF nor picture.
    """
    if not data:
        raise Refused(_("The file is empty. Scan the form again and choose that file."))
    if len(data) > MOST_BYTES:
        raise Refused(
            _("The file has more than %d MB. Scan in black and white at 200 dots per inch, or in several parts.")
            % (MOST_BYTES // 1024 // 1024)
        )
    with one_at_a_time:
        return _sorted_out(_pictures(data))


def _sorted_out(pictures: Iterator[Image.Image]) -> list[Sheet]:
    sheets: list[Sheet] = []
    for number, picture in enumerate(pictures, 1):
        code = code_of(picture)
        if not sheets or (code is not None and code != sheets[-1].code):
            sheets.append(Sheet(code))
        sheets[-1].numbers.append(number)
        sheets[-1].pictures.append(picture)
    return sheets


def code_of(picture: Image.Image) -> PaperCode | None:
    """The code of a form in a picture, whichever way it lies; None where there is none."""
    for found in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode):
        try:
            return papercode.read(found.text.rpartition("/")[2])
        except papercode.BadCode:
            continue
    return None


def _pictures(data: bytes) -> Iterator[Image.Image]:
    return _of_pdf(data) if data.lstrip()[:5].startswith(b"%PDF") else _of_image(data)


def _of_pdf(data: bytes) -> Iterator[Image.Image]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        raise Refused(
            _("This PDF cannot be opened: it is damaged or locked with a password. Scan the form again.")
        ) from None
    try:
        if len(document) > MOST_PAGES:
            raise Refused(_("This PDF has more than %d pages. Upload it in several parts.") % MOST_PAGES)
        if not len(document):
            raise Refused(_("This PDF has no pages. Scan the form again."))
        for number in range(len(document)):
            yield _page(document, number)
    finally:
        document.close()


def _page(document: pypdfium2.PdfDocument, number: int) -> Image.Image:
    try:
        page = document[number]
        scale = SIDE / max(*page.get_size(), 1)
        return page.render(scale=min(scale, 20), grayscale=True).to_pil().convert("L")
    except (pypdfium2.PdfiumError, ValueError, MemoryError):
        raise Refused(_("Page %d of this PDF cannot be shown. Scan the form again.") % (number + 1)) from None


def _of_image(data: bytes) -> Iterator[Image.Image]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a picture that is too large is refused in words, just below
            image = Image.open(io.BytesIO(data), formats=FORMATS)
        frames = getattr(image, "n_frames", 1)
        if image.width * image.height > LARGEST or frames > MOST_PAGES:
            raise Refused(_("This picture is too large. Take it with fewer dots, or scan the form as a PDF."))
        for number in range(frames):
            image.seek(number)
            flat = ImageOps.exif_transpose(image).convert("L")
            flat.thumbnail((SIDE, SIDE))
            yield flat
    except Refused:
        raise
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        MemoryError,
        Image.DecompressionBombError,
        EOFError,
    ):
        raise Refused(
            _("This file is neither a PDF nor a picture that can be opened. Save the scan as PDF, JPEG or PNG.")
        ) from None


def folder() -> Path:
    """Where scans are kept, each under the hash of its bytes; for the owner only."""
    path = Path(settings.HOME) / "papers" / "scans"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def keep(pdf: bytes) -> str:
    """Keep a scan; returns its SHA-256, by which it is found again. The same scan is kept once."""
    digest = hashlib.sha256(pdf).hexdigest()
    path = folder() / f"{digest}.pdf"
    if not path.exists():
        whole_file.put(path, pdf)
    return digest


def kept(digest: str) -> bytes | None:
    """A scan by its hash; None where it is not there, or is not what was kept."""
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        return None
    try:
        data = (folder() / f"{digest}.pdf").read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == digest else None


def page_png(pdf: bytes, number: int) -> bytes | None:
    """One page of a kept scan as a PNG for a browser; pages count from 1."""
    with one_at_a_time:
        document = pypdfium2.PdfDocument(pdf)
        try:
            if not 1 <= number <= len(document):
                return None
            out = io.BytesIO()
            document[number - 1].render(scale=1.5, grayscale=True).to_pil().save(out, "PNG")
            return out.getvalue()
        finally:
            document.close()


def page_count(pdf: bytes) -> int:
    """How many pages a kept scan has."""
    with one_at_a_time:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return len(document)
        finally:
            document.close()
