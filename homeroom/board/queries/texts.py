"""Questions about texts of the policy."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from homeroom.base.errors import Refused
from homeroom.board.models import AdoptedText, PlacedClause
from homeroom.kernel.policytext import clauses, findings
from homeroom.kernel.policytext.rows import Row


def texts() -> QuerySet[AdoptedText]:
    """All texts, the newest first."""
    return AdoptedText.objects.all()


def text(pk: int) -> AdoptedText | None:
    """One text."""
    return AdoptedText.objects.filter(pk=pk).first()


def in_force(on: date) -> AdoptedText | None:
    """XVII.C: the text in force on a day; None where the board put none in force."""
    return AdoptedText.objects.in_force(on).first()


def rows(text: AdoptedText) -> list[Row]:
    """A text's clauses, in its order."""
    return [
        Row(
            id=each.clause, title=each.title, words=each.words, lead_in=each.lead_in, closing=each.closing,
            fingerprint=each.fingerprint, first_line=each.first_line, last_line=each.last_line,
            optional=each.optional, struck=tuple(each.struck),
        )
        for each in PlacedClause.objects.filter(text=text)
    ]  # fmt: skip


def odd(text: AdoptedText) -> list[dict[str, Any]]:
    """524.title-note: what was odd about the file and is yet, since people correct a draft by hand."""
    kept = rows(text)
    found = [
        each for each in text.findings
        if each.get("words") != findings.TWICE
        and findings.still(each["line"], each.get("words", ""), each.get("values", {}), kept)
    ]  # fmt: skip
    found += [as_kept(each) for each in findings.twice(kept)]
    gone = {findings.CHOSEN_BEFORE} if text.alternative else set()
    if not any(each.get("words") == findings.SAME_WORDS for each in found):
        gone.add(findings.RENUMBERED)
    return sorted((each for each in found if each.get("words") not in gone), key=lambda each: each["line"])


def as_kept(finding: clauses.Finding) -> dict[str, Any]:
    """A finding as plain values: the sentence, and what it is made of, for other languages."""
    return {
        "line": finding.line, "sentence": finding.sentence, "words": finding.words, "values": dict(finding.values),
    }  # fmt: skip


def words_sha256(text: AdoptedText) -> str:
    """VI.Alt3.note.b: the hash of a text's words, clause by clause, as the public can read them."""
    # Not what follows from the outline: naming the clauses by the chosen alternative changes no word.
    fields = ("title", "words", "closing", "optional")
    told = list(PlacedClause.objects.filter(text=text).order_by("place").values_list(*fields))
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def alternatives(text: AdoptedText) -> list[str]:
    """What the text offers to choose from ("VI.Alt1", ...); empty where it was chosen before it was written."""
    ids = PlacedClause.objects.filter(text=text, clause__regex=r"^[IVX]+\.Alt[0-9]+$").values_list("clause", flat=True)
    found = list(ids)
    return found if len(found) > 1 else []


ALL_THREE = ("VI.Alt1", "VI.Alt2", "VI.Alt3")
_CHOSEN = re.compile(r"\AVI(?:\.Alt[0-9]+(?=\.))?(?=\.)")


def to_choose(text: AdoptedText) -> list[str]:
    """VI.note1.c: what somebody may say the board chose: what the text offers, or all three where it was written after
    the choice and says no more which one it was.
    """
    return alternatives(text) or (list(ALL_THREE) if chosen_before(text) else [])


def chosen_before(text: AdoptedText) -> bool:
    """Whether Article VI is on the filter and offers no alternatives."""
    article = PlacedClause.objects.filter(Q(clause__exact="VI") | Q(clause__startswith="VI."), text=text)
    return clauses.chosen_before(article.values_list("clause", "title", "words"))


def under_alternative(clause: str, alternative: str) -> str:
    """VI.note1.c: the id of a clause of Article VI once it is known which alternative the article follows.

    >>> [under_alternative(id, "VI.Alt2") for id in ("VI.A.1", "VI.Alt3.A.1", "V.A")]
    ['VI.Alt2.A.1', 'VI.Alt2.A.1', 'V.A']
    """
    return _CHOSEN.sub(alternative, clause)


def the_alternative(text: AdoptedText, said: str) -> str:
    """VI.note1.c: the one alternative that somebody means by "3" or "VI.Alt3"; "" for a text that offers none.

    Raises Refused where it is not exactly one of those that the text offers.
    """
    offered = to_choose(text)
    number = said.strip().rpartition("Alt")[2]
    found = [id for id in offered if number and id.endswith(f"Alt{number}")]
    if offered and len(found) != 1 and not alternatives(text):
        raise Refused(
            _(
                "Article VI of this text does not say which of the three alternatives it follows, and"
                " the law asks more of the third one: say which one the board chose, 1, 2 or 3 (on "
                "the page: “Choose”)."
            )
        )
    if offered and len(found) != 1:
        raise Refused(
            _("The text offers %(names)s; say which one the board chose: --alternative 1, 2 or 3.")
            % {"names": ", ".join(offered)}
        )
    if said and not offered:
        raise Refused(_("The text offers no alternatives, so there is none to choose; leave --alternative out."))
    return found[0] if found else ""


def alternative_3_alone(text: AdoptedText) -> bool:
    """Whether a text without a choice holds the third alternative."""
    return PlacedClause.objects.filter(text=text, clause__endswith=".Alt3").exists()


def state(text: AdoptedText, on: date) -> str:
    """In a word: "draft", "to come", "in force" or "over"."""
    if text.from_day is None:
        return "draft"
    if on < text.from_day:
        return "to come"
    return "over" if text.until_day and text.until_day < on else "in force"


def as_json(text: AdoptedText, on: date, clauses: Sequence[Row] | None = None) -> dict[str, Any]:
    """A text as plain values, for the command line; with its clauses where these are given."""
    told: dict[str, Any] = {
        "id": text.pk,
        "title": text.title,
        "file": text.file,
        "sha256": text.sha256,
        "state": state(text, on),
        "from": text.from_day and text.from_day.isoformat(),
        "until": text.until_day and text.until_day.isoformat(),
        "alternative": text.alternative,
        "options": list(text.options),
        "watch_adults": text.adult_monitoring,
        "reason": text.reason,
        "imported_at": text.imported_at.isoformat(),
        "by": text.by,
    }
    if clauses is None:
        return told
    return told | {
        "clauses": [row_as_json(row) for row in clauses],
        "unplaced": text.unplaced,
        "findings": [{"line": each["line"], "sentence": each["sentence"]} for each in text.findings],
        "notes": text.notes,
        "references": text.references,
        "alternatives": _offered(clauses),
    }


def row_as_json(row: Row) -> dict[str, Any]:
    """One clause as plain values; `lines` are the first and the last."""
    return {
        "id": row.id,
        "title": row.title,
        "words": row.words,
        "lead_in": row.lead_in,
        "closing": row.closing,
        "lines": [row.first_line, row.last_line],
        "fingerprint": row.fingerprint,
        "optional": row.optional,
        "struck": list(row.struck),
    }


def _offered(clauses: Sequence[Row]) -> dict[str, list[str]]:
    offered: dict[str, list[str]] = {}
    for row in clauses:
        article, _, last = row.id.rpartition(".")
        if last.startswith("Alt"):
            offered.setdefault(article, []).append(row.id)
    return offered
