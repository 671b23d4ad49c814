"""The roll: what doors know of people."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.conf import settings

from homeroom.access import actions, directory, roll
from homeroom.base.actor import SYSTEM
from homeroom.base.errors import Refused
from homeroom.doors import environment
from homeroom.journal.models import Entry
from homeroom.kernel.decision import roll as kernel
from homeroom.kernel.decision.ask import Source
from homeroom.kernel.decision.identity import chromeos_hash, doh_token_digest
from homeroom.people import actions as people
from homeroom.people.models import Person
from tests.town import AT, LONG_AGO, NOON

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 14)


def read(on: date = TODAY) -> kernel.Roll:
    """The roll as a door reads it, after a journey through JSON."""
    return kernel.Roll(json.loads(json.dumps(roll.roll_part(on))), strictest="unknown", version="test")


@pytest.mark.parametrize(
    ("person", "profile", "role", "school", "grade"),
    [
        ("ben", "student", "student", "birch", "7"),
        ("olsen", "adult", "teacher", "birch", ""),
        ("okafor", "adult", "building_administrator", "birch", ""),
        ("dana", "adult", "technology_director", "", ""),
        ("kim", "adult", "clerk", "birch", ""),
        ("rosa", "unknown", "guardian", "", ""),
    ],
)
def test_everybody_has_the_profile_of_their_role(town, person, profile, role, school, grade):
    who = read().person(person)
    assert (who.profile, who.role, who.school, who.grade) == (profile, role, school, grade)
    assert who.closed == ()


@pytest.mark.clause("VI.Alt2.A")
def test_whoever_is_a_student_is_never_an_adult_to_the_filter_even_at_eighteen_and_employed(town):
    tou = read().person("tou")
    assert (tou.profile, tou.role, tou.grade) == ("student", "student", "12")


@pytest.mark.clause("IV.1")
@pytest.mark.parametrize(("day", "closed"), [(date(2025, 6, 6), False), (date(2025, 6, 7), True)])
def test_whoever_leaves_keeps_the_network_to_the_last_day_and_not_a_day_longer(town, day, closed):
    nils = read(day).person("nils")
    assert bool(nils.closed) is closed
    assert nils.profile == ("unknown" if closed else "student")
    if closed:
        assert nils.closed[0][0] == "IV.1"


def test_whoever_has_not_come_yet_is_closed(town):
    assert read().person("mira").closed


def test_rules_reach_people_by_school_role_class_and_name(town):
    assert read().person("ben").scopes == {"everyone", "school:birch", "role:student", "class:7b", "person:ben"}


def test_a_class_that_is_over_reaches_nobody(town):
    places = [people.PlaceIn("leah", "7b", "student", first_day=LONG_AGO, last_day=TODAY - timedelta(days=1))]
    people.enrol_all(actor=SYSTEM, places=places, at=AT)
    assert "class:7b" not in read().person("leah").scopes
    assert "class:7b" in read(TODAY - timedelta(days=1)).person("leah").scopes


def test_an_address_belongs_to_a_person_or_to_a_place(town):
    actions.add_address(actor=SYSTEM, cidr="10.1.2.3", person="olsen", place="Her laptop", at=AT)
    actions.add_address(actor=SYSTEM, cidr="10.1.2.0/24", audience="student", school="birch", place="Lab", at=AT)
    actions.add_address(actor=SYSTEM, cidr="fd00:1::/64", audience="adult", school="birch", place="Staff room", at=AT)
    known = read()
    hers = known.by_address(kernel.packed("10.1.2.3"))
    assert (hers.person, hers.profile, hers.source) == ("olsen", "adult", Source.ADDRESS)
    lab = known.by_address(kernel.packed("10.1.2.4"))
    assert (lab.person, lab.profile, lab.school, lab.source) == (None, "student", "birch", Source.RANGE)
    assert "role:student" in lab.scopes
    assert known.by_address(kernel.packed("fd00:1::7")).profile == "adult"
    assert known.by_address(kernel.packed("10.1.3.1")).profile == "unknown"


def test_an_address_that_was_taken_back_is_nobodys(town):
    row = actions.add_address(actor=SYSTEM, cidr="10.1.2.3/32", person="ben", at=AT)
    actions.end_range(actor=SYSTEM, range=row, at=NOON)
    assert read().by_address(kernel.packed("10.1.2.3")).person is None
    with pytest.raises(Refused, match="already"):
        actions.end_range(actor=SYSTEM, range=row, at=NOON)
    actions.add_address(actor=SYSTEM, cidr="10.1.2.3", person="ana", at=NOON)
    assert read().by_address(kernel.packed("10.1.2.3")).person == "ana"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"cidr": "10.1.2.300", "person": "ben"}, "not an address range"),
        ({"cidr": "10.1.2.3/24", "person": "ben"}, "not an address range"),
        ({"cidr": "10.1.2.3"}, "either a person or an audience"),
        ({"cidr": "10.1.2.3", "person": "ben", "audience": "adult"}, "either a person or an audience"),
        ({"cidr": "10.1.2.3", "audience": "cats"}, "no audience"),
        ({"cidr": "10.1.2.3", "person": "nobody"}, "Nobody has the id"),
        ({"cidr": "10.9.9.9", "person": "ben"}, "assigned already"),
    ],
)
def test_addresses_that_make_no_sense_are_refused(town, values, said):
    actions.add_address(actor=SYSTEM, cidr="10.9.9.9", person="ana", at=AT)
    with pytest.raises(Refused, match=said):
        actions.add_address(actor=SYSTEM, at=AT, **values)


def test_a_token_is_told_once_and_only_its_digest_is_kept(town):
    token = actions.issue_token(actor=SYSTEM, person=town.ben, at=AT, label="Home tablet")
    ben = read().by_token(doh_token_digest(token))
    assert (ben.person, ben.source) == ("ben", Source.TOKEN)
    assert token not in json.dumps(roll.roll_part(TODAY))
    row = town.ben.dohtoken_set.get()
    actions.end_token(actor=SYSTEM, token=row, at=NOON, reason="Lost")
    assert read().by_token(doh_token_digest(token)).person is None


def test_chromeos_identifiers_are_known_under_every_live_salt_and_in_both_spellings(town):
    Person.objects.filter(pk="ben").update(email="Ben.Haugen@Lake.test")
    old, new = (actions.add_salt(actor=SYSTEM, salt=salt, at=AT) for salt in ("saltsaltsalt1", "saltsaltsalt2"))
    for salt in (old.salt, new.salt):
        for email in ("Ben.Haugen@Lake.test", "ben.haugen@lake.test"):
            assert read().by_chromeos(chromeos_hash(salt, email)).person == "ben"
    actions.end_salt(actor=SYSTEM, salt=old, at=NOON, reason="All devices have the new one")
    assert read().by_chromeos(chromeos_hash(old.salt, "ben.haugen@lake.test")).person is None
    assert roll.roll_part(TODAY)["chromeos_salts"] == ["saltsaltsalt2"]


@pytest.mark.parametrize("salt", ["short", "x" * 33, "has space1", "dash-dash-dash"])
def test_a_salt_out_of_form_is_refused(salt):
    with pytest.raises(Refused, match="8 to 32"):
        actions.add_salt(actor=SYSTEM, salt=salt, at=AT)


def test_a_proxy_login_is_kept_as_a_hash_and_replaced_as_a_whole(town):
    from argon2 import PasswordHasher

    actions.set_login(actor=SYSTEM, person=town.olsen, name="Olsen", password="first password", at=AT)
    actions.set_login(actor=SYSTEM, person=town.olsen, name="olsen", password="second password", at=NOON)
    person, hash = read().login("OLSEN")
    assert person == "olsen"
    assert PasswordHasher().verify(hash, "second password")
    with pytest.raises(Refused, match="somebody else"):
        actions.set_login(actor=SYSTEM, person=town.ben, name="olsen", password="third password", at=NOON)
    actions.end_login(actor=SYSTEM, login=town.olsen.proxylogin_set.get(ended=None), at=NOON)
    assert read().login("olsen") is None


@pytest.mark.clause("XIV.B.3")
def test_the_alias_of_a_month_leads_to_nobody_and_changes_with_the_month(town):
    september, october = read(), read(date(2026, 10, 1))
    aliases = {september.person(id).alias for id in ("ben", "ana", "leah", "olsen")}
    assert len(aliases) == 4
    assert all(len(each) == 16 for each in aliases)
    assert september.person("ben").alias == read(date(2026, 9, 30)).person("ben").alias
    assert september.person("ben").alias != october.person("ben").alias
    key = environment.key(settings.HOME, "pseudonym")
    assert september.person("ben").alias == roll.alias(key, "ben", TODAY)
    assert roll.alias(b"another key", "ben", TODAY) != september.person("ben").alias


def test_the_roll_takes_the_same_few_queries_for_few_and_for_many(town, django_assert_max_num_queries):
    actions.add_salt(actor=SYSTEM, salt="saltsaltsalt1", at=AT)
    with django_assert_max_num_queries(30) as few:
        roll.roll_part(TODAY)
    crowd = [Person(id=f"p{n}", given_name="P", email=f"p{n}@lake.test") for n in range(3000)]
    people.add_people(actor=SYSTEM, people=crowd, at=AT)
    people.add_roles(
        actor=SYSTEM, roles=[people.RoleOf(each.id, "student", LONG_AGO, "birch", "7") for each in crowd], at=AT
    )
    with django_assert_max_num_queries(len(few)):
        part = roll.roll_part(TODAY)
    assert len(part["persons"]) > 3000


def test_an_instant_counts_as_the_day_it_is_in_the_district(town):
    evening = AT.replace(year=2025, month=6, day=7, hour=3)  # 6 June, 10 in the evening, in Minnesota
    assert "closed" not in roll.build(evening)["persons"]["nils"]
    assert "closed" in roll.build(evening + timedelta(hours=3))["persons"]["nils"]


def test_every_act_that_changes_the_roll_is_one_after_which_it_is_published_anew(town):
    """Follow the journal: whoever publishes the roll waits for these verbs only."""
    before = roll.roll_part(TODAY)
    changes = [
        lambda: actions.add_address(actor=SYSTEM, cidr="10.0.0.1", person="ben", at=AT),
        lambda: actions.end_range(actor=SYSTEM, range=town.ben.addressrange_set.get(), at=NOON),
        lambda: actions.issue_token(actor=SYSTEM, person=town.ben, at=AT),
        lambda: actions.end_token(actor=SYSTEM, token=town.ben.dohtoken_set.get(), at=NOON),
        lambda: actions.add_salt(actor=SYSTEM, salt="saltsaltsalt1", at=AT),
        lambda: actions.set_login(actor=SYSTEM, person=town.ben, name="ben", password="a password", at=AT),
        lambda: actions.end_login(actor=SYSTEM, login=town.ben.proxylogin_set.get(), at=NOON),
        lambda: people.give_role(actor=SYSTEM, person="rosa", role="clerk", first_day=LONG_AGO, at=NOON),
    ]
    for change in changes:
        change()
        after = roll.roll_part(TODAY)
        assert after != before
        assert Entry.objects.order_by("-id").first().verb.startswith(roll.VERBS)
        before = after
    town.account("dana")
    assert roll.roll_part(TODAY) == before
    assert not Entry.objects.order_by("-id").first().verb.startswith(roll.VERBS)


# Who is who


def test_the_directory_lists_by_role_and_school(town):
    listed = {row.id: row for row in directory.people(TODAY, role="student")}
    assert set(listed) == {"ben", "leah", "ana", "tou"}
    assert (listed["ben"].name, listed["ben"].classes, listed["ben"].profile) == ("Ben Haugen", ("7b",), "student")
    assert {row.id for row in directory.people(TODAY, role="clerk")} == {"kim", "tou"}
    assert {row.id for row in directory.people(TODAY, school="birch", role="teacher")} == {"olsen", "lind"}
    assert listed["tou"].roles == ("clerk", "student")


def test_the_directory_says_who_is_closed(town):
    standing = {row.id: row.standing for row in directory.people(TODAY)}
    assert {id for id, said in standing.items() if said == "closed"} == {"nils", "mira"}


def test_the_directory_takes_few_queries(town, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        directory.people(TODAY)
