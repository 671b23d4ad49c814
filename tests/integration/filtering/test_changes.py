"""Only the people whom an act touched are published anew, and the doors read the same as from a whole roll."""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import ip_address

import pytest

from homeroom.access import actions as access
from homeroom.access import roll, touched
from homeroom.access.models import DohToken
from homeroom.agreements import actions, jobs
from homeroom.base.actor import SYSTEM
from homeroom.doors import bundle_file, environment
from homeroom.filtering import publishing
from homeroom.journal import queries as journal
from homeroom.kernel.decision.identity import chromeos_hashes, doh_token_digest
from homeroom.kernel.decision.roll import Roll
from homeroom.notices.actions import letters, open_notice, sending
from homeroom.people import actions as people
from homeroom.people import queries as people_queries
from homeroom.people.models import Enrolment
from tests.integration.agreements.conftest import EMPLOYEE, STUDENT, actor, approve, sign, slot
from tests.integration.notices.conftest import DANA
from tests.integration.notices.conftest import approve as approve_words

from .conftest import AT

pytestmark = pytest.mark.django_db(databases=["default", "activity"])


@pytest.fixture
def at() -> datetime:
    return AT


@pytest.fixture
def seen(town, at) -> publishing.Seen:
    """A worker that has published everything, forms and open agreements among it."""
    for kind, words in (("student", STUDENT), ("employee", EMPLOYEE)):
        approve(actions.add_version(actor=actor("dana"), at=at, kind=kind, words=words), at)
    actions.follow_roster(actor=SYSTEM, at=at)
    seen = publishing.Seen()
    publishing.catch_up(at, seen)
    return seen


def opened():
    return bundle_file.open_bundle(environment.home())


def closed(person: str) -> list[str]:
    return [code for _, code in opened().roll.person(person).closed]


def roll_file() -> str:
    return bundle_file.manifest(environment.home(), bundle_file.current_id(environment.home()))["roll"]


def whole(at, person: str):
    return roll.roll_part(people_queries.today(at))["persons"][person].get("closed")


def test_a_signature_opens_without_a_new_roll(seen, at):
    before = roll_file()
    for part, holder in (("student", "ben"), ("parent", "rosa"), ("teacher", "olsen")):
        assert closed("ben")
        sign("ben", part, holder, at)
        publishing.catch_up(at, seen)
    assert closed("ben") == []
    assert closed("leah") == ["student-signature", "parent-signature", "teacher-signature"]
    assert roll_file() == before and set(seen.changes) == {"ben"}


def test_what_closes_is_published_too(seen, at):
    for part, holder in (("student", "ben"), ("parent", "rosa"), ("teacher", "olsen")):
        sign("ben", part, holder, at)
    publishing.catch_up(at, seen)
    for act, code in (
        (
            lambda: actions.refuse(actor=actor("rosa"), at=at, slot=slot("ben", "parent", "rosa"), reason="No."),
            "parent",
        ),
        (lambda: access.restrict(actor=actor("okafor"), at=at, person="ben", reason="Games.", cancel=True), "cancel"),
        (lambda: actions.request_termination(actor=actor("rosa"), at=at, child="ben", guardian="rosa"), "ended"),
    ):
        act()
        publishing.catch_up(at, seen)
        assert any(each.startswith(code) for each in closed("ben"))
    assert [list(pair) for pair in opened().roll.person("ben").closed] == whole(at, "ben")


def test_a_change_of_teacher_touches_the_students_of_the_class(seen, at):
    for part, holder in (("student", "ben"), ("parent", "rosa"), ("teacher", "olsen")):
        sign("ben", part, holder, at)
    publishing.catch_up(at, seen)
    today = people_queries.today(at)
    old = Enrolment.objects.get(person="olsen", group="7b")
    people.end_enrolment(actor=SYSTEM, enrolment=old, last_day=today - timedelta(days=1), at=at)
    new = people.PlaceIn("lind", "7b", "teacher", today, primary=True)
    people.enrol_all(actor=SYSTEM, places=[new], at=at)
    publishing.catch_up(at, seen)
    assert closed("ben") == ["new-teacher"]
    actions.follow_roster(actor=SYSTEM, at=at)
    row = sign("ben", "teacher", "lind", at)
    publishing.catch_up(at, seen)
    assert closed("ben") == []
    assert row.attached_to is not None and row.attached_to.signer_id == "olsen"


def test_a_new_whole_roll_ends_the_changes(seen, at):
    sign("ben", "student", "ben", at)
    publishing.catch_up(at, seen)
    assert seen.changes
    people.set_up_district(actor=SYSTEM, name="Lake District", at=at)
    publishing.catch_up(at, seen)
    assert seen.changes == {}
    assert bundle_file.manifest(environment.home(), bundle_file.current_id(environment.home()))["changes"] == ""
    assert "student-signature" not in closed("ben")


def test_acts_that_concern_nobodys_standing_touch_nobody(seen, at):
    head = journal.head().id
    actions.follow_roster(actor=SYSTEM, at=at)
    rosa = people.Person.objects.get(pk="rosa")
    access.add_account(actor=SYSTEM, person=rosa, email="rosa@lake.test", at=at)
    actions.begin_sitting(actor=SYSTEM, at=at, person=rosa, language="en", method="session", detail="Signed in.")
    assert touched.since(head, people_queries.today(at)) == set()


def test_sealing_publishes_nothing(seen, at):
    for part, holder in (("student", "ben"), ("parent", "rosa"), ("teacher", "olsen")):
        sign("ben", part, holder, at)
    publishing.catch_up(at, seen)
    bundle, later = bundle_file.current_id(environment.home()), at + timedelta(minutes=5)
    head = journal.head().id
    jobs.seal(later)
    assert journal.all_entries().filter(id__gt=head, verb="agreements.sealed").exists()
    assert publishing.catch_up(later, seen) is None and seen.journal == journal.head().id
    assert bundle_file.current_id(environment.home()) == bundle


def test_a_notice_that_comes_back_closes_at_once_without_a_new_roll(seen, at):
    """XI.A: told was a mistake, so the reader is judged anew, and nobody else."""
    approve_words("users")
    opened_notice = open_notice(
        actor=DANA, at=at - timedelta(hours=26), kind="users", about="x", recipients=["ben", "leah"], facts={}
    )
    publishing.catch_up(at, seen)
    assert "notice" in " ".join(closed("ben"))
    sending.send_batch(at=at - timedelta(hours=25))
    publishing.catch_up(at, seen)
    later = at + timedelta(minutes=1)
    letters.settle(at=later)
    publishing.catch_up(later, seen)
    assert "notice" not in " ".join(closed("ben")) and "notice" not in " ".join(closed("leah"))
    before = roll_file()
    letter = opened_notice.letters.get(reader="ben")
    letters.failed(attempt=letter.attempts.get(), why="550 no such user", at=later, returned=True)
    publishing.catch_up(later + timedelta(seconds=1), seen)
    assert "notice" in " ".join(closed("ben")) and "notice" not in " ".join(closed("leah"))
    assert roll_file() == before


def behind(address: str):
    return opened().roll.by_address(ip_address(address).packed)


def test_an_address_is_told_and_taken_back_without_a_new_roll(seen, at):
    """V.A.7.4: assigned, it is theirs at the door at once; ended, the range around it counts again."""
    before = roll_file()
    access.add_address(actor=SYSTEM, cidr="10.9.0.0/24", audience="student", at=at)
    publishing.catch_up(at, seen)
    assert behind("10.9.0.7").profile == "student" and behind("10.9.0.7").person is None
    own = access.add_address(actor=SYSTEM, cidr="10.9.0.7", person="ben", at=at + timedelta(seconds=1))
    publishing.catch_up(at, seen)
    assert behind("10.9.0.7").person == "ben" and behind("10.9.0.8").person is None
    access.end_range(actor=SYSTEM, range=own, at=at + timedelta(seconds=2))
    publishing.catch_up(at, seen)
    assert behind("10.9.0.7").person is None and behind("10.9.0.7").profile == "student"
    assert roll_file() == before
    assert set(opened().roll.singles()) == set(anew(at).singles())
    assert set(opened().roll.ranges()) == set(anew(at).ranges())


def test_tokens_and_logins_are_told_without_a_new_roll(seen, at):
    """V.A.7.4: a token and a login begin and end; nobody else is read again."""
    before, ben = roll_file(), people.Person.objects.get(pk="ben")
    token = doh_token_digest(access.issue_token(actor=SYSTEM, person=ben, at=at))
    login = access.set_login(actor=SYSTEM, person=ben, name="Ben", password="long enough", at=at)
    publishing.catch_up(at, seen)
    assert opened().roll.by_token(token).person == "ben" and opened().roll.login("ben")[0] == "ben"
    access.end_token(actor=SYSTEM, token=DohToken.objects.get(), at=at)
    access.end_login(actor=SYSTEM, login=login, at=at)
    publishing.catch_up(at, seen)
    assert opened().roll.by_token(token).person is None and opened().roll.login("ben") is None
    assert roll_file() == before


def test_a_salt_makes_the_roll_anew_and_a_new_person_has_an_identifier(seen, at):
    before = roll_file()
    access.add_salt(actor=SYSTEM, salt="abcdefgh12345678", at=at)
    publishing.catch_up(at, seen)
    assert roll_file() != before
    before = roll_file()
    people.add_person(actor=SYSTEM, id="new", given_name="Nia", email="nia@lake.test", at=at)
    publishing.catch_up(at, seen)
    hash = next(iter(chromeos_hashes(["abcdefgh12345678"], "nia@lake.test")))
    assert opened().roll.by_chromeos(hash).person == "new" and roll_file() == before


def test_who_signs_while_the_whole_roll_is_made_does_not_wait_for_it(seen, at, monkeypatch):
    """IX.C: the turn of the day makes everybody's row anew; a signature in between is told over the old roll."""
    for part, holder in (("student", "ben"), ("parent", "rosa")):
        sign("ben", part, holder, at)
    publishing.catch_up(at, seen)
    monkeypatch.setattr(publishing, "PORTION", 2)
    before, told, real, tomorrow = roll_file(), [], publishing._meanwhile, at + timedelta(days=1)

    def meanwhile(*said):
        if not told:
            sign("ben", "teacher", "olsen", tomorrow)
        real(*said)
        told.append((closed("ben"), roll_file() == before))

    monkeypatch.setattr(publishing, "_meanwhile", meanwhile)
    assert closed("ben") == ["teacher-signature"]
    publishing.catch_up(tomorrow, seen)
    assert told[0] == ([], True) and len(told) > 2
    assert closed("ben") == [] and roll_file() != before and set(seen.changes) <= {"ben"}
    assert whole(tomorrow, "ben") is None


def test_a_whole_roll_that_failed_is_begun_again_and_nothing_is_lost(seen, at, monkeypatch):
    tomorrow = at + timedelta(days=1)
    sign("ben", "student", "ben", tomorrow)
    with monkeypatch.context() as broken:
        broken.setattr(publishing, "_meanwhile", lambda *_: (_ for _ in ()).throw(OSError("full")))
        with pytest.raises(OSError, match="full"):
            publishing.catch_up(tomorrow, seen)
    assert "student-signature" in closed("ben")
    publishing.catch_up(tomorrow, seen)
    assert "student-signature" not in closed("ben") and seen.day == people_queries.today(tomorrow)


def test_a_worker_that_starts_lays_changes_over_what_it_finds(seen, at, monkeypatch):
    """Another worker takes up the roll in force with its changes, so that its own first look holds nobody up."""
    sign("ben", "student", "ben", at)
    publishing.catch_up(at, seen)
    new, told = publishing.Seen(), []
    monkeypatch.setattr(publishing, "_meanwhile", lambda at, mine, day: told.append((mine.roll, set(mine.changes))))
    publishing.catch_up(at, new)
    assert told[0] == (seen.roll, {"ben"}) and new.changes == {} and new.rows


def anew(at) -> Roll:
    return Roll(roll.roll_part(people_queries.today(at)), strictest="unknown")
