"""The made-up district's agreements: forms that the board approved, most of them signed, some not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from homeroom.agreements import actions, queries
from homeroom.agreements.actions import Evidence, Words
from homeroom.agreements.models import Slot
from homeroom.agreements.queries.signing import open_slots
from homeroom.base.actor import Actor
from homeroom.board import actions as board
from homeroom.people import actions as people
from homeroom.people import queries as people_queries
from homeroom.people.actions import PlaceIn
from homeroom.people.models import Enrolment, RoleName

TEXTS = Path(__file__).parent / "data"
KIM = Actor(id="kim", name="Kim Vang", roles=frozenset({RoleName.CLERK.value}))
CAST = ("ben", "ana", "rosa", "elena", "olsen", "dana", "okafor", "kim")
DETAIL = "in person on registration day, seen by Kim Vang"
BATCH = 2000
LANGUAGES = {"student": ("en", "es"), "employee": ("en", "es")}


def move_in(*, actor: Actor, at: datetime, say: Callable[[str], None]) -> None:
    """IX: forms approved and in effect; most have signed, one parent declined, one class has a new teacher."""
    say("Signing agreements ...")
    for kind in ("student", "employee"):
        _approve(actor, at, kind)
    actions.follow_roster(actor=actor, at=at)
    on = people_queries.today(at)
    for start, slots in _portions(on):
        waiting = [each for each in queries.to_sign(on, open_slots(on).filter(pk__in=slots)) if each.waits]
        signings = [
            (each.slot, _evidence(each)) for number, each in enumerate(waiting) if _signs(each.slot, start + number)
        ]
        if signings:
            actions.sign_all(actor=KIM, at=at, signings=signings)
    _decline(at, on)
    _change_teacher(actor, at, on)


def left_to_sign(at: datetime) -> Slot | None:
    """IX.C.1: a student whose own signature alone is missing; None where there is none."""
    on = people_queries.today(at)
    waiting = open_slots(on).filter(signatures=None)
    for slot in waiting.filter(part="student").order_by("pk"):
        if waiting.filter(agreement=slot.agreement_id).count() == 1:
            return slot
    return None


def sign_now(slot: Slot, *, at: datetime) -> None:
    """IX.C: the clerk takes the signature of somebody who stands before her."""
    on = people_queries.today(at)
    (each,) = queries.to_sign(on, open_slots(on).filter(pk=slot.pk))
    actions.sign(actor=KIM, at=at, slot=slot, evidence=_evidence(each))


def words(kind: str, languages: tuple[str, ...]) -> list[Words]:
    """The shipped words of a form; a file's first line is the title."""
    found = []
    for language in languages:
        title, _, body = (TEXTS / f"{kind}-{language}.txt").read_text(encoding="utf-8").partition("\n")
        found.append(Words(language, title, body.strip()))
    return found


def _approve(actor: Actor, at: datetime, kind: str) -> None:
    version = actions.add_version(actor=actor, at=at, kind=kind, words=words(kind, LANGUAGES[kind]))
    addendum = actions.submit_version(actor=actor, at=at, version=version)
    day = people_queries.today(at)
    board.approve_addendum(
        actor=actor, at=at, addendum=addendum, approved_on=day, minutes="Made-up minutes, item 7", effective_on=day
    )


def _portions(on: date) -> Iterator[tuple[int, list[int]]]:
    ids = list(open_slots(on).order_by("id").values_list("id", flat=True))
    for start in range(0, len(ids), BATCH):
        yield start, ids[start : start + BATCH]


def _signs(slot: Slot, number: int) -> bool:
    """Everybody of the cast and whoever supervises; of the others not quite all."""
    if slot.holder_id == "rosa" and slot.agreement.person_id not in CAST:
        return False  # left for whoever tries the signing out
    if slot.holder_id in CAST or slot.agreement.person_id in CAST or slot.part in ("teacher", "employee"):
        return True
    return number % 11 != 5


def _evidence(each: queries.ToSign) -> Evidence:
    text = each.text(each.slot.holder.home_language or "en")
    return Evidence(
        text=text.pk, sha256=text.sha256, method="in_person", detail=DETAIL, intent="I have read this and agree.",
        typed_name=each.slot.holder.name, place="registration day",
    )  # fmt: skip


def _decline(at: datetime, on: date) -> None:
    waiting = open_slots(on).filter(part="parent", signatures=None).exclude(holder__in=CAST)
    first = waiting.exclude(agreement__person__in=CAST).first()
    if first is not None:
        actions.refuse(actor=KIM, at=at, slot=first, reason="We keep our children off the Internet.")


def _change_teacher(actor: Actor, at: datetime, on: date) -> None:
    """One class, not one of the cast's, has a new teacher of record since today, who has not signed yet."""
    those = Enrolment.objects.on(on).filter(role=Enrolment.As.TEACHER, primary=True)
    teaching = those.exclude(group__in=("pine-7-1", "aspen-11-1")).order_by("group_id")[:2]
    if len(teaching) == 2 and teaching[0].first_day < on:
        old, other = teaching
        people.end_enrolment(
            actor=actor, enrolment=old, last_day=on - timedelta(days=1), at=at, reason="On leave from today."
        )
        place = PlaceIn(other.person_id, old.group_id, "teacher", on, primary=True)
        people.enrol_all(actor=actor, places=[place], at=at)
        actions.follow_roster(actor=actor, at=at)
