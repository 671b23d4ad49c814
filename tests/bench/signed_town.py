"""A made-up district in which most people have signed, written straight into the tables: tens of thousands in a minute.

People, classes, forms, agreements and places to sign come by the same actions as anywhere; signatures, permissions,
filings, letters and the journal's entries of the signatures are written in bulk, as if they were two months old. One
place in eleven is not signed, as in the demo. Nothing is sealed yet, so the worker has that to do beside all else.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

AGO = timedelta(days=60)
PEOPLE_FOR_EACH_STUDENT = 1.7032  # students, their parents and teachers


def set_up(home: Path, people: int) -> None:
    """Move so many people into an empty home."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    begun = time.monotonic()
    from homeroom.site.django_ready import wake

    wake()
    from django.utils import timezone

    from homeroom.site import migrate

    migrate.bring_up_to_date()
    _move_in(round(people / PEOPLE_FOR_EACH_STUDENT), timezone.now())
    print(f"set up in {time.monotonic() - begun:.0f} s", file=sys.stderr)


def _move_in(students: int, at: datetime) -> None:
    from homeroom.board import made_up as board
    from homeroom.people import actions as people
    from homeroom.people.models import School
    from homeroom.site import settle
    from homeroom.site.made_up_district import NAME, SCHOOLS, residents

    first = date(at.year if at.month >= 8 else at.year - 1, 9, 1)
    first = min(first, (at - AGO - timedelta(days=1)).date())
    people.set_up_district(actor=settle.DANA, name=NAME, at=at)
    schools = [School(id=key, name=name, first_day=first) for key, name in SCHOOLS]
    people.add_schools(actor=settle.DANA, schools=schools, at=at)
    settle._people(list(residents(students, first.year)), students, first, at)
    settle._network(at)
    settle._choices(at)
    settle.bring_lists(at=at, say=_say)
    board.move_in(actor=settle.DANA, at=at, say=_say)
    _sign(at - AGO)
    _tell(at)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def _sign(at: datetime) -> None:
    from homeroom.agreements import actions, made_up
    from homeroom.agreements.models import FormText, Slot
    from homeroom.people import queries as people
    from homeroom.site.settle import DANA

    for kind in ("student", "employee"):
        made_up._approve(DANA, at, kind)
    actions.follow_roster(actor=DANA, at=at)
    texts = {text.version.form_id: text for text in FormText.objects.filter(language="en").select_related("version")}
    on, signed = people.today(at), 0
    slots = Slot.objects.select_related("agreement", "holder").order_by("id")
    for number, portion in enumerate(_portions(slots)):
        signed += _portion(number * 5000, portion, texts, on, at)
    _say(f"{signed} signatures.")
    _file(on, at)


def _portions(rows: Any) -> Iterator[list[Any]]:
    left = rows.iterator(5000)
    while portion := list(islice(left, 5000)):
        yield portion


def _portion(start: int, slots: list[Any], texts: dict[str, Any], on: date, at: datetime) -> int:
    """Sign these places, but for one in eleven of students and parents."""
    from homeroom.agreements import keeping, made_up
    from homeroom.agreements.models import Permission, Signature
    from homeroom.base.actor import Actor
    from homeroom.journal import actions as journal

    rows = [
        Signature(
            slot=each, signer_id=each.holder_id, version=text.version, text=text, text_sha256=text.sha256,
            method="session", detail="signed in", electronic=True, intent="I agree.", typed_name=each.holder.name,
            on=on, signed_at=at, received_at=at, place="Homeroom",
        )
        for number, each in enumerate(slots, start)
        if made_up._signs(each, number)
        for text in (texts[each.agreement.form_id],)
    ]  # fmt: skip
    acts = (
        journal.Act(
            verb="agreements.signed", subject=f"person:{each.slot.agreement.person_id}",
            clause=keeping._clause(each), data=keeping._facts(each),
        )
        for each in rows
    )  # fmt: skip
    permits = (
        Permission(agreement_id=each.slot.agreement_id, by_id=each.signer_id, scope="In class.", on=on, at=at)
        for each in rows
        if each.slot.part == "teacher"
    )
    with journal.atomic():
        Signature.objects.bulk_create(rows, batch_size=2000)
        Permission.objects.bulk_create(permits, batch_size=2000)
        journal.record_all(actor=Actor(id="kim", name="Kim Vang"), acts=acts, at=at)
    return len(rows)


def _file(on: date, at: datetime) -> None:
    """IX.C.5: on file is whatever lacks no signature."""
    from homeroom.agreements.models import Agreement, Filing, Slot
    from homeroom.people.models import Role

    lacking = Slot.objects.filter(closed_on=None, signatures=None).values("agreement_id")
    schools = dict(Role.objects.on(on).exclude(role="guardian").values_list("person_id", "school_id"))
    rows = Agreement.objects.exclude(pk__in=lacking).values_list("pk", "person_id")
    filings = [Filing(agreement_id=pk, school_id=schools.get(id), on=on, at=at, by="kim") for pk, id in rows]
    Filing.objects.bulk_create(filings, batch_size=2000)


def _tell(at: datetime) -> None:
    """XI.A: the users' notice has reached every student and whoever works here."""
    from homeroom.people.models import STAFF, Role
    from tests.bench import ledger_year

    held = Role.objects.filter(role__in=["student", *STAFF]).order_by("person_id")
    ledger_year._letters(list(held.values_list("person_id", "school_id")), at)
