"""Letters and proofs as data that a paper template can set."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from homeroom.base import qr
from homeroom.base.paper import blocks
from homeroom.notices import mail, titles, wording
from homeroom.notices.kinds import KINDS
from homeroom.notices.models import Attempt, Correction, Letter


def letter(row: Letter, address: str) -> dict[str, Any]:
    """One letter of a print file; `address` are the lines for the window."""
    code = code_of(row)
    return {
        "to": address.splitlines(),
        "foot": f"{settings.ORGANISATION} · {code}",
        "code": qr.svg(f"{settings.PUBLIC_URL}/my/notices/{row.pk}?code={code}"),
        "code_says": f"Letter {code}",
        "parts": parts(row),
    }


def parts(row: Letter) -> list[dict[str, Any]]:
    """What a letter says, part by part; what is enclosed stands one heading lower."""
    said = wording.parts(row.content, row.fields)
    return [
        {"language": content.language, "title": subject, "level": 1 if content.kind == row.kind else 2,
         "body": [block for words in paragraphs for block in blocks.of(words)]}
        for content, subject, paragraphs in said
    ]  # fmt: skip


def code_of(row: Letter) -> str:
    """What stands below a letter's QR code, to be typed where nobody can scan: "L12-3f9a"."""
    return f"L{row.pk}-{mail.message_id(row.pk).partition('.')[2][:4]}"


def proof(
    row: Letter, attempts: Iterable[Attempt], children: Iterable[str], corrections: Iterable[Correction] = ()
) -> dict[str, Any]:
    """Everything that shows whether one person was told, for a sealed PDF."""
    notice = row.notice
    facts = [
        [_("To"), f"{row.fields.get('reader', '')} ({row.reader_id})"],
        [_("About"), ", ".join(children) or "–"],
        [_("Notice"), f"{notice.title} ({notice.pk})"],
        [_("Clause"), KINDS[row.kind].clause],
        [_("State"), str(titles.states().get(row.state, row.state))],
        [_("Sent"), _when(row.sent_at)],
        [_("Delivered"), f"{_when(row.delivered_at)} {titles.how(row.delivered_how)}".strip()],
        [_("Read"), _when(row.read_at)],
        [_("Due"), _when(row.due_at)],
        [_("Hash of what was said to whom"), _grouped(row.sha256)],
        [_("Hash of the words"), _grouped(row.content_id)],
    ]
    way = [
        [f"{titles.channels().get(each.channel, each.channel)} {each.number}", _attempt(each)] for each in attempts
    ]  # fmt: skip
    way += [[_("Taken back"), _correction(each)] for each in corrections]
    return {
        "language": "en", "title": _("Proof of notice"), "subtitle": notice.title, "foot": code_of(row),
        "head": [_("What"), _("Value")], "facts": facts, "way_title": _("Each try"),
        "way_head": [_("Way"), _("What happened")], "way": way or [["–", _("Nothing was tried yet.")]],
        "words_title": _("What was said"), "parts": parts(row),
    }  # fmt: skip


def _attempt(each: Attempt) -> str:
    address = ", ".join(each.address.splitlines())
    said = [titles.attempt(each.channel, each.state), address, _when(each.sent_at or each.begun_at), each.why]
    return "; ".join(part for part in said if part)


def _correction(each: Correction) -> str:
    said = titles.how(each.said)
    return (
        f"{each.said_by_name}, {_when(each.said_at)}: {each.on} {said}; {each.by_name}, {_when(each.at)}: {each.reason}"
    )


def _grouped(sha: str) -> str:
    """A hash that fits into a table, and that two people can compare aloud.

    >>> _grouped("0123456789abcdef" * 2)
    '0123456789abcdef 0123456789abcdef'
    """
    return " ".join(sha[start : start + 16] for start in range(0, len(sha), 16))


def _when(at: Any) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S %Z") if at else "–"
