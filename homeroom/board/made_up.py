"""The made-up district's policy: the real text where it lies beside the checkout, else one of our own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from homeroom.base.actor import Actor
from homeroom.board import actions, queries
from homeroom.board.models import AdoptedText
from homeroom.board.parameters import DATA
from homeroom.people import queries as people

OWN = DATA / "made-up-policy.txt"
AUGUST = 8
GUIDELINE = "Loans of devices go home in a bag and come back charged."


def move_in(*, actor: Actor, at: datetime, say: Callable[[str], None]) -> None:
    """524.title-note: a text is in force since the summer, as if the board had done all that it must."""
    if AdoptedText.objects.exists():
        return
    path = real() or OWN
    first = _first_day(people.today(at))
    actions.answer_funding(
        actor=actor, at=at, state_aid=True, erate_access=True, federal_other=False, reason="E-Rate for all schools."
    )
    text, _ = actions.import_text(actor=actor, file=path.name, data=path.read_bytes(), at=at)
    _decide(actor, at, text)
    _meet(actor, at, text, first)
    actions.put_in_force(actor=actor, at=at, text=text.pk, from_day=first)
    for row in queries.sources():
        actions.check_source(actor=actor, at=at, source=row.pk, place="", note="")
    _guideline(actor, at, first + timedelta(days=14))
    say(f"{text} is in force since {first}.")


def real() -> Path | None:
    """The real model text, where somebody put it beside the checkout; it is data, and never part of Homeroom."""
    path = Path.cwd().parent / "shared" / "policy" / "msba-524.txt"
    return path if path.is_file() else None


def _decide(actor: Actor, at: datetime, text: AdoptedText) -> None:
    offered = queries.offered_options(text)
    actions.choose(
        actor=actor, at=at, text=text.pk, alternative="3" if queries.alternatives(text) else "",
        options=[each for each in offered if each in ("V.A.6.a", "V.A.6.b")],
        reason="E-Rate pays for the network, and our mission is that every child learns to use it well.",
    )  # fmt: skip


def _meet(actor: Actor, at: datetime, text: AdoptedText, first: date) -> None:
    heard = first - timedelta(days=30)
    actions.publish_notice(
        actor=actor, at=at, text=text.pk, noticed_on=first - timedelta(days=60),
        notice_where="The Lake Birch Herald: hearing on the Internet safety policy",
    )  # fmt: skip
    actions.hold_hearing(
        actor=actor, at=at, text=text.pk, hearing_on=heard, minutes="Minutes of a made-up meeting, item 7",
        voted_on=heard, vote="6 to 1",
    )  # fmt: skip


def _guideline(actor: Actor, at: datetime, on: date) -> None:
    row = actions.draft_addendum(
        actor=actor, at=at, subject="guideline:Loans of devices", kind="guideline", title="Loans of devices",
        sha256=hashlib.sha256(GUIDELINE.encode()).hexdigest(),
    )  # fmt: skip
    if row.state != "drafted":
        return
    actions.submit_addendum(actor=actor, at=at, addendum=row.pk)
    day = min(on, people.today(at))
    actions.approve_addendum(
        actor=actor, at=at, addendum=row.pk, approved_on=day, minutes="Minutes of a made-up meeting, item 3",
        effective_on=day,
    )  # fmt: skip


def _first_day(today: date) -> date:
    """The tenth of the last August."""
    this = date(today.year, AUGUST, 10)
    return this if this <= today else date(today.year - 1, AUGUST, 10)
