"""Who belongs to the district, as what, where, and when."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from homeroom.base.actor import SYSTEM
from homeroom.base.errors import Refused
from homeroom.journal.models import Entry
from homeroom.people import actions, queries
from homeroom.people.models import Class, Enrolment, Person, Role, School
from tests.town import AT, LONG_AGO, NOON

pytestmark = pytest.mark.django_db


def add_role(person: str = "rosa", role: str = "clerk", **values: object) -> Role:
    return actions.give_role(
        actor=SYSTEM, person=person, role=role, at=NOON, **{"first_day": date(2026, 9, 1), **values}
    )


def test_people_are_called_by_the_name_they_prefer(town):
    zoe = actions.add_person(actor=SYSTEM, given_name="Zoelle", preferred_name="Zoe", family_name="Lee", at=AT)
    assert (town.ben.name, zoe.name) == ("Ben Haugen", "Zoe Lee")
    assert len(zoe.id) == 16, "who comes without an id is given one"


@pytest.mark.parametrize(
    ("day", "held"),
    [(date(2026, 8, 31), 0), (date(2026, 9, 1), 1), (date(2026, 12, 18), 1), (date(2026, 12, 19), 0)],
)
def test_a_role_holds_from_its_first_to_its_last_day(town, day, held):
    add_role(last_day=date(2026, 12, 18))
    assert Role.objects.on(day).filter(person="rosa", role="clerk").count() == held


def test_a_role_is_ended_not_removed_and_only_once(town):
    role = add_role()
    stale = Role.objects.get(pk=role.pk)
    actions.end_role(actor=SYSTEM, role=role, last_day=date(2026, 10, 1), at=NOON, reason="Left the office")
    assert Role.objects.get(pk=role.pk).last_day == date(2026, 10, 1)
    with pytest.raises(Refused, match="in the meantime"):
        actions.end_role(actor=SYSTEM, role=stale, last_day=date(2026, 11, 1), at=NOON)
    with pytest.raises(Refused, match="cannot be"):
        actions.end_role(actor=SYSTEM, role=role, last_day=date(2026, 8, 1), at=NOON)


def test_each_action_writes_one_entry_and_no_name_enters_the_journal(town):
    before = Entry.objects.count()
    add_role()
    actions.add_person(actor=SYSTEM, given_name="Wilhelmina", family_name="Zyx", at=AT, id="wz")
    entries = Entry.objects.all()[before:]
    assert [(entry.verb, entry.subject) for entry in entries] == [
        ("people.roles.given", "person:rosa"),
        ("people.persons.added", "person:wz"),
    ]
    assert "Wilhelmina" not in str([entry.data for entry in Entry.objects.all()])


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda: add_role(role="janitor"), "No such role: janitor"),
        (lambda: add_role(person="nobody"), "No such person: nobody"),
        (lambda: add_role(school="elm"), "No such school: elm"),
        (lambda: add_role(last_day=date(2020, 1, 1)), "do not fit together"),
        (lambda: actions.add_person(actor=SYSTEM, given_name=" ", at=AT), "has no given name"),
        (lambda: actions.add_person(actor=SYSTEM, given_name="B", id="ben", at=AT), "there already"),
        (lambda: actions.add_person(actor=SYSTEM, given_name="B", id="a/b", at=AT), "cannot be an id"),
        (lambda: actions.add_person(actor=SYSTEM, given_name="B", id="a\n", at=AT), "cannot be an id"),
        (
            lambda: actions.enrol_all(
                actor=SYSTEM, at=AT, places=[actions.PlaceIn("ben", "7z", "student", first_day=LONG_AGO)]
            ),
            "No such class: 7z",
        ),
        (
            lambda: actions.enrol_all(
                actor=SYSTEM, at=AT, places=[actions.PlaceIn("ben", "7b", "guest", first_day=LONG_AGO)]
            ),
            "not guest",
        ),
        (lambda: actions.set_up_district(actor=SYSTEM, name="X", at=AT, time_zone="Mars/Base"), "not a time zone"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence_and_nothing_is_kept(town, act, said):
    counts = [model.objects.count() for model in (Person, Role, Enrolment, Entry)]
    with pytest.raises(Refused, match=said):
        act()
    assert [model.objects.count() for model in (Person, Role, Enrolment, Entry)] == counts


def test_the_database_holds_the_rules_of_days_and_roles_by_itself(town):
    with pytest.raises(IntegrityError), transaction.atomic():
        Role.objects.create(person_id="ben", role="janitor", first_day=LONG_AGO)
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.create(person_id="ben", group_id="7b", first_day=LONG_AGO, last_day=date(2000, 1, 1))


def test_a_whole_roster_is_taken_in_at_once_with_few_queries(town, django_assert_max_num_queries):
    with django_assert_max_num_queries(60):
        actions.add_people(
            actor=SYSTEM, people=[Person(id=f"p{n}", given_name="P", family_name=str(n)) for n in range(2000)], at=AT
        )
        actions.add_roles(
            actor=SYSTEM, at=AT,
            roles=[actions.RoleOf(f"p{n}", "student", LONG_AGO, "birch", "5") for n in range(2000)],
        )  # fmt: skip
    assert Role.objects.filter(role="student", school="birch", grade="5").count() == 2000
    assert Entry.objects.order_by("-id").first().data["count"] == 2000


def test_the_same_roster_leaves_the_same_digest(town):
    def digest(prefix: str) -> str:
        classes = [Class(id=f"{prefix}{n}", school_id="birch", title="C", first_day=LONG_AGO) for n in range(3)]
        actions.add_classes(actor=SYSTEM, classes=classes, at=AT)
        entry = Entry.objects.order_by("-id").first()
        Class.objects.filter(pk__startswith=prefix).delete()
        return entry.data["digest"]

    assert digest("x") == digest("x") != digest("y")


def test_the_day_is_that_of_the_district(town):
    late = NOON.replace(hour=3)  # 10 in the evening before, in Minnesota
    assert queries.today(late) == date(2026, 9, 13)
    actions.set_up_district(actor=SYSTEM, name="Elsewhere", time_zone="Europe/Zurich", at=AT)
    assert queries.today(late) == date(2026, 9, 14)


def test_without_a_district_the_day_is_that_of_minnesota():
    assert queries.district() is None
    assert queries.today(NOON.replace(hour=3)) == date(2026, 9, 13)


def test_a_school_is_added_alone_too():
    school = actions.add_school(actor=SYSTEM, name="Elm School", first_day=LONG_AGO, at=AT)
    assert School.objects.get(pk=school.pk).name == "Elm School"
