"""The E-Rate binder of a funding year: one PDF, the tables as CSV, the policy's text, an index with hashes."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils.translation import gettext as _

from homeroom.base import paper
from homeroom.base.errors import Refused
from homeroom.board import queries as board
from homeroom.journal import queries as journal
from homeroom.ledger import attested, evidence, queries, undertaken
from homeroom.ledger.evidence import Span
from homeroom.ledger.sections import Section, length
from homeroom.people import queries as people

FIRST_MONTH = 7  # a funding year runs from 1 July to 30 June
EARLIEST = 2000
SIGNS = (
    "In tables “<5” stands for a number from 1 to 4, and “…” for another one that would give such a number away. Times "
    "are those of the district."
)
NOT_CHOSEN = "[not chosen by the board] "
PARTS: tuple[tuple[str, Callable[[Span], Section]], ...] = (
    ("the policy", evidence.text),
    ("the meeting", evidence.meeting),
    ("the filter", evidence.filter_now),
    ("changes", evidence.changes),
    ("hours", evidence.hours),
    ("looks", evidence.looks),
    ("refusals", evidence.refusals),
    ("samples", undertaken.samples),
    ("openings for adults", undertaken.openings),
    ("reviews", undertaken.reviews),
    ("teaching", attested.teaching),
    ("students taught", lambda span: attested.rosters(span, names=False)),
    ("watching", attested.watching),
    ("devices", undertaken.devices),
    ("notices", undertaken.notices),
    ("providers", undertaken.providers),
    ("forms", attested.forms),
    ("inventory", attested.inventory),
    ("papers", attested.papers),
    ("retention", evidence.kept_for),
    ("clauses", evidence.clauses),
)
STEPS = len(PARTS) + 2
Told = Callable[[int, int, str], None]


def year_of(on: date) -> int:
    """The funding year that a day lies in: 2026 is the one from July 2026 to June 2027.

    >>> year_of(date(2026, 6, 30)), year_of(date(2026, 7, 1))
    (2025, 2026)
    """
    return on.year if on.month >= FIRST_MONTH else on.year - 1


def span(year: int, at: datetime) -> Span:
    """The days of a funding year; raises Refused for one that has not begun."""
    now = year_of(people.today(at))
    if not EARLIEST <= year <= now:
        raise Refused(
            _(
                "There is no funding year %(year)s to bind; the newest is %(now)s, from July %(now)s to June "
                "%(following)s."
            )
            % {"year": year, "now": now, "following": now + 1}
        )
    return Span(date(year, FIRST_MONTH, 1), date(year + 1, FIRST_MONTH - 1, 30), at)


def build(year: int, at: datetime, tell: Told = lambda done, of, what: None, *, names: bool = False) -> bytes:
    """VI.Alt3.note.a: the binder as a ZIP file; the same records and instant give the same bytes. Raises Refused.

    With `names` a folder “students” holds the lists of students taught and the papers that name students; everything
    else, and the copy of these lists without names, is the same.
    """
    covered = span(year, at)
    sections = []
    for done, (what, part) in enumerate(PARTS):
        tell(done, STEPS, what)
        sections.append(part(covered))
    tell(len(PARTS), STEPS, "the PDF")
    files = [
        ("binder.pdf", f"The binder of funding year {year}", _pdf(year, covered, sections)),
        *_more(covered, sections),
        *attested.files(covered, names=names),
    ]
    if names:
        listed = attested.rosters(covered, names=True)
        files.append((f"students/{listed.id}.csv", listed.title, listed.as_csv()))
    tell(len(PARTS) + 1, STEPS, "the index")
    packed = _packed(year, at, files)
    tell(STEPS, STEPS, "done")
    return packed


def _pdf(year: int, covered: Span, sections: list[Section]) -> bytes:
    records = board.rule("erate-records", covered.on)
    opening = [
        f"What the district can show for the E-Rate funding year {year}, from {covered.first} to {covered.last}, as "
        "its records stood when this was made. No student is named: what speaks of students is counted, and small "
        "numbers are hidden.",
        f"Keep it for {length(records.length, records.unit)} after {records.starts} ({records.source}).",
        SIGNS,
    ]
    data = {
        "title": f"E-Rate binder, funding year {year}", "subtitle": f"Made {evidence.said(covered.at)}",
        "foot": f"Funding year {year}", "contents": "Contents", "to_add": "To be added by the district:",
        "opening": opening, "sections": [each.as_data() for each in sections],
    }  # fmt: skip
    return paper.typeset("ledger/sections.typ", data, at=covered.at)


def _more(covered: Span, sections: list[Section]) -> Iterator[tuple[str, str, bytes]]:
    for number, each in enumerate(sections, 1):
        if each.rows:
            yield f"{number:02}-{each.id}.csv", each.title, each.as_csv()
    text = board.in_force(covered.on)
    if text:
        rows = board.rows(text)
        aside = queries.not_chosen(text, {row.id: row for row in rows})
        lines = [
            f"{row.id} {NOT_CHOSEN if queries.stands_in(row.id, aside) else ''}{row.title} {row.words}\n{row.closing}"
            for row in rows
        ]
        yield (
            "policy.txt",
            f"The text in force on {covered.on}",
            ("\n\n".join(each.strip() for each in lines) + "\n").encode(),
        )


def _packed(year: int, at: datetime, files: list[tuple[str, str, bytes]]) -> bytes:
    """The ZIP; its index names each file with its hash, and the end of the journal when it was made."""
    head = journal.head()
    listed = [
        {
            "file": name, "title": title, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(),
            "names_students": name.startswith("students/"),
        }
        for name, title, data in files
    ]  # fmt: skip
    index = {
        "funding_year": year, "made_at": at.isoformat(), "journal": {"entry": head.id, "hash": head.hash},
        "files": listed,
    }  # fmt: skip
    sums = "".join(f"{each['sha256']}  {each['file']}\n" for each in listed)
    all_files = [(name, data) for name, _title, data in files]
    all_files += [
        ("index.json", json.dumps(index, indent=1, ensure_ascii=False).encode()),
        ("SHA256SUMS", sums.encode()),
    ]
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in all_files:
            entry = ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second // 2 * 2))
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o600 << 16
            archive.writestr(entry, data)
    return out.getvalue()
