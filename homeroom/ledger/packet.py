"""The packet for the board's yearly review: what happened under each clause, what is overdue, law in motion."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from django.utils import translation

from homeroom.base import paper
from homeroom.base.speech import WRITTEN_IN
from homeroom.board import parameters as stated
from homeroom.board import queries as board
from homeroom.journal import queries as journal
from homeroom.kernel.clauses import TITLES
from homeroom.ledger import attested, evidence, queries, undertaken
from homeroom.ledger.evidence import Span
from homeroom.ledger.queries import Ledger, State
from homeroom.ledger.sections import Section
from homeroom.people import queries as people
from homeroom.providers.queries import contracts

YEAR = timedelta(days=365)


def build(at: datetime) -> bytes:
    """XVII.D: the packet as a PDF, from the last review (or a year back) until now."""
    covered = span(at)
    found = queries.ledger(at)
    data = {
        "title": "Yearly review of the policy", "subtitle": f"{covered.first} to {covered.last}",
        "foot": "Yearly review", "contents": "Contents", "to_add": "To be added:",
        "opening": [_opening(found, covered)], "sections": [each.as_data() for each in sections(covered, found)],
    }  # fmt: skip
    return paper.typeset("ledger/sections.typ", data, at=at)


def span(at: datetime) -> Span:
    """Since the last review that was held before today."""
    today = people.today(at)
    last = board.reviews().filter(held_on__lt=today).order_by("-held_on").first()
    first = last.held_on if last and last.held_on else today - YEAR
    return Span(first, today, at)


def sections(covered: Span, found: Ledger) -> list[Section]:
    """All parts, in the order in which a board asks."""
    return [
        _overdue(covered, found),
        _happened(covered),
        evidence.text(covered),
        _points(covered),
        _addenda(covered),
        _motion(),
        _ending(covered),
        undertaken.openings(covered),
        undertaken.reviews(covered),
        undertaken.notices(covered),
        undertaken.devices(covered),
        attested.teaching(covered),
        evidence.refusals(covered),
        evidence.hours(covered),
        evidence.numbers(covered),
        evidence.clauses(covered, ""),
    ]


def _opening(found: Ledger, covered: Span) -> str:
    counts = Counter(each.state for each in found.entries)
    told = ", ".join(f"{counts[state]} {WORDS[state]}" for state in State if counts[state])
    return f"Of {len(found.entries)} clauses: {told}. What stands here was read from the records on {covered.on}."


WORDS = {
    State.KEPT: "kept", State.BROKEN: "broken", State.NOTHING: "with nothing to look at yet",
    State.STALE: "not looked at lately", State.OPEN: "open",
}  # fmt: skip


def _overdue(covered: Span, found: Ledger) -> Section:
    rows = [
        (each.id, each.title, WORDS[each.state], " of ".join(queries.seen_in_public(each)))
        for each in found.entries
        if each.holds and each.state in (State.BROKEN, State.STALE)
    ]
    clock = board.review_clock(covered.on)
    says = (
        [
            f"The yearly review was due on {clock.due}."
            if clock.due < covered.on
            else f"The yearly review is due on {clock.due}."
        ]
        if clock
        else []
    )
    says += [
        f"{each.addendum} was approved before {each.title} and waits to be read again."
        for each in board.unread(covered.on)
    ]
    return Section(
        "overdue", "Broken, stale, overdue", "", tuple(says), ("Clause", "What it asks", "State", "Found"), tuple(rows)
    )


def _happened(covered: Span) -> Section:
    """What was done under each clause, by the journal."""
    counts: Counter[str] = Counter()
    entries = journal.all_entries().filter(at__gte=covered.since, at__lte=covered.at).exclude(clause="")
    for clause in entries.values_list("clause", flat=True).iterator():
        counts[clause] += 1
    rows = tuple((id, TITLES[id], queries.shown(counts[id])) for id in TITLES if counts[id])
    return Section(
        "happened", "What happened under each clause", "", ("Acts in the journal, counted; small numbers are hidden.",),
        ("Clause", "What it asks", "Acts"), rows, short=200,
    )  # fmt: skip


def _points(covered: Span) -> Section:
    text = board.in_force(covered.on)
    with translation.override(WRITTEN_IN):  # the packet is one paper in one language, whoever builds it
        rows = tuple((each.clause, each.sentence) for each in board.points(text, covered.on)) if text else ()
    return Section("points", "Where the text and the law pull apart", "", (), ("Clause", "What to know"), rows)


def _addenda(covered: Span) -> Section:
    rows = tuple(
        (each.number, each.title, each.kind, each.effective_on or "")
        for each in board.addenda().filter(effective_on__gte=covered.first, effective_on__lte=covered.last)
    )
    head = ("Number", "Title", "Kind", "From")
    return Section("addenda", "Addenda of the year", "XVII.A.2", (), head, rows)


def _motion() -> Section:
    rows = tuple((row.about, each.value, each.source, each.note) for row in stated.table() for each in row.pending)
    head = ("About", "What a bill would bring", "Source", "Note")
    return Section("motion", "Law in motion", "XVII.D", (), head, rows)


def _ending(covered: Span) -> Section:
    """Contracts that run out within 90 days, the soonest first."""
    rows = tuple((each.provider.title, each.title, each.last_day or "") for each in contracts.ending(covered.on))
    return Section("ending", "Contracts that run out soon", "XIII.F", (), ("Provider", "Contract", "Last day"), rows)


def file_name(on: date) -> str:
    """How the file is called."""
    return f"review-{on.isoformat()}.pdf"
