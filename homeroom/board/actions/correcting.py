"""Correcting by hand what the reader made of a file: a clause's place and words, lines that found none."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.board import queries
from homeroom.board.actions.adopting import _draft
from homeroom.board.actions.frozen import refuse_frozen
from homeroom.board.models import AdoptedText, PlacedClause
from homeroom.journal import actions as journal
from homeroom.kernel.policytext.rows import below, relead

_PLACE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.()-]*[A-Za-z0-9)])?")


def correct_clause(
    *, actor: Actor, at: datetime, text: int, place: int, id: str, words: str, title: str = "", closing: str = "",
    optional: bool = False,
) -> AdoptedText:  # fmt: skip
    """524.title-note: say what a clause of a draft really says and where it stands. Raises Refused."""
    with journal.atomic():
        row = _changeable(text)
        clause = _clause(row, place)
        _rename(row, clause, _id(id))
        before = [clause.clause, clause.title, clause.words, clause.closing]
        clause.clause, clause.title, clause.words = _id(id), title.strip(), words.strip()
        clause.closing, clause.optional = closing.strip(), optional
        clause.save()
        _read_anew(row)
        _record(actor, row, at, {"was": before[0], "is": clause.clause, "before": " ".join(before[1:]).strip()})
    return row


def add_clause(
    *, actor: Actor, at: datetime, text: int, after: int, id: str, words: str, title: str = ""
) -> AdoptedText:
    """524.title-note: put a clause that the reader did not see into a draft, after the one at a place (-1: first)."""
    with journal.atomic():
        row = _changeable(text)
        near = _clause(row, after) if after >= 0 else None
        # Two steps, since each place may be held only once at any moment.
        behind = PlacedClause.objects.filter(text=row, place__gt=after)
        moved = list(behind.values_list("pk", flat=True))
        behind.update(place=F("place") + 1_000_000)
        PlacedClause.objects.filter(pk__in=moved).update(place=F("place") - 999_999)
        PlacedClause.objects.create(
            text=row, place=after + 1, clause=_id(id), title=title.strip(), words=words.strip(), fingerprint="0" * 16,
            first_line=near.last_line if near else 1, last_line=near.last_line if near else 1,
        )  # fmt: skip
        _read_anew(row)
        _record(actor, row, at, {"added": id.strip()})
    return row


def remove_clause(*, actor: Actor, at: datetime, text: int, place: int, reason: str) -> AdoptedText:
    """524.title-note: take out of a draft what is no clause, such as a page's foot. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Say why it is no clause of the policy."))
    with journal.atomic():
        row = _changeable(text)
        clause = _clause(row, place)
        gone = {"removed": clause.clause, "before": clause.words}
        clause.delete()
        _read_anew(row)
        _record(actor, row, at, gone, reason.strip())
    return row


def set_line_aside(*, actor: Actor, at: datetime, text: int, line: int, reason: str) -> AdoptedText:
    """524.title-note: somebody looked at a line that found no place: it is no part of the policy, or was put right."""
    if not reason.strip():
        raise Refused(_("Say what the line is, or where its words stand now."))
    with journal.atomic():
        row = _draft(text)
        if line not in [each["line"] for each in row.unplaced]:
            raise Refused(_("Line %(line)s is not among those that found no place.") % {"line": line})
        row.unplaced = [each | ({"why": reason.strip()} if each["line"] == line else {}) for each in row.unplaced]
        row.save()
        _record(actor, row, at, {"line": line}, reason.strip())
    return row


def _changeable(text: int) -> AdoptedText:
    row = _draft(text)
    refuse_frozen(row)
    return row


def _clause(row: AdoptedText, place: int) -> PlacedClause:
    found = PlacedClause.objects.filter(text=row, place=place).first()
    if found is None:
        raise Refused(
            _("Text %(pk)s has no clause at place %(place)s; it may have moved. Open the text again.")
            % {"pk": row.pk, "place": place}
        )
    return found


def _id(id: str) -> str:
    told = id.strip()
    if len(told) > 60 or not _PLACE.fullmatch(told):
        raise Refused(
            _(
                "A clause is named by its place in the outline, such as V.A.6.b(1): letters, digits, full stops, "
                "hyphens and brackets, without spaces."
            )
        )
    return told


def _rename(row: AdoptedText, clause: PlacedClause, id: str) -> None:
    """What stands below a clause, up to the next one beside it, goes with it under another id."""
    below_it: list[PlacedClause] = []
    for each in PlacedClause.objects.filter(text=row, place__gt=clause.place).order_by("place"):
        if not below(each.clause, clause.clause):
            break
        each.clause = _id(id + each.clause[len(clause.clause) :])
        below_it.append(each)
    PlacedClause.objects.bulk_update(below_it, ["clause"], batch_size=500)


def _read_anew(row: AdoptedText) -> None:
    """What stands above each clause, and its fingerprint, follow from the corrected tree."""
    kept = list(PlacedClause.objects.filter(text=row))
    for clause, read in zip(kept, relead(queries.rows(row)), strict=True):
        clause.lead_in, clause.fingerprint = read.lead_in, read.fingerprint
    PlacedClause.objects.bulk_update(kept, ["lead_in", "fingerprint"], batch_size=500)


def _record(actor: Actor, row: AdoptedText, at: datetime, data: dict[str, Any], reason: str = "") -> None:
    journal.record(
        actor=actor, verb="board.text.corrected", subject=f"text:{row.pk}", at=at, clause="524.title-note",
        reason=reason, data=data,
    )  # fmt: skip
