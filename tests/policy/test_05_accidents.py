"""Article V.C: who comes upon something by accident says so at once, and an official reads it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from homeroom.base.actor import SYSTEM, Actor
from homeroom.base.errors import Refused
from homeroom.filtering import clauses
from homeroom.filtering.actions import accidents
from homeroom.filtering.models import InadvertentAccess, ToldAccident
from homeroom.filtering.queries import accidents as queries
from homeroom.journal.models import Entry
from homeroom.people import actions as people
from homeroom.people.models import Role, Supervision
from tests.town import LONG_AGO, NOON

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
OLSEN = Actor("olsen", "Maja Olsen", frozenset({"teacher"}))
MOUA = Actor("moua", "Kao Moua", frozenset({"teacher"}))
OKAFOR = Actor("okafor", "Chidi Okafor", frozenset({"building_administrator"}))
DANA = Actor("dana", "Dana Reyes", frozenset({"technology_director"}))
TODAY = NOON.date()


def tell(who: Actor = OLSEN, site: str = "https://odd.test/search?q=private") -> ToldAccident:
    return accidents.tell_accident(actor=who, at=NOON, site=site, met_at=NOON - timedelta(minutes=4), words="An ad.")


def on_the_desk_of(who: Actor) -> list[ToldAccident]:
    return list(queries.named(who, TODAY).filter(closed_at=None))


@pytest.mark.clause("V.C.2")
def test_a_teachers_word_reaches_the_administrator_of_the_school_at_once(town):
    row = tell()
    assert on_the_desk_of(OKAFOR) == on_the_desk_of(DANA) == [row]
    assert on_the_desk_of(OLSEN) == on_the_desk_of(MOUA) == [], "not their own, and not a colleague's"
    assert tell(MOUA) not in on_the_desk_of(OKAFOR), "of another school"


@pytest.mark.clause("V.C.2")
@pytest.mark.parametrize(("last_day", "reaches"), [(None, True), (TODAY - timedelta(days=1), False)])
def test_the_supervisor_of_that_day_reads_it_as_well(town, last_day, reaches):
    Supervision.objects.create(employee_id="olsen", supervisor_id="moua", first_day=LONG_AGO, last_day=last_day)
    row = tell()
    assert (row in on_the_desk_of(MOUA)) is reaches


@pytest.mark.clause("V.C.2")
def test_an_employee_whom_nobody_would_read_is_found(town):
    tell()
    assert clauses.employees_told_nobody(NOON) == clauses.Looked(1, 0)
    Role.objects.filter(person="okafor").delete()
    assert clauses.employees_told_nobody(NOON) == clauses.Looked(1, 1)
    people.give_role(
        actor=SYSTEM, person="okafor", role="building_administrator", school="birch", first_day=LONG_AGO, at=NOON
    )
    tell(OKAFOR)
    assert clauses.employees_told_nobody(NOON).broken == 1, "an administrator's own word needs somebody else"


@pytest.mark.clause("V.C.1")
def test_it_is_read_closed_with_a_note_and_stays_on_file(town):
    row = tell()
    for who, note, said in ((OKAFOR, "", "few words"), (MOUA, "Talked with her.", "not for you"),
                            (OLSEN, "Nothing to do.", "not for you")):  # fmt: skip
        with pytest.raises(Refused, match=said):
            accidents.close_accident(actor=who, at=NOON, accident=row, note=note)
    closed = accidents.close_accident(actor=OKAFOR, at=NOON, accident=row, note="Talked with her.")
    assert (closed.closed_by, closed.note) == ("okafor", "Talked with her.") and on_the_desk_of(OKAFOR) == []
    with pytest.raises(Refused, match="closed it already"):
        accidents.close_accident(actor=DANA, at=NOON, accident=row, note="Talked again.")


@pytest.mark.clause("V.C.1")
def test_no_more_is_kept_than_the_site(town):
    row = tell()
    assert row.host == "odd.test" and "private" not in str(vars(row))
    told = Entry.objects.get(verb="filtering.accident.told")
    assert "odd.test" not in str(told.data) and (told.actor, told.clause) == ("olsen", "V.C.2")
    with pytest.raises(Refused, match="no name of a site"):
        tell(site="I do not know")


@pytest.mark.clause("V.C.1", "V.C.2")
def test_from_the_page_to_the_desk_and_closed(town):
    teacher, okafor = town.client("olsen"), town.client("okafor")
    teacher.post("/accidents/tell", {"site": "odd.test", "met_at": "", "words": ""})
    row = ToldAccident.objects.get()
    assert "came upon something by accident" in okafor.get("/").content.decode()
    assert "Maja Olsen" in okafor.get("/accidents").content.decode()
    assert town.client("moua").get(f"/accidents/named/{row.pk}").status_code == 404
    assert "odd.test" in okafor.get(f"/accidents/named/{row.pk}").content.decode()
    assert Entry.objects.get(verb="filtering.accident.seen").subject == "person:olsen"
    okafor.post(f"/accidents/named/{row.pk}", {"note": "Talked with her."})
    assert "Nothing waits to be read" in okafor.get("/accidents").content.decode()
    assert "Talked with her." in okafor.get(f"/accidents/named/{row.pk}").content.decode()


@pytest.mark.clause("V.C.1")
def test_a_student_tells_it_too_and_an_unknown_place_reaches_every_administrator(town):
    ben = Actor("ben", "Ben Haugen", frozenset({"student"}))
    row = tell(ben)
    assert not row.employee and row in on_the_desk_of(OKAFOR)
    met = {"host": "odd.test", "clause": "V.C.1", "profile": "student", "blocked_at": NOON, "asked_at": NOON}
    nowhere = InadvertentAccess.objects.create(**met)
    elsewhere = InadvertentAccess.objects.create(**met, school="cedar")
    read = queries.on_block_pages(OKAFOR, TODAY)
    assert nowhere in read and elsewhere not in read
    assert not queries.on_block_pages(OLSEN, TODAY).exists()


@pytest.mark.clause("V.C.1")
def test_what_was_told_on_the_blocked_page_is_closed_in_the_same_way(town):
    met = {"host": "odd.test", "clause": "VI", "profile": "student", "blocked_at": NOON, "asked_at": NOON}
    row, okafor = InadvertentAccess.objects.create(**met, school="birch", alias="a1b2"), town.client("okafor")
    assert "odd.test" in okafor.get("/accidents?told=block-page").content.decode()
    page = okafor.get(f"/accidents/block-page/{row.pk}").content.decode()
    assert "not named" in page and "a1b2" not in page
    okafor.post(f"/accidents/block-page/{row.pk}", {"note": "Talked with the class."})
    row.refresh_from_db()
    assert row.closed_by_name == "Chidi Okafor"
    assert "Nothing waits to be read" in okafor.get("/accidents?told=block-page").content.decode()


@pytest.mark.clause("V.C.2")
@pytest.mark.parametrize("site", ["", "http://[", "http://[::1", "https://", "no site", "//", "http://odd.test]:x/"])
def test_what_is_no_site_gets_a_sentence_and_nothing_is_kept(town, site):
    with pytest.raises(Refused, match="is no name of a site"):
        tell(site=site)
    assert not ToldAccident.objects.exists()
