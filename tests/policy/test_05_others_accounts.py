"""Article V.A.7: getting in where one may not, through another's account, or with what is not one's own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from homeroom.access import actions, leases
from homeroom.base.actor import SYSTEM, Actor
from homeroom.base.errors import Refused
from homeroom.kernel.decision.ask import Source
from homeroom.kernel.decision.identity import lease_counts
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
    assert leases.at(NOON) == [["10.1.2.3", "signin", {"person": "ben"}]]
    actions.end_due(at=end)
    assert leases.at(NOON) == []


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
