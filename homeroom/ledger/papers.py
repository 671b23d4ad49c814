"""The public ledger on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from homeroom.base import paper
from homeroom.ledger import evidence, words
from homeroom.ledger.queries import Entry, seen_in_public
from homeroom.ledger.sections import Section


def ledger(entries: Sequence[Entry], at: datetime) -> bytes:
    """XVII.C: each clause with what it asks and how it is kept, article by article; small numbers are hidden."""
    states = words.states()
    sections = [
        Section(
            "article", title, "", (), ("Clause", "What it asks", "State", "Seen", "How it is kept"),
            tuple(
                (
                    each.id, each.duty.what, states[each.state], " of ".join(seen_in_public(each)),
                    f"{each.claim.sentence} {each.claim.missing}".strip(),
                )
                for each in found
            ),
            short=1000,
        )
        for title, found in words.by_article(entries)
    ]  # fmt: skip
    data = {
        "title": "How the policy is kept", "subtitle": evidence.said(at), "foot": "Policy ledger",
        "contents": "Contents", "to_add": "", "opening": [], "sections": [each.as_data() for each in sections],
    }  # fmt: skip
    return paper.typeset("ledger/sections.typ", data, at=at)
