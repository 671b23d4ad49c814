"""One CSV file of a district's own making: a row per person, or per person and class. Columns are named or guessed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from homeroom.kernel.roster import cells, roles
from homeroom.kernel.roster.records import TOLD, Kind, Record, joined
from homeroom.kernel.roster.table import Layout, Row

LAYOUT = Layout(
    {
        "id": ("person id", "student id", "student number", "studentid", "sis id", "number", "sourcedId", "local id"),
        "givenName": ("first name", "first", "forename", "given"),
        "familyName": ("last name", "last", "surname", "family"),
        "preferredName": ("preferred first name", "nickname", "preferred"),
        "email": ("e-mail", "email address", "mail", "student email"), "phone": ("telephone", "mobile"),
        "username": ("login", "user"), "birthDate": ("dob", "date of birth", "birthday", "birth"),
        "homeLanguage": ("language",), "role": ("type", "position"), "grade": ("grade level", "grades"),
        "school": ("school id", "building", "school name", "schoolcode"),
        "class": ("class id", "section", "section id", "homeroom", "course"),
        "className": ("class title", "course name"),
        "teacher": ("teacher id", "homeroom teacher", "advisor id"),
        "guardianId": ("parent id", "contact id"), "guardianName": ("parent", "guardian", "parent name", "contact"),
        "guardianEmail": ("parent email", "contact email"), "guardianPhone": ("parent phone", "contact phone"),
        "relationship": ("relation",), "beginDate": ("start date", "enrolled", "entry date"),
        "endDate": ("exit date", "left", "withdrawal date"),
    },
    ("id", "givenName"),
)  # fmt: skip
LAYOUTS = {"people": LAYOUT}
ALSO_CALLED: dict[str, tuple[str, ...]] = {}
UNUSED: tuple[str, ...] = ()
_FIELDS = (
    ("given_name", "givenName", 100), ("family_name", "familyName", 100), ("preferred_name", "preferredName", 100),
    ("email", "email", 254), ("phone", "phone", 40), ("username", "username", 100),
)  # fmt: skip


def read(file: str, row: Row) -> Iterator[Record]:
    """The records of one row; notes problems on the row."""
    key = row.id("id")
    yield _person(row, key)
    word = row.text("role")
    role = roles.role(word) if word else "student"
    if not role:
        row.refuse("role", f"“{word[:40]}” is no role. Use student, teacher, guardian, administrator or employee.")
    days = row.days("beginDate", "endDate")
    org = "" if role == "guardian" else row.text("school")
    if org:
        yield Record(Kind.SCHOOL, org, {"name": org, "level": "school", "parent": ""}, row.line)
    grade = cells.grade(row.text("grade")) if role == "student" else ""
    values = {"person": key, "role": role, "org": org, "grade": grade, **days}
    yield Record(Kind.ROLE, joined(key, role, org), values, row.line)
    if row.values.get("class"):
        yield from _class(row, key, role, org, days)
    if role == "student" and (row.values.get("guardianName") or row.values.get("guardianId")):
        yield from _guardian(row, key)


def _person(row: Row, key: str) -> Record:
    values: dict[str, Any] = {ours: row.text(name, limit) for ours, name, limit in _FIELDS if name in row.values}
    if not values.get("given_name"):
        row.refuse("givenName", "There is no first name. Give one, so that people can tell who this is.")
    if "birthDate" in row.values:
        values["birth_date"] = row.day("birthDate")
    if "homeLanguage" in row.values:
        values["home_language"] = cells.language(row.text("homeLanguage"))
    return Record(Kind.PERSON, key, values, row.line, extras=row.extras)


def _class(row: Row, key: str, role: str, org: str, days: dict[str, str | None]) -> Iterator[Record]:
    group = row.text("class")
    if not org:
        row.note("school", "A class needs a school; give the column school. The person was taken without the class.")
        return
    title = row.text("className") or group
    yield Record(Kind.CLASS, group, {"title": title, "org": org, "sessions": []}, row.line)
    if role in ("student", "teacher"):
        yield _place(row, group, key, role, days)
    if role == "student" and (teacher := row.text("teacher")):
        yield _place(row, group, teacher, "teacher", {"first": None, "last": None})


def _place(row: Row, group: str, person: str, role: str, days: dict[str, str | None]) -> Record:
    values = {"person": person, "group": group, "role": role, "primary": role == "teacher", **days}
    return Record(Kind.ENROLMENT, joined(group, person, role), values, row.line)


def _guardian(row: Row, child: str) -> Iterator[Record]:
    """XIII.B: the parent or guardian who stands in the student's row."""
    name, email = row.text("guardianName"), row.text("guardianEmail", 254)
    given, _, family = name.rpartition(" ")
    made = hashlib.sha256(f"{email.casefold() or child}|{name.casefold()}".encode()).hexdigest()[:16]
    key = row.text("guardianId") or f"contact-{made}"
    if name:
        values = {
            "given_name": (given or family)[:100], "family_name": (family if given else "")[:100], "email": email,
            "phone": row.text("guardianPhone", 40),
        }  # fmt: skip
        yield Record(Kind.PERSON, key, values, row.line)
    kind = roles.relationship(row.text("relationship") or "guardian")
    facts = {"child": child, "guardian": key, "relationship": kind, "first": None, "last": None}
    yield Record(Kind.GUARDIANSHIP, joined(child, key), facts, row.line)


def whole(file: str, columns: frozenset[str]) -> set[tuple[Kind, str]]:
    """Of what a file with these columns lists all there is: (kind, role). Without a role column: the students."""
    found = {(Kind.ROLE, "" if "role" in columns else "student")}
    if "class" in columns:
        found.add((Kind.ENROLMENT, "" if "role" in columns else "student"))
    if {"guardianName", "guardianId"} & columns:
        found.add((Kind.GUARDIANSHIP, TOLD))
    return found
