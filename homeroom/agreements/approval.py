"""XVII.A.2: which version of each form may be signed on a day, by the board's addenda."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from homeroom.agreements.models import FormVersion
from homeroom.board import queries as board
from homeroom.kernel.agreements.values import Wanted

PREFIX = "agreements.form:"


@dataclass(frozen=True, slots=True)
class InEffect:
    """The version of a form that is signed on a day; signatures on versions from `wanted.oldest` on still count."""

    version: FormVersion
    wanted: Wanted


def in_effect(on: date) -> dict[str, InEffect]:
    """Each form that is in effect on a day, by its kind. Two questions."""
    approved = board.effective_subjects(PREFIX, on)
    if not approved:
        return {}
    found: dict[str, list[FormVersion]] = {}
    for version in sorted(FormVersion.objects.order_by(), key=lambda row: (row.form_id, row.number)):
        addendum = approved.get(version.subject)
        if addendum is not None and addendum.sha256 == version.sha256:
            found.setdefault(version.form_id, []).append(version)
    return {kind: _newest(versions) for kind, versions in found.items()}


def _newest(versions: list[FormVersion]) -> InEffect:
    """The newest of the approved ones; whoever signed before the last material change must sign again."""
    newest = versions[-1]
    oldest = next((each.number for each in reversed(versions) if each.material), versions[0].number)
    return InEffect(newest, Wanted(newest.number, oldest))
