"""From the bytes of a file to the lines of a policy: plain text, Markdown, DOCX or PDF."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeroom.base.errors import Refused
from homeroom.board import docx, pdf
from homeroom.kernel.policytext import findings
from homeroom.kernel.policytext.clauses import Finding

MOST_BYTES = 20_000_000  # of a file; the model policy has 60,000
MOST_LINES = 20_000
OTHERS = (  # what districts also hold, by its first bytes
    (b"\xd0\xcf\x11\xe0", "an old Word file (.doc)"), (b"{\\rtf", "RTF"), (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Read:
    """The lines, and in sentences what a person should know about how they were read."""

    lines: tuple[str, ...]
    remarks: tuple[Finding, ...] = ()


def read_file(data: bytes) -> Read:
    """The lines of a file, whose kind its first bytes tell. Raises Refused where it holds no text that can be read."""
    if len(data) > MOST_BYTES:
        raise Refused(
            _("The file has more than %(most)s MB. Give the policy alone, without pictures.")
            % {"most": MOST_BYTES // 1_000_000}
        )
    if data.startswith(b"%PDF"):
        read = Read(*pdf.read(data))
    elif data.startswith(b"PK\x03\x04"):
        read = Read(*docx.read(data))
    else:
        read = _text(data)
    if len(read.lines) > MOST_LINES:
        raise Refused(_("The file has more than %(most)s lines. Give the policy alone.") % {"most": MOST_LINES})
    if not any(line.strip() for line in read.lines):
        raise Refused(_("The file holds no words. Give the policy as text, Markdown, DOCX or PDF."))
    return read


def no_policy(file: str) -> Refused:
    """What is said of a file in which no article was found."""
    return Refused(
        _("%(file)s has no article such as “I. PURPOSE”. Check that it is the policy, with its numbering.")
        % {"file": file}
    )


def _text(data: bytes) -> Read:
    for start, kind in OTHERS:
        if data[:200].lstrip().lower().startswith(start):
            raise Refused(
                _("This is %(kind)s. Open it in a word processor and save it as DOCX, then read that in.")
                % {"kind": _(kind)}
            )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Read(tuple(data.decode("utf-16", errors="replace").splitlines()))
    if b"\x00" in data:
        raise Refused(_("This is neither text nor Markdown, DOCX or PDF. Save the policy as one of these."))
    try:
        return Read(tuple(data.decode("utf-8-sig").splitlines()))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        said = Finding(0, findings.NOT_UTF_8, {"line": line})
        return Read(tuple(data.decode("cp1252", errors="replace").splitlines()), (said,))
