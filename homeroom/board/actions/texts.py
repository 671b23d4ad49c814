"""What is done with texts of the policy."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.board import queries, reading
from homeroom.board.actions.frozen import CHANGED, refuse_frozen
from homeroom.board.models import AdoptedText, PlacedClause, Source
from homeroom.journal import actions as journal
from homeroom.kernel.policytext import findings
from homeroom.kernel.policytext.clauses import Finding, PolicyText
from homeroom.kernel.policytext.compare import renumbered
from homeroom.kernel.policytext.expected import astray
from homeroom.kernel.policytext.read import read_policy
from homeroom.kernel.policytext.rows import rows
from homeroom.people import queries as people


def import_text(*, actor: Actor, file: str, data: bytes, at: datetime) -> tuple[AdoptedText, bool]:
    """524.title-note: keep a file's text as a draft, clause by clause; the very same file is kept once.

    Returns the text and whether it is new. Raises Refused for a file that holds no policy.
    """
    digest = hashlib.sha256(data).hexdigest()
    read = reading.read_file(data)
    text = read_policy(read.lines)
    if not text.articles:
        raise reading.no_policy(file)
    with journal.atomic():
        known = AdoptedText.objects.filter(sha256=digest).first()
        if known:
            return known, False
        row = _save(actor, file, digest, text, read.remarks, at)
        journal.record(
            actor=actor, verb="board.text.imported", subject=f"text:{row.pk}", at=at, clause="524.title-note",
            data={"file": row.file, "sha256": digest, "clauses": sum(1 for _ in text)},
        )  # fmt: skip
    return row, True


def put_in_force(
    *,
    actor: Actor,
    text: int,
    from_day: date,
    at: datetime,
    alternative: str = "",
    noticed_on: date | None = None,
    hearing_on: date | None = None,
    minutes: str = "",
) -> AdoptedText:
    """VI.Alt3.note.b: a draft is in force from a day on, and the text before it until the day before.

    `alternative` is the one of Article VI that the board chose, where the text offers several.
    Alternative 3 needs public notice and then a hearing, both before `from_day`. Raises Refused.
    """
    with journal.atomic():
        row = AdoptedText.objects.select_for_update().filter(pk=text).first()
        if row is None:
            raise Refused(_("There is no text %(text)s; see “homeroom policy list”.") % {"text": text})
        _check_draft(row, from_day)
        # What was written down step by step need not be said again.
        noticed_on, hearing_on = noticed_on or row.noticed_on, hearing_on or row.hearing_on
        minutes = minutes.strip() or row.minutes
        chosen = queries.the_alternative(row, alternative or row.alternative)
        if chosen.endswith("Alt3") or (not chosen and queries.alternative_3_alone(row)):
            _check_meeting(noticed_on, hearing_on, minutes, from_day)
        _check_words(row, chosen)
        if queries.chosen_before(row):
            place_alternative(row, chosen)
        _end_before(from_day)
        row.from_day, row.alternative, row.minutes = from_day, chosen, minutes.strip()
        row.noticed_on, row.hearing_on = noticed_on, hearing_on
        row.save()
        days = {"from_day": from_day, "noticed_on": noticed_on, "hearing_on": hearing_on}
        told = {name: day.isoformat() for name, day in days.items() if day}
        journal.record(
            actor=actor, verb="board.text.in-force", subject=f"text:{row.pk}", at=at, clause="VI.note1.c",
            reason=row.minutes, data={"alternative": chosen, **told},
        )  # fmt: skip
    return row


def take_day_back(*, actor: Actor, text: int, reason: str, at: datetime) -> AdoptedText:
    """VI.note1.c: a text that has not begun is a draft again; the one before it goes on as if nothing had been said.

    Raises Refused: what was in force on any day stays so in the record.
    """
    if not reason.strip():
        raise Refused(_("Say why its first day is taken back."))
    with journal.atomic():
        row = AdoptedText.objects.select_for_update().filter(pk=text, from_day__gt=people.today(at)).first()
        if row is None:
            raise Refused(_("Only a text that has not begun can be a draft again; what was in force stays on file."))
        began, until = row.from_day, row.until_day
        assert began is not None, "it was asked for"
        row.from_day = row.until_day = None
        row.save()
        AdoptedText.objects.filter(until_day=began - timedelta(days=1)).update(until_day=until)
        journal.record(
            actor=actor, verb="board.text.day-taken-back", subject=f"text:{row.pk}", at=at, clause="VI.note1.c",
            reason=reason.strip(), data={"from_day": began.isoformat()},
        )  # fmt: skip
    return row


def place_alternative(row: AdoptedText, chosen: str) -> None:
    """VI.note1.c: the clauses of an Article VI written after the choice get the ids of the alternative it follows."""
    kept = list(PlacedClause.objects.filter(text=row, clause__startswith="VI."))
    for clause in kept:
        clause.clause = queries.under_alternative(clause.clause, chosen)
    PlacedClause.objects.bulk_update(kept, ["clause"], batch_size=500)


def discard_text(*, actor: Actor, text: int, reason: str, at: datetime) -> None:
    """524.title-note: let go of a draft that is not what the board will adopt. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Say why the draft is discarded."))
    with journal.atomic():
        row = AdoptedText.objects.select_for_update().filter(pk=text, from_day=None).first()
        if row is None:
            raise Refused(_("Only a draft can be discarded; what was ever in force stays on file."))
        PlacedClause.objects.filter(text=row).delete()
        told = {"file": row.file, "sha256": row.sha256}
        row.delete()
        journal.record(
            actor=actor, verb="board.text.discarded", subject=f"text:{text}", at=at, clause="524.title-note",
            reason=reason.strip(), data=told,
        )  # fmt: skip


def _save(
    actor: Actor, file: str, digest: str, text: PolicyText, remarks: tuple[Finding, ...], at: datetime
) -> AdoptedText:
    row = AdoptedText.objects.create(
        title=text.title[:300], file=file[:255], sha256=digest, imported_at=at, by=actor.id, by_name=actor.name,
        notes=[{"after": n.after, "text": n.text, "lines": [n.first_line, n.last_line]} for n in text.notes],
        findings=[queries.as_kept(each) for each in (*remarks, *_odd(text, people.today(at)))],
        unplaced=[{"line": line, "text": words} for line, words in text.unplaced],
        references=[{"line": line, "text": words} for line, words in text.references],
    )  # fmt: skip
    clauses = [
        PlacedClause(
            text=row, place=place, clause=each.id[:60], title=each.title, words=each.words, lead_in=each.lead_in,
            closing=each.closing, fingerprint=each.fingerprint, first_line=each.first_line,
            last_line=each.last_line, optional=each.optional, struck=list(each.struck),
        )
        for place, each in enumerate(rows(text))
    ]  # fmt: skip
    PlacedClause.objects.bulk_create(clauses, batch_size=500)
    Source.objects.bulk_create(_sources(text), ignore_conflicts=True)
    return row


def _odd(text: PolicyText, on: date) -> Iterator[Finding]:
    """524.title-note: what a person should look at, beside what the reading itself said."""
    yield from text.findings
    if text.chosen_before:
        yield Finding(text.chosen_before.first_line, findings.CHOSEN_BEFORE)
    for article, fits in astray(text):
        yield Finding(article.first_line, findings.ASTRAY, {"id": article.id, "fits": fits})
    yield from _renumbered(text, on)


def _renumbered(text: PolicyText, on: date) -> Iterator[Finding]:
    """What stands under another number than in the text in force, though it says the same."""
    before = queries.in_force(on)
    if before is None:
        return
    found = list(rows(text))
    lines = {row.id: row.first_line for row in found}
    pairs = renumbered(queries.rows(before), found)
    # An Article VI without its alternative's heading is asked which one it follows; that gives these ids back.
    moved = [(was, now) for was, now in pairs if queries.under_alternative(now, was[: len("VI.Alt3")]) != was]
    if moved:
        yield Finding(0, findings.RENUMBERED, {"text": before.pk})
    for was, now in moved:
        yield Finding(lines[now], findings.SAME_WORDS, {"id": now, "was": was})


def _sources(text: PolicyText) -> list[Source]:
    """REF.legal: what the text refers to; other policies of the district are told by their number or the word."""
    cited = dict.fromkeys(words.strip("* ")[:300] for _, words in text.references if words.strip("* "))
    return [
        Source(kind=Source.Kind.POLICY if "olicy " in each and "Stat." not in each else Source.Kind.LAW, citation=each)
        for each in cited
    ]


def _check_draft(row: AdoptedText, from_day: date) -> None:
    if row.from_day:
        raise Refused(
            _("Text %(pk)s has its first day already: %(from_day)s.") % {"pk": row.pk, "from_day": row.from_day}
        )
    later = AdoptedText.objects.filter(from_day__gte=from_day).order_by("from_day").first()
    if later:
        raise Refused(
            _("Text %(pk)s is in force from %(from_day)s on; choose a day after that.")
            % {"pk": later.pk, "from_day": later.from_day}
        )


def _check_meeting(noticed_on: date | None, hearing_on: date | None, minutes: str, from_day: date) -> None:
    if noticed_on is None or hearing_on is None or not minutes.strip():
        raise Refused(
            _(
                "Alternative 3 comes into force only after public notice and a hearing: say on which "
                "days they were, and where the minutes are."
            )
        )
    if not noticed_on < hearing_on < from_day:
        raise Refused(
            _("The notice comes before the hearing, and the hearing before the day on which the text begins.")
        )


def _check_words(row: AdoptedText, chosen: str) -> None:
    """VI.Alt3.note.b: what comes into force is what the public was told of and heard."""
    now = queries.words_sha256(row)
    if any(each not in ("", now) for each in (row.noticed_sha256, row.heard_sha256)):
        raise Refused(_(CHANGED))
    if row.alternative and row.alternative != chosen:
        refuse_frozen(row)


def _end_before(from_day: date) -> None:
    """The text in force so far ends the day before; one row or none."""
    AdoptedText.objects.filter(from_day__lt=from_day, until_day=None).update(until_day=from_day - timedelta(days=1))
