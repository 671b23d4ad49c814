"""Forms, their versions, and how far the board is with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from homeroom.agreements.approval import PREFIX
from homeroom.agreements.models import FormVersion, Kind
from homeroom.board import queries as board
from homeroom.board.models import Addendum


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of one form with their addendum and its standing, the newest first."""

    kind: str
    rows: tuple[tuple[FormVersion, Addendum | None, str], ...]


def kinds(on: date) -> list[Versions]:
    """Each kind of form with all its versions. Two questions."""
    known = {row.subject: row for row in board.addenda().filter(subject__startswith=PREFIX).order_by("id")}
    versions = list(FormVersion.objects.prefetch_related("texts").order_by("-number"))
    return [
        Versions(
            kind,
            tuple(
                (each, known.get(each.subject), _standing(known.get(each.subject), on))
                for each in versions
                if each.form_id == kind
            ),
        )
        for kind in Kind.values
    ]


def newest(kind: str) -> FormVersion | None:
    """The last version of a form."""
    return FormVersion.objects.filter(form=kind).prefetch_related("texts").order_by("-number").first()


def addendum(version: FormVersion) -> Addendum | None:
    """The last addendum of a version."""
    return board.addenda().filter(subject=version.subject, sha256=version.sha256).first()


def _standing(row: Addendum | None, on: date) -> str:
    return board.standing(row, on) if row is not None else ""
