"""Looking at somebody's letter is an act; its proof is a sealed PDF."""

from __future__ import annotations

from datetime import datetime

from homeroom.base import paper, seal
from homeroom.base.actor import Actor
from homeroom.journal import actions as journal
from homeroom.notices import sheets
from homeroom.notices.kinds import KINDS
from homeroom.notices.models import Letter
from homeroom.notices.queries import progress


def look_at(*, actor: Actor, letter: Letter, at: datetime) -> None:
    """Who looked at whose letter, and when; one's own needs no note."""
    if letter.reader_id != actor.id:
        _record(actor, "seen", letter, at)


def proof(*, actor: Actor, letter: Letter, at: datetime) -> bytes:
    """XI.A, XII.B.0a, XIII.C.0m, XIV.D.2: what somebody was told, how and when, sealed by the district."""
    data = sheets.proof(letter, progress.attempts(letter), progress.children_of(letter), progress.corrections(letter))
    made = paper.typeset("notices/proof.typ", data, at=at)
    sealed = seal.seal(made, reason=f"Proof of letter {letter.pk}", at=at)
    _record(actor, "proved", letter, at)
    return sealed


def _record(actor: Actor, done: str, letter: Letter, at: datetime) -> None:
    with journal.atomic():
        journal.record(
            actor=actor, verb=f"notices.letter.{done}", subject=f"letter:{letter.pk}", at=at,
            clause=KINDS[letter.kind].clause, data={"reader": letter.reader_id},
        )  # fmt: skip
