"""Article IX: who must read and sign before the network opens, and what happens when a teacher changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from homeroom.kernel.agreements.needed import gaps
from homeroom.kernel.agreements.state import Outside, State, state
from homeroom.kernel.agreements.values import Around, Choices, Held, Part, Signed, Wanted

FIRST, LAST = date(2026, 7, 1), date(2027, 6, 30)
DAY = date(2026, 9, 14)
ONE = timedelta(days=1)
BEN = Around("ben", "student", guardians=("rosa", "per"), teachers=(("olsen", date(2026, 9, 1)),))
FORM = Wanted(version=1, oldest=1)
STUDENT, PARENT, TEACHER = (
    Signed(part, who, 1, DAY) for part, who in ((Part.STUDENT, "ben"), (Part.PARENT, "rosa"), (Part.TEACHER, "olsen"))
)
SIGNED = Held(FIRST, LAST, (STUDENT, PARENT, TEACHER), permitted=True, filed=True)
KIM = Around("kim", "employee", grown=True)


def missing(held: Held | None = SIGNED, around: Around = BEN, on: date = DAY, form: Wanted = FORM, **choices: object):
    return [gap.code for gap in gaps(around, held, form, Choices(**choices), on)]


def clauses(held: Held | None, around: Around = BEN, on: date = DAY) -> set[str]:
    return {gap.clause for gap in gaps(around, held, FORM, Choices(), on)}


@pytest.mark.clause("IX.A")
def test_nothing_is_missing_once_student_parent_and_teacher_have_signed():
    assert missing() == []
    assert missing(None) == ["student-signature", "parent-signature", "teacher-signature"]


@pytest.mark.parametrize(
    ("without", "code", "clause"),
    [
        pytest.param(STUDENT, "student-signature", "IX.C.1", marks=pytest.mark.clause("IX.C.1")),
        pytest.param(PARENT, "parent-signature", "IX.C.2", marks=pytest.mark.clause("IX.C.2")),
        pytest.param(TEACHER, "teacher-signature", "IX.C.3", marks=pytest.mark.clause("IX.C.3")),
    ],
)
def test_each_of_the_three_signatures_is_needed(without, code, clause):
    held = replace(SIGNED, signed=tuple(each for each in SIGNED.signed if each is not without))
    assert (missing(held), clauses(held)) == ([code], {clause})


@pytest.mark.clause("IX.C.1")
def test_the_day_before_the_signature_it_is_missing():
    assert "student-signature" in missing(on=DAY - ONE)


@pytest.mark.clause("IX.C.2")
def test_the_signature_of_somebody_who_is_no_parent_does_not_count():
    stranger = replace(SIGNED, signed=(STUDENT, Signed(Part.PARENT, "uncle", 1, DAY), TEACHER))
    assert missing(stranger) == ["parent-signature"]


@pytest.mark.clause("IX.C.2")
@pytest.mark.parametrize(
    ("around", "choices", "found"),
    [
        (BEN, {}, []),
        (BEN, {"guardians": "all"}, ["other-parent"]),
        (replace(BEN, court_order=True), {}, ["other-parent"]),
        (replace(BEN, guardians=()), {}, ["no-parent"]),
        (replace(BEN, guardians=(), grown=True), {}, []),
        (replace(BEN, grown=True), {"grown_alone": False, "guardians": "all"}, ["other-parent"]),
    ],
    ids=["one suffices", "all by choice", "all by court order", "nobody on record", "of age", "of age, with parents"],
)
def test_one_parent_or_all_or_none_for_whoever_is_of_age(around, choices, found):
    assert missing(around=around, **choices) == found


@pytest.mark.clause("IX.C.2")
def test_a_parent_who_declines_weighs_more_than_one_who_signed():
    assert missing(replace(SIGNED, refused=((Part.PARENT, "per"),))) == ["parent-refused"]
    assert state(BEN, replace(SIGNED, refused=((Part.PARENT, "per"),)), FORM, Choices(), DAY) is State.REFUSED


@pytest.mark.clause("IX.C.4")
def test_an_employee_signs_the_employee_form():
    assert missing(None, KIM) == ["employee-signature"]
    signed = Held(FIRST, LAST, (Signed(Part.EMPLOYEE, "kim", 1, DAY),))
    assert missing(signed, KIM) == []
    assert missing(signed, KIM, DAY - ONE) == ["employee-signature"]


NEW = replace(BEN, teachers=(("lind", date(2026, 11, 3)),))


@pytest.mark.clause("IX.C.6")
@pytest.mark.parametrize(
    ("grace", "day", "found"),
    [
        (0, date(2026, 11, 3), ["new-teacher"]),
        (2, date(2026, 11, 3), []),
        (2, date(2026, 11, 4), []),
        (2, date(2026, 11, 5), ["new-teacher"]),
    ],
)
def test_a_new_teacher_signs_at_once_or_within_the_grace(grace, day, found):
    assert missing(around=NEW, on=day, grace=timedelta(days=grace)) == found


@pytest.mark.clause("IX.C.6")
def test_the_new_teachers_signature_opens_again_and_the_old_one_stays():
    later = Signed(Part.TEACHER, "lind", 1, date(2026, 11, 4))
    held = replace(SIGNED, signed=(*SIGNED.signed, later))
    assert state(NEW, SIGNED, FORM, Choices(), date(2026, 11, 4)) is State.TEACHER_PENDING
    assert missing(held, NEW, date(2026, 11, 4)) == []
    assert missing(held, NEW, date(2026, 11, 3)) == ["new-teacher"]
    assert TEACHER in held.signed


@pytest.mark.clause("IX.C.6")
def test_a_teacher_replaced_before_anybody_signed_for_them_is_the_first_to_sign():
    held = replace(SIGNED, signed=(STUDENT, PARENT))
    assert missing(held, NEW, date(2026, 11, 4)) == ["teacher-signature"]


@pytest.mark.clause("IX.B.2")
def test_without_anybody_who_supervises_the_network_is_closed():
    assert missing(around=replace(BEN, teachers=())) == ["no-teacher"]


@pytest.mark.clause("IX.B.1")
def test_without_the_staffs_permission_the_network_is_closed():
    assert missing(replace(SIGNED, permitted=False)) == ["permission"]
    assert state(BEN, replace(SIGNED, permitted=False), FORM, Choices(), DAY) is State.FILED


@pytest.mark.clause("IX.C.1")
def test_a_term_ends_with_its_last_day_and_nobody_signed_the_next():
    assert missing(on=LAST) == []
    assert missing(on=LAST + ONE)[0] == "lapsed"
    assert state(BEN, SIGNED, FORM, Choices(), LAST + ONE) is State.LAPSED
    assert state(BEN, SIGNED, FORM, Choices(), LAST) is State.RENEWAL_DUE


@pytest.mark.clause("IX.C.1")
def test_a_material_change_asks_everybody_again_and_a_small_one_nobody():
    assert missing(form=Wanted(2, 1)) == []
    assert missing(form=Wanted(2, 2)) == ["student-again", "parent-again", "teacher-again"]


@pytest.mark.parametrize(
    ("outside", "found"),
    [
        (Outside(suspended=True), State.SUSPENDED),
        (Outside(cancelled=True), State.REVOKED),
        (Outside(ended_by_parent=True), State.TERMINATED_BY_PARENT),
        (Outside(left=True), State.CLOSED),
        (Outside(), State.ACTIVE),
    ],
)
def test_what_closes_weighs_more_than_what_is_signed(outside, found):
    assert state(BEN, SIGNED, FORM, Choices(), DAY, outside) is found
