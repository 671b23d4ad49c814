"""Rosters from files: what is taken in, what changes, what ends, and what is refused."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies as st

from homeroom.base.actor import SYSTEM
from homeroom.base.errors import Refused
from homeroom.journal.models import Entry
from homeroom.people import actions as people
from homeroom.people import queries, roster_actions
from homeroom.people.models import (
    Address,
    Class,
    Enrolment,
    Flag,
    Guardianship,
    OtherId,
    Person,
    Preference,
    Role,
    School,
    Supervision,
)  # fmt: skip

pytestmark = pytest.mark.django_db
AUTUMN = datetime(2026, 9, 14, 17, 0, tzinfo=UTC)
WINTER = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
SDS = Path(__file__).parents[2].parent / "shared" / "data" / "roster" / "sds-v2.1"

Table = list[dict[str, str]]


def district() -> dict[str, Table]:
    """A small OneRoster 1.1 roster: two schools, four students, two teachers, two guardians."""
    users = [
        user("s1", "student", "north", "Ida", "Berg", grades="07", agentSourcedIds="g1,g2"),
        user("s2", "student", "north", "Jon", "Berg", grades="KG", agentSourcedIds="g1"),
        user("s3", "student", "south", "Mai", "Vue", grades="11"),
        user("s4", "student", "south", "Abdi", "Ali", grades="12"),
        user("t1", "teacher", "north", "Ruth", "Holm"),
        user("t2", "teacher", "north", "Sven", "Dahl"),
        user("g1", "guardian", "north", "Eva", "Berg", email="home@berg.test"),
        user("g2", "parent", "north", "Olaf", "Berg", email="home@berg.test"),
    ]
    return {
        "orgs": [
            {"sourcedId": "d", "name": "District", "type": "district"},
            {"sourcedId": "north", "name": "North School", "type": "school", "parentSourcedId": "d"},
            {"sourcedId": "south", "name": "South School", "type": "school", "parentSourcedId": "d"},
        ],
        "academicSessions": [
            {"sourcedId": "y", "title": "2026-27", "type": "schoolYear", "startDate": "2026-09-01",
             "endDate": "2027-06-04"}
        ],
        "users": users,
        "classes": [
            {"sourcedId": "c1", "title": "Homeroom 7", "schoolSourcedId": "north", "termSourcedIds": "y"},
            {"sourcedId": "c2", "title": "Homeroom K", "schoolSourcedId": "north", "termSourcedIds": "y"},
        ],
        "enrollments": [
            place("c1", "s1", "student"), place("c2", "s2", "student"),
            place("c1", "t1", "teacher", primary="true"), place("c2", "t2", "teacher", primary="true"),
        ],
    }  # fmt: skip


def user(id: str, role: str, school: str, given: str, family: str, **more: str) -> dict[str, str]:
    common = {"sourcedId": id, "role": role, "orgSourcedIds": school, "givenName": given, "familyName": family}
    return {**common, "username": id, "email": f"{id}@north.test", "agentSourcedIds": "", "grades": "", **more}


def place(group: str, person: str, role: str, **more: str) -> dict[str, str]:
    return {"sourcedId": f"e-{group}-{person}", "classSourcedId": group, "userSourcedId": person, "role": role, **more}


def text(rows: Table) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write(folder: Path, tables: dict[str, Table | str], *, delta: bool = False, version: str = "1.1") -> Path:
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    modes = [{"propertyName": f"file.{name}", "value": "delta" if delta else "bulk"} for name in tables]
    about = [
        {"propertyName": "manifest.version", "value": "1.0"},
        {"propertyName": "oneroster.version", "value": version},
    ]
    for name, rows in {**tables, "manifest": about + modes}.items():
        (folder / f"{name}.csv").write_text(rows if isinstance(rows, str) else text(rows), encoding="utf-8", newline="")
    return folder


@pytest.fixture(autouse=True, params=["kept for a short write", "written as they come"])
def way(request, monkeypatch):
    """Small and large loads write differently, and the same."""
    monkeypatch.setattr(roster_actions, "KEEP", 30_000 if "short" in request.param else 1)


@pytest.fixture
def load(tmp_path):
    """Loads tables at an instant."""

    def run(tables, at=AUTUMN, *, delta=False, version="1.1", **how):
        path = write(tmp_path / "roster", tables, delta=delta, version=version)
        return roster_actions.load_roster(actor=SYSTEM, path=path, at=at, **how)

    return run


def nothing(report: roster_actions.Report) -> bool:
    return not (report.added or report.changed or report.ended)


def test_a_first_load_brings_people_schools_classes_and_guardians(load):
    report = load(district())
    assert report.problems == []
    ida = Person.objects.get(pk="s1")
    assert (ida.name, ida.email) == ("Ida Berg", "s1@north.test")
    role = Role.objects.get(person="s1")
    assert (role.role, role.school_id, role.grade, role.first_day, role.last_day) == (
        "student", "north", "7", date(2026, 9, 14), None,
    )  # fmt: skip
    assert Role.objects.get(person="s2").grade == "K"
    assert set(School.objects.values_list("name", flat=True)) == {"North School", "South School"}
    assert Class.objects.get(pk="c1").last_day == date(2027, 6, 4)
    assert Enrolment.objects.get(person="s1").first_day == date(2026, 9, 1), "since the class began"
    assert [each.pk for each in queries.parents("s1", date(2026, 9, 14))] == ["g1", "g2"]


def test_the_same_file_twice_changes_nothing_not_even_months_later(load):
    load(district())
    entries = Entry.objects.count()
    assert nothing(load(district()))
    assert nothing(load(district(), WINTER))
    assert Entry.objects.count() == entries


def test_a_load_writes_one_entry_without_names(load):
    load(district())
    entry = Entry.objects.get()
    assert (entry.verb, entry.subject) == ("people.roster.loaded", "roster:roster")
    assert entry.data["added"]["persons"] == 8
    assert "Berg" not in str(entry.data)


def test_a_preview_writes_nothing_and_says_what_the_load_then_does(load, tmp_path):
    path = write(tmp_path / "r", district())
    report = roster_actions.preview_roster(path=path, at=AUTUMN)
    assert (Person.objects.count(), Entry.objects.count(), report.loaded) == (0, 0, False)
    assert load(district()).added == report.added


def test_moving_school_ends_the_old_role_and_begins_a_new_one(load):
    tables = district()
    load(tables)
    tables["users"][0]["orgSourcedIds"] = "south"
    report = load(tables, WINTER)
    old, new = Role.objects.filter(person="s1").order_by("first_day")
    assert (old.school_id, old.last_day) == ("north", date(2026, 11, 30))
    assert (new.school_id, new.first_day, new.last_day) == ("south", date(2026, 12, 1), None)
    assert (report.leaving, report.ended, report.added) == (0, {"roles": 1}, {"roles": 1})


def test_moving_twice_in_a_day_leaves_no_day_with_two_schools(load):
    tables = district()
    load(tables)
    tables["users"][0]["orgSourcedIds"] = "south"
    load(tables, WINTER)
    tables["users"][0]["orgSourcedIds"] = "north"
    load(tables, WINTER + timedelta(hours=2))
    open_ones = Role.objects.on(date(2026, 12, 2)).filter(person="s1")
    assert [each.school_id for each in open_ones] == ["north"]
    assert nothing(load(tables, WINTER + timedelta(hours=3)))


def test_a_new_grade_begins_a_new_row(load):
    tables = district()
    load(tables)
    tables["users"][0]["grades"] = "08"
    load(tables, WINTER)
    assert list(Role.objects.filter(person="s1").order_by("first_day").values_list("grade", flat=True)) == ["7", "8"]
    assert nothing(load(tables, WINTER + timedelta(days=3)))


def test_who_supervised_her_on_a_day_has_an_answer(load):
    tables = district()
    load(tables)
    tables["enrollments"][2] = place("c1", "t2", "teacher", primary="true")
    load(tables, WINTER)
    assert [each.pk for each in queries.supervising_teachers("s1", date(2026, 11, 3))] == ["t1"]
    assert [each.pk for each in queries.supervising_teachers("s1", date(2026, 12, 1))] == ["t2"]
    assert queries.supervising_teachers("s1", date(2026, 8, 1)) == []


def test_an_enrolment_that_names_another_class_ends_the_old_one(load):
    tables = district()
    load(tables)
    moved = {**tables["enrollments"][0], "classSourcedId": "c2"}
    load({"enrollments": [moved]}, WINTER, delta=True)
    rows = Enrolment.objects.filter(person="s1").order_by("first_day").values_list("group_id", "last_day")
    assert list(rows) == [("c1", date(2026, 11, 30)), ("c2", None)]


def test_a_student_missing_from_a_bulk_load_is_ended_not_deleted(load):
    tables = district()
    load(tables)
    tables["users"] = [row for row in tables["users"] if row["sourcedId"] != "s4"]
    report = load(tables, WINTER, leave_percent=30)
    assert Role.objects.get(person="s4").last_day == date(2026, 11, 30)
    assert Person.objects.filter(pk="s4").exists()
    assert (report.leaving, report.students) == (1, 4)
    assert nothing(load(tables, WINTER + timedelta(days=1)))


def test_whoever_comes_back_begins_anew(load):
    tables = district()
    load(tables)
    without = {**tables, "users": [row for row in tables["users"] if row["sourcedId"] != "s4"]}
    load(without, WINTER, remove_anyway=True)
    load(tables, WINTER + timedelta(days=30))
    rows = Role.objects.filter(person="s4").order_by("first_day").values_list("first_day", "last_day")
    assert list(rows) == [(date(2026, 9, 14), date(2026, 11, 30)), (date(2026, 12, 31), None)]


def test_a_roster_without_any_student_is_refused_and_nothing_changes(load):
    tables = district()
    load(tables)
    before = list(Role.objects.order_by("pk").values())
    tables["users"] = [row for row in tables["users"] if row["role"] != "student"]
    with pytest.raises(roster_actions.TooManyLeave, match="4 of 4 students would leave"):
        load(tables, WINTER)
    assert list(Role.objects.order_by("pk").values()) == before
    assert load(tables, WINTER, remove_anyway=True).leaving == 4


def test_an_empty_users_file_is_refused_too(load):
    load(district())
    with pytest.raises(roster_actions.TooManyLeave):
        load({"users": "sourcedId,role,orgSourcedIds,givenName,familyName\n"}, WINTER)


def test_people_entered_by_hand_are_never_ended_by_a_roster(town, load):
    load(district(), WINTER)
    assert Role.objects.get(person="ben").last_day is None


def test_somebody_entered_by_hand_with_the_rosters_id_is_the_same_person(town, load):
    tables = district()
    tables["users"].append(user("ben", "student", "north", "Ben", "Haugen", grades="07"))
    load(tables)
    assert Person.objects.filter(pk__contains="ben").count() == 1
    assert Person.objects.get(pk="ben").source == "roster"


def test_a_delta_ends_nobody_who_is_not_in_it(load):
    load(district())
    report = load({"users": [user("s9", "student", "north", "New", "Kid", grades="05")]}, WINTER, delta=True)
    assert (report.ended, report.added) == ({}, {"persons": 1, "roles": 1})


def test_a_delta_that_takes_somebody_back_ends_their_roles(load):
    load(district())
    gone = user("s4", "student", "south", "Abdi", "Ali", status="tobedeleted", dateLastModified="2026-11-30T12:00:00Z")
    load({"users": [gone]}, WINTER, delta=True, leave_percent=50)
    assert Role.objects.get(person="s4").last_day == date(2026, 11, 30)
    assert nothing(load({"users": [gone]}, WINTER, delta=True))


def test_an_older_delta_never_overwrites_a_newer_one(load):
    load(district())
    row = tuple(
        user("s1", "student", school, given, "Berg", grades="07", dateLastModified=f"2026-11-0{number}T08:00:00Z")
        for number, school, given in ((1, "north", "Ide"), (2, "south", "Ida-Marie"))
    )
    load({"users": [row[1]]}, WINTER, delta=True)
    report = load({"users": [row[0]]}, WINTER + timedelta(days=1), delta=True)
    assert (nothing(report), report.older) == (True, 2)
    assert Person.objects.get(pk="s1").given_name == "Ida-Marie"
    assert Role.objects.on(date(2026, 12, 3)).get(person="s1").school_id == "south"


def test_one_guardian_of_several_children_is_one_person(load):
    tables = district()
    tables["users"][1]["agentSourcedIds"] = "g9"
    tables["users"].append(user("g9", "guardian", "north", "Eva", "Berg", email="Home@Berg.test"))
    load(tables)
    assert OtherId.objects.get(external="g9").person_id == "g1"
    assert [each.pk for each in queries.parents("s2", date(2026, 9, 14))] == ["g1"]
    assert not Person.objects.filter(pk="g9").exists()
    assert nothing(load(tables, WINTER))


def test_two_guardians_with_one_address_stay_two(load):
    load(district())
    assert set(Person.objects.filter(email="home@berg.test").values_list("pk", flat=True)) == {"g1", "g2"}


def test_a_guardian_in_the_files_of_two_districts_is_one_person_and_equal_ids_are_two(load):
    load(district(), source="a")
    other = {
        "orgs": [{"sourcedId": "hill", "name": "Hill School", "type": "school"}],
        "users": [
            user("s1", "student", "hill", "Per", "Berg", grades="02", agentSourcedIds="x1"),
            user("x1", "guardian", "hill", "Eva", "Berg", email="home@berg.test"),
        ],
    }
    load(other, source="b")
    assert Person.objects.get(pk="b:s1").given_name == "Per"
    assert [each.pk for each in queries.parents("b:s1", date(2026, 9, 14))] == ["g1"]
    assert nothing(load(district(), WINTER, source="a"))
    assert nothing(load(other, WINTER, source="b"))


def test_a_bad_row_is_left_out_and_whoever_it_is_stays_as_they_are(load):
    tables = district()
    load(tables)
    tables["users"][0]["role"] = "wizard"
    report = load(tables, WINTER)
    assert nothing(report)
    (problem,) = report.problems
    assert (problem.file, problem.line, problem.column, problem.left_out) == ("users.csv", 2, "role", True)


def test_a_file_with_rows_that_nobody_can_name_ends_nobody(load):
    tables = district()
    load(tables)
    tables["users"][3]["sourcedId"] = ""
    report = load(tables, WINTER)
    assert report.ended == {}
    assert any("ends nothing this time" in each.sentence for each in report.problems)


def test_whatever_names_nobody_is_listed_by_its_place(load):
    tables = district()
    tables["enrollments"].append(place("c1", "ghost", "student"))
    tables["enrollments"].append(place("c9", "s1", "student"))
    report = load(tables)
    assert [(each.file, each.line, each.column) for each in report.problems] == [
        ("enrollments.csv", 6, "person"), ("enrollments.csv", 7, "class"),
    ]  # fmt: skip


def test_passwords_are_never_kept_shown_or_logged(load, tmp_path, settings):
    tables = district()
    for row in tables["users"]:
        row["password"] = row["Pass word"] = "hunter2-secret"
    report = load(tables)
    assert {each.column for each in report.problems} == {"password", "Pass word"}
    assert "hunter2" not in json.dumps(report.as_json())
    assert not any("hunter2" in str(row) for row in [*Person.objects.values(), *Entry.objects.values()])


def test_what_vendors_write_is_understood(tmp_path):
    folder = tmp_path / "vendor"
    folder.mkdir()
    (folder / "Orgs.CSV").write_bytes(b"\xef\xbb\xbfSourcedID,NAME,Type\r\nnorth,\xc9cole du Nord,school\r\n")
    (folder / "USERS.csv").write_bytes(
        b"SOURCEDID,Role,orgsourcedids,GivenName,FamilyName,Grades,metadata.bus,birthDate\r\n"
        b's1,Student,"north",Jos\xe9,"Li, Jr.","07",Bus 12,11/3/2013\r\n'
        b"s2,STUDENT,north,Ann,Lee\r\n"
    )
    report = roster_actions.load_roster(actor=SYSTEM, path=folder, at=AUTUMN)
    assert [each.sentence for each in report.problems] == []
    jose = Person.objects.get(pk="s1")
    assert (jose.given_name, jose.family_name, jose.birth_date) == ("José", "Li, Jr.", date(2013, 11, 3))
    assert jose.extras == {"metadata.bus": "Bus 12"}
    assert School.objects.get().name == "École du Nord"
    assert Role.objects.get(person="s2").school_id == "north"


def test_a_misspelt_column_is_offered_and_taken_only_when_somebody_says_so(load):
    tables = district()
    tables["users"] = [{("givenNmae" if k == "givenName" else k): v for k, v in row.items()} for row in tables["users"]]
    with pytest.raises(Refused, match="“givenNmae” in users"):
        load(tables)
    assert Person.objects.count() == 0
    report = load(tables, accept_guesses=True)
    assert [each.meant for each in report.guesses] == ["givenName"]
    assert Person.objects.get(pk="s1").given_name == "Ida"


def test_a_zip_is_read_and_a_damaged_one_refused(tmp_path):
    path = tmp_path / "roster.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in district().items():
            archive.writestr(f"export/{name}.csv", text(rows))
    assert roster_actions.preview_roster(path=path, at=AUTUMN).added["persons"] == 8
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(path.read_bytes()[:400])
    with pytest.raises(Refused, match="damaged"):
        roster_actions.preview_roster(path=damaged, at=AUTUMN)
    bent = bytearray(path.read_bytes())
    bent[60:120] = bytes(60)
    damaged.write_bytes(bytes(bent))
    with pytest.raises(Refused, match="Nothing was changed"):
        roster_actions.load_roster(actor=SYSTEM, path=damaged, at=AUTUMN)


def test_a_manifest_that_promises_a_missing_file_is_refused(tmp_path):
    folder = write(tmp_path / "r", district())
    (folder / "users.csv").unlink()
    with pytest.raises(Refused, match="promises users"):
        roster_actions.preview_roster(path=folder, at=AUTUMN)


def test_oneroster_1_2_has_roles_in_a_file_of_their_own(load):
    tables = district()
    roles = [
        {"sourcedId": f"r-{row['sourcedId']}", "userSourcedId": row["sourcedId"], "roleType": "primary",
         "role": row["role"], "orgSourcedId": row["orgSourcedIds"], "beginDate": "2026-09-01"}
        for row in tables["users"]
    ]  # fmt: skip
    roles.append({"sourcedId": "r-x", "userSourcedId": "t1", "role": "systemAdministrator", "orgSourcedId": "d"})
    for row in tables["users"]:
        del row["role"], row["orgSourcedIds"]
    tables["roles"] = roles
    report = load(tables, version="1.2")
    assert report.format == "oneroster-1.2"
    assert Role.objects.get(person="s1").first_day == date(2026, 9, 1)
    assert Role.objects.get(person="s1").grade == "7", "the grade stands with the user"
    assert set(Role.objects.filter(person="t1").values_list("role", "school_id")) == {
        ("teacher", "north"), ("employee", None),
    }  # fmt: skip
    assert nothing(load(tables, WINTER, version="1.2"))
    assert queries.parents("s1", date(2026, 9, 20)) == [Person.objects.get(pk="g1"), Person.objects.get(pk="g2")]


def test_in_a_delta_of_oneroster_1_2_a_grade_may_come_without_its_role(load):
    tables = district()
    tables["roles"] = [
        {"sourcedId": f"r-{row['sourcedId']}", "userSourcedId": row["sourcedId"], "role": row.pop("role"),
         "orgSourcedId": row.pop("orgSourcedIds"), "beginDate": "2026-09-01"}
        for row in tables["users"]
    ]  # fmt: skip
    load(tables, version="1.2")
    moved = [{**row, "grades": "08"} for row in tables["users"] if row["sourcedId"] == "s1"]
    load({"users": moved}, WINTER, version="1.2", delta=True)
    held = Role.objects.filter(person="s1").order_by("first_day").values_list("grade", "school_id", "last_day")
    assert [row[:2] for row in held] == [("7", "north"), ("8", "north")]
    assert held[0][2] == WINTER.date() - timedelta(days=1)
    assert held[1][2] is None


def test_who_writes_between_comparing_and_writing_is_not_overrun(load, monkeypatch):
    compare, times = roster_actions._compare, []
    monkeypatch.setattr(roster_actions, "KEEP", 30_000)

    def slowly(staged):
        compare(staged)
        times.append(staged)
        if len(times) == 1:  # somebody in the office is quicker
            people.add_people(actor=SYSTEM, people=[Person(id="s1", given_name="Ida", family_name="Berg")], at=AUTUMN)

    monkeypatch.setattr(roster_actions, "_compare", slowly)
    load(district())
    assert Person.objects.get(pk="s1").email == "s1@north.test"
    assert Role.objects.get(person="s1").grade == "7"


@pytest.mark.clause("XIII.B")
def test_the_supplement_says_what_rosters_lack(load):
    load(district())
    supplement = {
        "relationships": [
            {"userSourcedId": "s1", "relationshipUserSourcedId": "g1", "relationshipRole": "mother",
             "legalCustody": "Y",
             "livesWith": "true", "receivesMail": "1", "portalAccess": "yes", "courtOrder": "no", "priority": "1"},
            {"userSourcedId": "s1", "relationshipUserSourcedId": "g2", "relationshipRole": "father",
             "legalCustody": "N",
             "livesWith": "no", "receivesMail": "0", "portalAccess": "no", "courtOrder": "TRUE", "priority": "2"},
            {"userSourcedId": "s3", "relationshipUserSourcedId": "t2", "relationshipRole": "acting as parent"},
        ],
        "addresses": [{"userSourcedId": "g1", "type": "home", "street": "1 Elm", "city": "Ely", "state": "MN",
                       "postalCode": "55731"}],
        "preferences": [{"userSourcedId": "g1", "homeLanguage": "Spanish", "channel": "Text", "interpreter": "yes"}],
        "userFlags": [{"userSourcedId": "s2", "flag": "504", "beginDate": "9/1/2026", "endDate": "2027-06-01"}],
        "staffSupervisors": [{"userSourcedId": "t1", "supervisorSourcedId": "t2"}],
    }  # fmt: skip
    report = load(supplement, WINTER)
    assert (report.problems, report.format) == ([], "supplement")
    held = Guardianship.objects.on(date(2026, 12, 1)).get(guardian="g2", child="s1")
    assert (held.legal_custody, held.court_order, held.priority) == (False, True, 2)
    assert [each.pk for each in queries.parents("s1", date(2026, 12, 1))] == ["g1"], "he has no legal custody"
    assert [each.pk for each in queries.parents("s3", date(2026, 12, 1))] == ["t2"], "acts as parent"
    assert Address.objects.get(person="g1").city == "Ely"
    said = Preference.objects.get(person="g1")
    assert (said.channel, said.interpreter, Person.objects.get(pk="g1").home_language) == ("sms", True, "es")
    assert queries.plans("s2", date(2026, 12, 1)) == {"section504"}
    assert Flag.objects.get().first_day == date(2026, 9, 1)
    assert Supervision.objects.get().supervisor_id == "t2"
    assert nothing(load(supplement, WINTER + timedelta(days=1)))
    assert nothing(load(district(), WINTER + timedelta(days=2))), "the roster alone does not take custody back"


def test_clever_files_are_read(tmp_path):
    tables = {
        "schools": [{"School_id": "1", "School_name": "North"}],
        "students": [
            {"School_id": "1", "Student_id": "s1", "Last_name": "Berg", "First_name": "Ida", "Grade": "Kindergarten",
             "DOB": "11/03/2020", "Contact_relationship": "Mother", "Contact_type": "Parent/Guardian",
             "Contact_name": "Eva Berg", "Contact_email": "eva@berg.test", "Password": "hunter2"},
            {"School_id": "1", "Student_id": "s1", "Last_name": "Berg", "First_name": "Ida", "Grade": "Kindergarten",
             "DOB": "11/03/2020", "Contact_relationship": "Neighbor", "Contact_type": "Emergency",
             "Contact_name": "Ned Near", "Contact_email": ""},
        ],
        "teachers": [{"School_id": "1", "Teacher_id": "t1", "Last_name": "Holm", "First_name": "Ruth"}],
        "sections": [{"School_id": "1", "Section_id": "k1", "Teacher_id": "t1", "Name": "Kindergarten 1"}],
        "enrollments": [{"School_id": "1", "Section_id": "k1", "Student_id": "s1"}],
    }  # fmt: skip
    folder = tmp_path / "clever"
    folder.mkdir()
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_text(text(rows))
    report = roster_actions.load_roster(actor=SYSTEM, path=folder, at=AUTUMN)
    assert (report.format, [each.column for each in report.problems]) == ("clever", ["Password"])
    assert (Role.objects.get(person="s1").grade, Person.objects.get(pk="s1").birth_date) == ("K", date(2020, 11, 3))
    assert [each.name for each in queries.parents("s1", date(2026, 9, 14))] == ["Eva Berg"]
    assert Guardianship.objects.filter(relationship="emergency").count() == 1
    assert [each.pk for each in queries.supervising_teachers("s1", date(2026, 9, 14))] == ["t1"]
    assert nothing(roster_actions.load_roster(actor=SYSTEM, path=folder, at=WINTER))


def test_a_plain_file_is_read_by_its_headers_or_a_map(tmp_path):
    path = tmp_path / "class list.csv"
    path.write_text("Student Number;First Name;Last Name;Grade Level;Building;Homeroom\n7;Ida;Berg;3rd;North;3A\n")
    report = roster_actions.load_roster(actor=SYSTEM, path=path, at=AUTUMN)
    assert (report.format, report.guesses) == ("plain", [])
    assert Role.objects.get(person="7").grade == "3"
    assert Enrolment.objects.get(person="7").group_id == "3A"
    path.write_text("Nr,Vorname,Schule\n8,Ole,North\n")
    with pytest.raises(Refused, match="column id, givenName is missing"):
        roster_actions.load_roster(actor=SYSTEM, path=path, at=AUTUMN)
    mapped = {"Nr": "id", "Vorname": "givenName", "Schule": "school"}
    roster_actions.load_roster(actor=SYSTEM, path=path, at=AUTUMN, mapped=mapped, remove_anyway=True)
    assert School.objects.count() == 1
    assert Person.objects.get(pk="8").given_name == "Ole"


@pytest.mark.skipif(not SDS.exists(), reason="the sample of Microsoft is not beside this checkout")
def test_the_sample_of_microsoft_is_read_whole():
    report = roster_actions.load_roster(actor=SYSTEM, path=SDS, at=AUTUMN)
    assert (report.format, report.left_out) == ("sds-2.1", 0)
    assert Person.objects.count() == 8
    jack = Role.objects.get(person="114001")
    assert (jack.role, jack.grade, jack.first_day, jack.last_day) == (
        "student", "10", date(2021, 8, 24), date(2022, 6, 11),
    )  # fmt: skip
    assert [each.pk for each in queries.supervising_teachers("114001", date(2021, 11, 3))] == ["114007"]
    assert queries.plans("114001", date(2026, 9, 14)) == {"iep"}
    assert [each.name for each in queries.parents("114001", date(2026, 9, 14))] == ["Jean Craig"]
    assert not any("P@ssword" in str(row) for row in Person.objects.values())
    assert nothing(roster_actions.load_roster(actor=SYSTEM, path=SDS, at=WINTER))


def test_whoever_leaves_by_a_delta_is_in_no_class_any_more(load):
    load(district())
    gone = user("s1", "student", "north", "Ida", "Berg", status="tobedeleted")
    load({"users": [gone]}, WINTER, delta=True, remove_anyway=True)
    assert Enrolment.objects.get(person="s1").last_day == date(2026, 11, 30)


def test_a_load_that_fails_at_its_last_step_leaves_nothing(load, monkeypatch):
    from homeroom.people.roster import things

    def fail(load):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(things, "preferences", fail)
    with pytest.raises(RuntimeError):
        load(district())
    counts = [model.objects.count() for model in (Person, School, Class, Role, Enrolment, Guardianship, Entry)]
    assert counts == [0] * 7


@hypothesis.settings(max_examples=25, deadline=None, suppress_health_check=list(hypothesis.HealthCheck))
@hypothesis.given(
    st.binary(max_size=200), st.sampled_from(["users", "roles", "manifest", "enrollments", "Studnets", "x"])
)
def test_any_bytes_in_any_file_give_a_report_or_a_sentence(data, name):
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), district())
        (Path(folder) / f"{name}.csv").write_bytes(data)
        packed = Path(folder) / "packed.zip"
        with zipfile.ZipFile(packed, "w") as archive:
            archive.write(Path(folder) / f"{name}.csv", "users.csv")
        bent = bytearray(packed.read_bytes())
        bent[: len(data)] = data
        (Path(folder) / "bent.zip").write_bytes(bytes(bent))
        for path in (Path(folder), Path(folder) / f"{name}.csv", Path(folder) / "bent.zip"):
            try:
                report = roster_actions.preview_roster(path=path, at=AUTUMN)
            except Refused as refused:
                assert str(refused).endswith(".")
            else:
                json.dumps(report.as_json())


def test_what_is_exported_can_be_taken_in_again_and_changes_nothing(load, tmp_path):
    from homeroom.people.roster import exporting

    load(district())
    written = dict(exporting.export(tmp_path / "out", WINTER))
    assert (written["users"], written["enrollments"], written["relationships"]) == (8, 4, 3)
    again = roster_actions.preview_roster(path=tmp_path / "out", at=WINTER, source="roster")
    assert (again.format, again.problems, again.ended, again.guesses) == ("oneroster-1.1", [], {}, [])
    assert again.added == {"orgs": 1}, "the organisation that stands for the district has another id"
    with pytest.raises(Refused, match="not empty"):
        list(exporting.export(tmp_path / "out", WINTER))


def test_nothing_personal_stays_in_the_staging_folder(load, settings):
    load(district())
    assert list((Path(settings.HOME) / "run").glob("roster-*")) == []
