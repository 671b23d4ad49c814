"""The files of Clever's SFTP format: schools, students with their contacts, teachers, staff, sections, enrollments."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from homeroom.kernel.roster import cells, roles
from homeroom.kernel.roster.records import TOLD, Kind, Record, joined
from homeroom.kernel.roster.table import Layout, Row

_NAME: dict[str, tuple[str, ...]] = {"Last_name": (), "First_name": (), "Username": ()}
_TEACHERS = ("Teacher_id", *(f"Teacher_{number}_id" for number in range(2, 11)))
# Known, and not needed.
_OF_STUDENTS = (
    "Student_number State_id Middle_name Gender Race Hispanic_Latino ELL_status FRL_status Student_street Student_city "
    "Student_state Student_zip Contact_phone_type Unweighted_gpa Weighted_gpa Graduation_year Section_504_status"
)
_OF_SECTIONS = "Section_number Grade Course_number Course_description Period Subject Term_name"
LAYOUTS: dict[str, Layout] = {
    "schools": Layout({"School_id": (), "School_name": ()}, ("School_id", "School_name")),
    "students": Layout(
        {
            **_NAME, "School_id": (), "Student_id": (), "Grade": (), "DOB": ("birthdate",),
            "Student_email": ("email",), "Home_language": (), "IEP_status": ("IEP",), "Preferred_name": (),
            "Contact_relationship": (), "Contact_type": (), "Contact_name": (), "Contact_phone": (),
            "Contact_email": (), "Contact_sis_id": ("contact id",),
        },
        ("School_id", "Student_id", "Last_name", "First_name"),
        tuple(_OF_STUDENTS.split()),
    ),
    "teachers": Layout(
        {**_NAME, "School_id": (), "Teacher_id": (), "Teacher_email": ("email",)},
        ("School_id", "Teacher_id", "Last_name", "First_name"),
        ("Teacher_number", "State_teacher_id", "Middle_name", "Title"),
    ),
    "staff": Layout(
        {**_NAME, "School_id": (), "Staff_id": (), "Staff_email": ("email",), "Role": ()},
        ("Staff_id", "Last_name", "First_name"),
        ("Department", "Title"),
    ),
    "sections": Layout(
        {
            **dict.fromkeys(_TEACHERS, ()), "School_id": (), "Section_id": (), "Name": ("section name",),
            "Course_name": (), "Term_start": (), "Term_end": (),
        },
        ("School_id", "Section_id"),
        tuple(_OF_SECTIONS.split()),
    ),
    "enrollments": Layout(
        {"School_id": (), "Section_id": (), "Student_id": ()}, ("Section_id", "Student_id")
    ),
}  # fmt: skip
ALSO_CALLED = {
    "schools": ("school",), "students": ("student",), "teachers": ("teacher",), "staff": ("admins",),
    "sections": ("section",), "enrollments": ("enrolments", "enrollment"),
}  # fmt: skip
UNUSED = ("courses", "attendance", "resources", "contacts_unused")


def read(file: str, row: Row) -> Iterator[Record]:
    """The records of one row of a file of that name (a key of LAYOUTS); notes problems on the row."""
    yield from READERS[file](row)


def _schools(row: Row) -> Iterator[Record]:
    values = {"name": row.text("School_name"), "level": "school", "parent": ""}
    yield Record(Kind.SCHOOL, row.id("School_id"), values, row.line, extras=row.extras)


def _person(row: Row, key: str, email: str) -> Record:
    values: dict[str, Any] = {"given_name": row.text("First_name", 100), "family_name": row.text("Last_name", 100)}
    if not values["given_name"]:
        row.refuse("First_name", "There is no first name. Give one, so that people can tell who this is.")
    if email in row.values:
        values["email"] = row.text(email, 254)
    if "Username" in row.values:
        values["username"] = row.text("Username", 100)
    if "Preferred_name" in row.values:
        values["preferred_name"] = row.text("Preferred_name", 100)
    if "DOB" in row.values:
        values["birth_date"] = row.day("DOB")
    if "Home_language" in row.values:
        values["home_language"] = cells.language(row.text("Home_language"))
    return Record(Kind.PERSON, key, values, row.line, extras=row.extras)


def _role(row: Row, person: str, role: str, grade: str = "") -> Record:
    org = row.text("School_id")
    values = {"person": person, "role": role, "org": org, "grade": grade, "first": None, "last": None}
    return Record(Kind.ROLE, joined(person, role, org), values, row.line)


def _students(row: Row) -> Iterator[Record]:
    key = row.id("Student_id")
    yield _person(row, key, "Student_email")
    yield _role(row, key, "student", cells.grade(row.text("Grade")))
    if row.values.get("IEP_status") and row.yes("IEP_status"):
        yield Record(
            Kind.FLAG, joined(key, "iep"), {"person": key, "flag": "iep", "first": None, "last": None}, row.line
        )
    if row.values.get("Contact_name"):
        yield from _contact(row, key)


def _contact(row: Row, child: str) -> Iterator[Record]:
    """XIII.B: Clever writes parents and emergency contacts alike; who is called neither parent nor guardian is none."""
    name, email = row.text("Contact_name", 200), row.text("Contact_email", 254)
    given, _, family = name.rpartition(" ")
    made = hashlib.sha256(f"{email.casefold() or child}|{name.casefold()}".encode()).hexdigest()[:16]
    key = row.text("Contact_sis_id") or f"contact-{made}"
    values: dict[str, Any] = {
        "given_name": (given or family)[:100], "family_name": (family if given else "")[:100], "email": email,
        "phone": row.text("Contact_phone", 40),
    }  # fmt: skip
    yield Record(Kind.PERSON, key, values, row.line)
    kind = roles.relationship(row.text("Contact_relationship"))
    if kind == "other":
        kind = roles.relationship(row.text("Contact_type"))
    if roles.relationship(row.text("Contact_type")) == "emergency":
        kind = "emergency"
    facts: dict[str, Any] = {"child": child, "guardian": key, "relationship": kind, "first": None, "last": None}
    yield Record(Kind.GUARDIANSHIP, joined(child, key), facts, row.line)


def _teachers(row: Row) -> Iterator[Record]:
    key = row.id("Teacher_id")
    yield _person(row, key, "Teacher_email")
    yield _role(row, key, "teacher")


def _staff(row: Row) -> Iterator[Record]:
    key, word = row.id("Staff_id"), row.text("Role")
    role = roles.role(word)
    yield _person(row, key, "Staff_email")
    yield _role(row, key, role if role in ("building_administrator", "clerk") else "employee")


def _sections(row: Row) -> Iterator[Record]:
    key = row.id("Section_id")
    title = row.text("Name") or row.text("Course_name") or key
    days = row.days("Term_start", "Term_end")
    values: dict[str, Any] = {"title": title, "org": row.id("School_id"), "sessions": [], **days}
    yield Record(Kind.CLASS, key, values, row.line, extras=row.extras)
    for place, column in enumerate(_TEACHERS):
        if teacher := row.text(column):
            yield _place(row, key, teacher, "teacher", primary=place == 0)


def _enrollments(row: Row) -> Iterator[Record]:
    yield _place(row, row.id("Section_id"), row.id("Student_id"), "student")


def _place(row: Row, group: str, person: str, role: str, *, primary: bool = False) -> Record:
    values: dict[str, Any] = {
        "person": person,
        "group": group,
        "role": role,
        "primary": primary,
        "first": None,
        "last": None,
    }
    return Record(Kind.ENROLMENT, joined(group, person, role), values, row.line)


READERS: dict[str, Callable[[Row], Iterator[Record]]] = {
    "schools": _schools, "students": _students, "teachers": _teachers, "staff": _staff, "sections": _sections,
    "enrollments": _enrollments,
}  # fmt: skip


def whole(file: str, columns: frozenset[str]) -> set[tuple[Kind, str]]:
    """Of what a file with these columns lists all there is: (kind, role)."""
    found = {
        "students": {(Kind.ROLE, "student")},
        "teachers": {(Kind.ROLE, "teacher")},
        "staff": {(Kind.ROLE, "employee"), (Kind.ROLE, "building_administrator"), (Kind.ROLE, "clerk")},
        "sections": {(Kind.CLASS, ""), (Kind.ENROLMENT, "teacher")},
        "enrollments": {(Kind.ENROLMENT, "student")},
    }.get(file, set())
    if file == "students" and "Contact_name" in columns:
        found = found | {(Kind.GUARDIANSHIP, TOLD)}
    return found
