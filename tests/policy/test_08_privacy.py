"""Article VIII, as far as it is about searches and what routine work brings to light."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from homeroom.base.errors import Refused
from homeroom.devices.actions import console, gate, suspicion
from homeroom.devices.models import Access, Discovery, SuspicionRecord

from .devices_at_lake import DANA, OKAFOR, wanted

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 9, 9, 0, tzinfo=ZoneInfo("America/Chicago"))
DAY = timedelta(days=1)
SEARCH = {"ground": "law", "purpose": "investigation", "citation": "Minn. Stat. 121A.031", "features": ("other",)}


def suspect(person: str = "ben", at: datetime = MONDAY - DAY, **more: str) -> SuspicionRecord:
    said = {
        "rule": "V.A.10.1", "facts": "Two classmates showed messages.", "source": "Two classmates",
        "reliability": "Both told the same, apart.", "expected": "Messages of October", "scope": "The chat app only",
    }  # fmt: skip
    return suspicion.record_suspicion(actor=OKAFOR, person=person, at=at, **{**said, **more})


def search(**more: object) -> Access:
    return gate.ask(actor=OKAFOR, wanted=wanted(MONDAY, **{**SEARCH, **more}), key="s", at=MONDAY)


@pytest.mark.clause("VIII.C.1")
@pytest.mark.parametrize("part", ["facts", "source", "reliability", "expected", "scope"])
def test_a_suspicion_has_all_its_parts(town, part):
    with pytest.raises(Refused):
        suspect(**{part: ""})
    assert not SuspicionRecord.objects.exists()


@pytest.mark.clause("VIII.C.1")
def test_its_author_does_not_judge_it(town):
    row = suspect()
    with pytest.raises(Refused, match="somebody else must judge"):
        suspicion.answer_suspicion(actor=OKAFOR, suspicion=row.pk, approve=True, words="Yes.", at=MONDAY)
    assert suspicion.answer_suspicion(actor=DANA, suspicion=row.pk, approve=True, words="Yes.", at=MONDAY).approved_at


@pytest.mark.clause("VIII.C.1", "VIII.C.2")
def test_no_search_without_a_suspicion_of_the_day_before_about_this_person(town):
    with pytest.raises(Refused, match="needs a written suspicion"):
        search()
    row = suspect()
    with pytest.raises(Refused, match="not approved yet"):
        search(suspicion=row.pk)
    suspicion.answer_suspicion(actor=DANA, suspicion=row.pk, approve=True, words="Reasonable.", at=MONDAY - DAY)
    with pytest.raises(Refused, match="about that person"):
        search(suspicion=row.pk, student="leah")
    assert search(suspicion=row.pk).state == "asked"


@pytest.mark.clause("VIII.C.2")
def test_a_suspicion_written_after_the_search_began_opens_nothing(town):
    row = suspect(at=MONDAY)
    suspicion.answer_suspicion(actor=DANA, suspicion=row.pk, approve=True, words="Reasonable.", at=MONDAY)
    with pytest.raises(Refused, match="a search comes after its reason"):
        search(suspicion=row.pk)


@pytest.mark.clause("VIII.C.2")
def test_one_that_was_refused_opens_nothing(town):
    row = suspect()
    suspicion.answer_suspicion(actor=DANA, suspicion=row.pk, approve=False, words="Hearsay.", at=MONDAY - DAY)
    with pytest.raises(Refused, match="needs a written suspicion"):
        search(suspicion=row.pk)


@pytest.mark.clause("VIII.B")
def test_what_maintenance_shows_is_written_down_and_on_a_device_it_needs_its_ground(town):
    said = {"work": "Freeing space on the server", "found": "Shared folders full of films", "handed_to": "Mr. Okafor"}
    console.record_discovery(actor=DANA, on_device=False, at=MONDAY, **said)
    with pytest.raises(Refused, match="Name the access or the programme"):
        console.record_discovery(actor=DANA, on_device=True, at=MONDAY, **said)
    with pytest.raises(Refused, match="no approved access 99"):
        console.record_discovery(actor=DANA, on_device=True, access=99, at=MONDAY, **said)
    with pytest.raises(Refused, match="no programme 99"):
        console.record_discovery(actor=DANA, on_device=True, programme=99, at=MONDAY, **said)
    assert Discovery.objects.count() == 1


@pytest.mark.clause("VIII.B")
def test_a_request_that_nobody_approved_is_no_ground_for_what_was_seen(town):
    said = {"work": "Mending the keyboard", "found": "Pictures of a quarrel", "handed_to": "Mr. Okafor"}
    duty = wanted(MONDAY, ground="law", purpose="duty", citation="Minn. Stat. 121A.031")
    asked = gate.ask(actor=OKAFOR, wanted=duty, key="k", at=MONDAY)
    with pytest.raises(Refused, match="no approved access"):
        console.record_discovery(actor=OKAFOR, on_device=True, access=asked.pk, at=MONDAY, **said)
    gate.answer(actor=DANA, access=asked.pk, grant=True, words="The law demands it.", at=MONDAY)
    assert console.record_discovery(actor=OKAFOR, on_device=True, access=asked.pk, at=MONDAY, **said).access_id
