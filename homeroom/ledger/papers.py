"""The public ledger on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from homeroom.base import paper, speech
from homeroom.ledger import evidence, said, words
from homeroom.ledger.queries import Entry, seen_in_public
from homeroom.ledger.said import said as in_words
from homeroom.ledger.sections import Section


def ledger(entries: Sequence[Entry], at: datetime) -> bytes:
    """XVII.C: each clause with what it asks and how it is kept, article by article; small numbers are hidden.

    In the reader's language, as the page is; what binds stands at its beginning.
    """
    states = words.states()
    head = (_("Clause"), _("What it asks"), _("State"), _("Seen"), _("How it is kept"))
    sections = [
        Section("article", title, "", (), head, tuple(_row(each, states) for each in found), short=1000)
        for title, found in words.by_article(entries)
    ]
    data = {
        "title": _("How the policy is kept"), "subtitle": evidence.said(at), "foot": _("Policy ledger"),
        "contents": _("Contents"), "to_add": "", "opening": [words.translated()] if said.elsewhere() else [],
        "sections": [each.as_data() for each in sections], "language": speech.language(),
    }  # fmt: skip
    return paper.typeset("ledger/sections.typ", data, at=at)


def _row(entry: Entry, states: dict[str, str]) -> tuple[str, ...]:
    broken, looked = seen_in_public(entry)
    seen = _("%(broken)s of %(looked)s") % {"broken": broken, "looked": looked}
    how = " ".join(in_words(each)[0] for each in (entry.claim.sentence, entry.claim.missing) if each)
    return entry.id, in_words(entry.duty.what)[0], states[entry.state], seen, how
