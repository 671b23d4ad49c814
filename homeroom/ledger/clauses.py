"""What the ledger itself owes the policy."""

from __future__ import annotations

from datetime import datetime

from homeroom.board import queries as board
from homeroom.kernel.policytext.claims import Claim, How, Looked
from homeroom.kernel.policytext.clauses import fingerprint
from homeroom.ledger import queries
from homeroom.people import queries as people


def words_other_than_adopted(at: datetime) -> Looked:
    """XVII.C: clauses of the text in force whose public words are no longer those that were read in."""
    text = board.in_force(people.today(at))
    rows = board.rows(text) if text else []
    other = [row.id for row in rows if row.fingerprint != fingerprint(row.lead_in, row.words, row.closing)]
    return Looked(len(rows), len(other), f"Changed since they were read in: {', '.join(other)}." if other else "")


CLAIMS = (
    Claim(
        ("XVII.C",), How.WORDS,
        "Every clause of the policy has a public page with the district's own words, how it is kept and what shows it; "
        "nobody needs to sign in.",
        (queries.ledger, queries.entry), (words_other_than_adopted,),
    ),
)  # fmt: skip
