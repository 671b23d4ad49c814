"""Article V.A.7: getting in where one may not, through another's account, or with what is not one's own."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from homeroom.access import actions
from homeroom.base.actor import SYSTEM, Actor
from homeroom.base.errors import Refused
from homeroom.kernel.decision.ask import Source
from homeroom.kernel.decision.identity import lease_counts
from tests import lease_rows
from tests.town import AT, NOON

pytestmark = pytest.mark.django_db


@pytest.mark.clause("V.A.7.2")
@pytest.mark.parametrize(
    ("who", "address", "codes"),
    [
        ("Rosa, Ben's mother", "rosa@lake.test", 1),
        ("Ben, a student", "ben@lake.test", 1),
        ("Ms. Olsen, a teacher, who has a password and a second step", "olsen@lake.test", 0),
        ("Nils, who left", "nils@lake.test", 0),
        ("Mira, who comes next year", "mira@lake.test", 0),
        ("somebody whom nobody knows", "x@elsewhere.test", 0),
    ],
)
def test_a_code_goes_to_parents_and_students_of_today(town, who, address, codes):
    actions.ask_code(typed=address, language="en", at=NOON)
    assert actions.send_codes(at=NOON) == codes, who


@pytest.mark.clause("V.A.7.3")
def test_a_code_ends_with_its_fifth_wrong_try_and_not_with_its_fourth(town, mailoutbox):
    for wrong, opens in ((4, True), (5, False)):
        handle = actions.ask_code(typed="rosa@lake.test", language="en", at=NOON)
        actions.send_codes(at=NOON)
        code = mailoutbox[-1].subject.partition(": ")[2]
        for _ in range(wrong):
            with pytest.raises(Refused):
                actions.try_code(handle=handle, code="0", at=NOON)
        if opens:
            assert [each.pk for each in actions.try_code(handle=handle, code=code, at=NOON)] == ["rosa"]
        else:
            with pytest.raises(Refused, match="too often"):
                actions.try_code(handle=handle, code=code, at=NOON)


@pytest.mark.clause("V.A.7.4")
def test_a_shared_machine_is_ones_own_for_a_lesson_and_not_a_second_longer(town):
    actions.add_address(actor=SYSTEM, cidr="10.1.0.0/16", audience="student", at=AT)
    actions.sign_in_here(actor=Actor(id="ben"), address="10.1.2.3", shared=True, session="s", at=NOON)
    end = NOON + timedelta(minutes=50)
    actions.end_due(at=end - timedelta(seconds=1))
    assert lease_rows.at(NOON) == [["10.1.2.3", "signin", {"person": "ben"}]]
    actions.end_due(at=end)
    assert lease_rows.at(NOON) == []


@pytest.mark.clause("V.A.7.4")
@pytest.mark.parametrize(
    ("source", "place", "counts"),
    [
        (Source.AGENT, "student", True),
        (Source.RADIUS, "student", True),
        (Source.CHROMEOS, "student", False),
        (Source.TOKEN, "student", False),
        (Source.SIGNIN, "student", False),
        (Source.ADDRESS, "student", False),
        (Source.SIGNIN, "adult", True),
        (Source.SIGNIN, "", False),
    ],
)
def test_a_teachers_internet_is_opened_by_a_sure_way_in_or_in_the_staffs_own_rooms_only(source, place, counts):
    assert lease_counts(source, "adult", place=place, own=False) is counts
    assert lease_counts(source, "student", place=place, own=False), "what a student has, any way in may give"


# Several behind one address


STAFF_ROOM = "10.1.9.4"


@pytest.fixture
def rooms(town):
    actions.add_address(actor=SYSTEM, cidr="10.1.0.0/16", audience="student", at=AT)
    actions.add_address(actor=SYSTEM, cidr="10.1.9.0/24", audience="adult", at=AT)
    actions.add_address(actor=SYSTEM, cidr="10.1.10.0/24", audience="adult", nat=True, at=AT)
    return town


def come(who: str, address: str = STAFF_ROOM, at: datetime = NOON):
    return actions.sign_in_here(actor=Actor(id=who), address=address, shared=False, session=who, at=at)


@pytest.mark.clause("V.A.7.4", "VI.Alt2.A")
@pytest.mark.parametrize(("first", "second"), [("olsen", "ben"), ("ben", "olsen")])
def test_a_student_behind_a_teachers_address_never_gets_the_teachers_internet(rooms, first, second):
    come(first)
    with pytest.raises(Refused, match="at the same time"):
        come(second, at=NOON + timedelta(minutes=5))
    assert lease_rows.at(NOON + timedelta(minutes=6)) == [[STAFF_ROOM, "signin", {}]], "nobody is known there"
    with pytest.raises(Refused, match="at the same time"):
        come(first, at=NOON + timedelta(minutes=10))
    hour = NOON + timedelta(hours=1)
    actions.end_due(at=hour)
    with pytest.raises(Refused, match="at the same time"):
        come("olsen", at=hour)
    assert come("ben", at=hour).person_id == "ben", "what a student has may be had"
    actions.end_due(at=NOON + timedelta(hours=14))
    assert come("olsen", at=NOON + timedelta(hours=14)).person_id == "olsen"


@pytest.mark.clause("V.A.7.4")
def test_whoever_signed_out_leaves_the_address_to_the_next(rooms):
    row = come("olsen")
    actions.end_lease(actor=Actor(id="olsen"), lease=row, at=NOON)
    assert come("ben").person_id == "ben"


@pytest.mark.clause("V.A.7.4")
@pytest.mark.parametrize("who", ["ben", "olsen"])
def test_nobody_signs_in_by_an_address_that_is_marked_as_shared(rooms, who):
    with pytest.raises(Refused, match="Many machines share"):
        come(who, "10.1.10.7")
    assert lease_rows.at(NOON) == []


@pytest.mark.django_db(databases=["default", "activity"])
@pytest.mark.clause("V.A.7.4")
def test_the_page_says_so_and_the_director_sees_it(rooms):
    rooms.account("ben")
    for address, said in (("10.1.10.7", "Many machines share this address"), (STAFF_ROOM, "Sign out when you leave")):
        client = Client(REMOTE_ADDR=address)
        client.force_login(rooms.account("ben"))
        assert said in client.get("/network").content.decode()
    come("olsen", at=timezone.now())
    assert client.post("/network", {"machine": "own"}).status_code == 409
    assert "several people" in rooms.client("dana").get("/network/desk").content.decode()
