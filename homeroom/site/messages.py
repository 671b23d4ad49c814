"""Compiles the translations (`python -m homeroom.site.messages`): each .po file to the .mo that Django reads.

`python -m homeroom.site.messages collect` brings new words of all templates and modules into the
.po files first, to be translated there by hand; that needs GNU gettext.

The usual tool, msgfmt, is not on every machine; the format is small (GNU gettext manual, "The
Format of GNU MO Files"). A translation marked fuzzy is left out, as msgfmt does.
"""

from __future__ import annotations

import ast
import os
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent.parent
MAGIC, VERSION, HEADER = 0x950412DE, 0, 28
CONTEXT = "\x04"  # between a message's context and its words


class BadCatalogue(ValueError):
    """A .po file that cannot be read; the message says where."""


@dataclass(slots=True)
class Message:
    """One entry while it is read: texts by keyword ("msgctxt", "msgid", "msgid_plural", "msgstr", "msgstr[0]", ...)."""

    fuzzy: bool = False
    texts: dict[str, str] = field(default_factory=dict)

    def key(self) -> str:
        """As the .mo file names it."""
        context = self.texts.get("msgctxt")
        plural = self.texts.get("msgid_plural")
        name = self.texts.get("msgid", "") + ("" if plural is None else f"\0{plural}")
        return name if context is None else f"{context}{CONTEXT}{name}"

    def value(self) -> str:
        """The translation; plural forms one after the other."""
        if "msgstr" in self.texts:
            return self.texts["msgstr"]
        forms = sorted(key for key in self.texts if key.startswith("msgstr["))
        return "\0".join(self.texts[form] for form in forms)


def read(text: str) -> dict[str, str]:
    """The translated messages of a .po file; the header is the one under "". Raises BadCatalogue."""
    found = {}
    for message in _messages(text):
        if message.texts and not message.fuzzy and message.value().strip("\0"):
            found[message.key()] = message.value()
    return found


def compiled(messages: dict[str, str]) -> bytes:
    """A .mo file.

    >>> import gettext, io
    >>> gettext.GNUTranslations(io.BytesIO(compiled({"": "", "Rules": "Reglas"}))).gettext("Rules")
    'Reglas'
    """
    pairs = sorted((key.encode(), value.encode()) for key, value in messages.items())
    count = len(pairs)
    start = HEADER + 16 * count
    keys = b"".join(key + b"\0" for key, _ in pairs)
    values = b"".join(value + b"\0" for _, value in pairs)
    table = _table([key for key, _ in pairs], start) + _table([value for _, value in pairs], start + len(keys))
    header = struct.pack("<7I", MAGIC, VERSION, count, HEADER, HEADER + 8 * count, 0, start)
    return header + table + keys + values


def compile_all(folder: Path = HERE) -> list[Path]:
    """Bring every .mo under a folder up to date; returns those that were written."""
    written = []
    for source in sorted(folder.rglob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        try:
            content = compiled(read(source.read_text(encoding="utf-8")))
        except BadCatalogue as error:
            raise BadCatalogue(f"{source}: {error}") from None
        aside = target.with_suffix(".mo.new")
        aside.write_bytes(content)
        aside.replace(target)
        written.append(target)
    return written


def collect() -> None:
    """Bring every word that pages say into the .po files; new ones are empty until somebody translates them."""
    from homeroom.site.django_ready import wake

    wake()
    from django.conf import settings
    from django.core.management import call_command

    os.chdir(HERE)
    settings.LOCALE_PATHS = [str(HERE / "site/locale")]
    others = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    call_command("makemessages", locale=others, no_wrap=True, no_location=True, no_obsolete=True)


def _table(texts: list[bytes], start: int) -> bytes:
    rows = b""
    for text in texts:
        rows += struct.pack("<2I", len(text), start)
        start += len(text) + 1
    return rows


def _messages(text: str) -> Iterator[Message]:
    message, keyword = Message(), ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line.startswith("#,"):
            message.fuzzy = message.fuzzy or "fuzzy" in line
        elif line.startswith("#"):
            continue
        elif not line:
            yield message
            message = Message()
        elif line.startswith('"'):
            message.texts[keyword] = message.texts.get(keyword, "") + _unquoted(line, number)
        else:
            keyword, _, rest = line.partition(" ")
            message.texts[keyword] = _unquoted(rest, number)
    yield message


def _unquoted(text: str, number: int) -> str:
    try:
        said = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError):
        said = None
    if not isinstance(said, str):
        raise BadCatalogue(f"line {number} is no quoted text: {text}")
    return said


if __name__ == "__main__":
    try:
        if "collect" in sys.argv:
            collect()
        compile_all()
    except BadCatalogue as error:
        sys.exit(str(error))
