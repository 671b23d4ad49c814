"""Leases: an address is one person's for a while, as far as the way in is believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from homeroom.access import actions, jobs, leases
from homeroom.access.models import Lease
from homeroom.base.actor import SYSTEM, Actor
from homeroom.base.errors import Refused
from homeroom.doors import bundle_file, environment
from homeroom.doors.bundle_watch import BundleWatch
from homeroom.filtering import publishing
from homeroom.journal.models import Entry
from homeroom.kernel.decision.ask import Source
from homeroom.kernel.decision.roll import Roll, lease, packed
from tests import lease_rows
from tests.town import AT, LONG_AGO, NOON

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
LAB, STAFF_ROOM, ELSEWHERE = "10.1.2.30", "10.1.9.4", "192.0.2.7"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch, settings):
    monkeypatch.setenv("HOMEROOM_HOME", str(tmp_path))
    settings.HOME = tmp_path


@pytest.fixture(autouse=True)
def _ranges(town):
    actions.add_address(actor=SYSTEM, cidr="10.1.0.0/16", audience="student", school="birch", place="Birch", at=AT)
    actions.add_address(actor=SYSTEM, cidr="10.1.9.0/24", audience="adult", school="birch", place="Staff room", at=AT)


def come(who: str, address: str, *, shared: bool = True, session: str = "s", at: datetime = NOON) -> Lease:
    return actions.sign_in_here(actor=Actor(id=who), address=address, shared=shared, session=session, at=at)


def behind(address: str, at: datetime = NOON):
    """Whom a door takes for being there."""
    from homeroom.access import roll

    whole = Roll(roll.build(at), strictest="unknown").with_leased(dict(map(lease, lease_rows.at(at))))
    return whole.by_address(packed(address))


@pytest.mark.clause("V.A.7.4")
def test_a_student_who_signs_in_is_known_at_the_doors_until_the_lesson_is_over(town):
    assert (behind(LAB).person, behind(LAB).source) == (None, Source.RANGE)
    lease = come("ben", LAB)
    who = behind(LAB)
    assert (who.person, who.profile, who.source) == ("ben", "student", Source.SIGNIN)
    assert actions.end_due(at=lease.until - timedelta(seconds=1)) == 0
    assert actions.end_due(at=lease.until) == 1
    assert behind(LAB).person is None
    assert Entry.objects.get(verb="access.lease.begun").subject == "person:ben"


def test_ones_own_machine_is_ones_own_for_a_day(town):
    assert come("ben", LAB, shared=False).until - NOON == leases.OWN > leases.SHARED


@pytest.mark.clause("V.A.7.3", "V.A.7.4")
def test_the_next_who_signs_in_takes_the_place_and_never_shares_it(town):
    come("ben", LAB, session="one")
    come("leah", LAB, session="two", at=NOON + timedelta(minutes=5))
    assert behind(LAB).person == "leah"
    first = Lease.objects.get(person_id="ben")
    assert first.ended == NOON + timedelta(minutes=5)
    come("leah", LAB, session="two", at=NOON + timedelta(minutes=20))
    assert Lease.objects.count() == 2, "signing in again only makes it longer"
    assert Lease.objects.get(ended=None).until == NOON + timedelta(minutes=20) + leases.SHARED


@pytest.mark.parametrize(
    ("who", "address", "profile", "person"),
    [
        ("olsen", STAFF_ROOM, "adult", "olsen"),
        ("olsen", LAB, "unknown", None),
        ("ben", STAFF_ROOM, "student", "ben"),
        ("rosa", LAB, "unknown", "rosa"),
    ],
)
@pytest.mark.clause("V.A.7.4", "VI.Alt2.A")
def test_a_page_unlocks_no_more_than_the_place_does(town, who, address, profile, person):
    """A teacher who forgets to sign out in the students' room leaves nothing behind that is not a student's."""
    come(who, address)
    assert (behind(address).profile, behind(address).person) == (profile, person)


def test_an_address_that_is_a_teachers_anyway_opens_what_is_theirs(town):
    actions.add_address(actor=SYSTEM, cidr="10.1.2.77", person="olsen", at=AT)
    come("olsen", "10.1.2.77")
    assert behind("10.1.2.77").profile == "adult"


def test_who_is_not_believed_stays_closed_if_they_are(town):
    town.olsen.roles.update(last_day=LONG_AGO)
    come("olsen", LAB)
    assert behind(LAB).closed, "an address does not open what standing closes"


def test_from_home_there_is_nothing_to_open(town):
    with pytest.raises(Refused, match="not an address of the school network"):
        come("ben", ELSEWHERE)
    with pytest.raises(Refused, match="not an address"):
        come("ben", "fe80::zz")
    assert not Lease.objects.exists()


def test_an_address_has_one_spelling(town):
    come("ben", "::ffff:10.1.2.30")
    assert behind(LAB).person == "ben"
    assert actions.spelt("FD00::0:5%eth0") == "fd00::5"


# Clocks


def test_the_night_of_the_clock_change_makes_no_lease_longer_or_shorter(town):
    before = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)  # half past one in Minnesota, for the first time
    lease = come("ben", LAB, at=before)
    assert lease.until - before == leases.SHARED
    again = before + timedelta(hours=1)  # half past one, for the second time
    assert actions.end_due(at=again) == 1


def test_a_clock_that_is_set_back_ends_no_lease_before_it_began_and_loses_none(town):
    come("ben", LAB, session="one")
    earlier = NOON - timedelta(hours=3)
    mark = leases.mark()
    come("leah", LAB, session="two", at=earlier)
    assert leases.mark() != mark and behind(LAB).person == "leah"
    first, second = Lease.objects.order_by("pk")
    assert first.created <= first.ended <= second.created
    actions.end_lease(actor=SYSTEM, lease=second, at=earlier)
    assert behind(LAB).person is None


# In the browser


@pytest.fixture
def ben(town):
    town.bare_account("ben")
    client = Client(REMOTE_ADDR=LAB)
    client.force_login(town.ben.account)
    return client


@pytest.mark.clause("V.A.7.4")
def test_the_page_ties_the_address_and_signing_out_lets_it_go(ben):
    assert "Whose machine is this?" in ben.get("/network").content.decode()
    assert ben.post("/network", {"machine": "shared"}).url == "/network"
    assert "This machine is yours until" in ben.get("/network").content.decode()
    assert behind(LAB, datetime.now(UTC)).person == "ben"
    ben.post("/account/sign-out")
    assert behind(LAB, datetime.now(UTC)).person is None


def test_nobody_ends_the_lease_of_somebody_else(ben, town):
    other = come("leah", "10.1.2.31", at=datetime.now(UTC))
    ben.post("/network/leave", {"lease": other.pk})
    assert Lease.objects.get(pk=other.pk).ended is None
    ben.post("/network", {"machine": "own"})
    mine = Lease.objects.get(person_id="ben")
    ben.post("/network/leave", {"lease": mine.pk})
    assert Lease.objects.get(pk=mine.pk).ended


def test_the_page_says_so_when_the_address_is_not_the_schools(town):
    town.bare_account("ben")
    client = Client(REMOTE_ADDR=ELSEWHERE)
    client.force_login(town.ben.account)
    answer = client.post("/network")
    assert answer.status_code == 409 and "not an address of the school network" in answer.content.decode()


def test_ending_my_other_sessions_ends_what_they_opened_at_the_network(ben, town):
    other = Client(REMOTE_ADDR="10.1.2.40")
    actions.set_password(actor=SYSTEM, account=town.ben.account, password="correct horse battery", at=AT)
    other.post("/account/sign-in", {"login": "ben@lake.test", "password": "correct horse battery"})
    other.post("/network")
    here = Client(REMOTE_ADDR=LAB)
    here.post("/account/sign-in", {"login": "ben@lake.test", "password": "correct horse battery"})
    assert Lease.objects.filter(ended=None).count() == 1
    here.post("/account/ways/sessions")
    assert not Lease.objects.filter(ended=None).exists()


# To the doors


def test_the_doors_hear_of_a_lease_without_a_new_bundle(town):
    publishing.publish(NOON)
    watch, seen = BundleWatch(environment.home()), publishing.SeenLeases()
    assert watch.poll() and watch.bundle
    before = watch.bundle.id
    come("ben", LAB)
    assert publishing.leases_catch_up(NOON, seen) == "1 lease in force."
    assert publishing.leases_catch_up(NOON, seen) is None
    assert watch.poll()
    assert watch.bundle.roll.by_address(packed(LAB)).person == "ben"
    assert watch.bundle.id == before
    assert not watch.poll(), "nothing new"
    publishing.publish(NOON + timedelta(days=1))
    actions.add_address(actor=SYSTEM, cidr="10.7.0.0/16", audience="student", at=NOON)
    publishing.publish(NOON + timedelta(days=1))
    assert watch.poll()
    assert watch.bundle.roll.by_address(packed(LAB)).person == "ben", "a new bundle keeps the leases"
    actions.end_due(at=NOON + timedelta(days=1))
    publishing.leases_catch_up(NOON + timedelta(days=1), seen)
    assert watch.poll() and watch.bundle.roll.by_address(packed(LAB)).person is None


def test_a_changed_range_reaches_the_leases_that_are_there_already(town):
    publishing.publish(NOON)
    seen = publishing.SeenLeases()
    come("olsen", LAB)
    publishing.leases_catch_up(NOON, seen)
    assert lease_rows.read(environment.home())[0][2] == {"claimed": "olsen"}
    actions.add_address(actor=SYSTEM, cidr="10.1.2.0/24", audience="adult", at=NOON)
    soon = NOON + timedelta(seconds=21)
    assert publishing.leases_catch_up(soon, seen) == "1 lease in force."
    assert lease_rows.read(environment.home())[0][2] == {"person": "olsen"}


@pytest.mark.parametrize("data", ["", "{", '{"leases": 5}', '{"leases": [["no address", "signin", {}]]}', "[]"])
def test_a_damaged_file_of_leases_makes_strangers_and_stops_no_door(town, data):
    publishing.publish(NOON)
    (environment.home() / "bundles" / "leases.json").write_text(data)
    watch = BundleWatch(environment.home())
    assert watch.poll() and watch.bundle.roll.by_address(packed(LAB)).person is None
    assert bundle_file.open_bundle(environment.home()).roll.by_address(packed(LAB)).person is None


def test_the_jobs_end_and_forget(town):
    come("ben", LAB)
    assert jobs.leases(NOON + timedelta(hours=1)) == "1 leases ended."
    assert jobs.forget_leases(NOON + timedelta(days=10)) is None
    assert jobs.forget_leases(NOON + timedelta(days=31)) == "1 old lease gone."


@pytest.mark.clause("V.A.7.1")
def test_with_an_account_its_place_at_the_network_ends_at_once(town):
    town.client("olsen")
    come("olsen", STAFF_ROOM)
    come("ben", LAB)
    assert behind(STAFF_ROOM).person == "olsen"
    actions.close_account(actor=SYSTEM, account=town.olsen.account, at=NOON, reason="Left the school.")
    assert behind(STAFF_ROOM).person is None
    assert behind(LAB).person == "ben", "nobody else's"
