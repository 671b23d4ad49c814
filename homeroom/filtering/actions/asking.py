"""Asking the filter as a person tells their standing, so it is an act as opening their record is."""

from __future__ import annotations

from datetime import datetime

from homeroom.base.actor import Actor
from homeroom.journal import actions as journal


def ask_as(*, actor: Actor, person: str, at: datetime) -> None:
    """IV.1: somebody asked what the filter would say to a person; who asked, and when, stands in the journal."""
    if person == actor.id:
        return
    with journal.atomic():
        journal.record(actor=actor, verb="access.filter.asked-as", subject=f"person:{person}", at=at)
