"""The people of a day as OneRoster 1.1 CSV, with our contacts supplement beside it."""

from __future__ import annotations

import csv
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext as _

from homeroom.base.errors import Refused
from homeroom.people import queries
from homeroom.people.models import (
    Address,
    Class,
    Enrolment,
    Flag,
    Guardianship,
    Person,
    Preference,
    Role,
    RoleName,
    School,
    Session,
    Supervision,
)

Rows = Iterable[tuple[object, ...]]
ROLES = {
    RoleName.STUDENT: "student", RoleName.TEACHER: "teacher", RoleName.GUARDIAN: "guardian",
    RoleName.BUILDING_ADMINISTRATOR: "administrator", RoleName.TECHNOLOGY_DIRECTOR: "administrator",
    RoleName.SUPERINTENDENT: "administrator", RoleName.BOARD_CLERK: "aide",
    RoleName.CLERK: "aide", RoleName.EMPLOYEE: "aide",
}  # fmt: skip
ABOVE = "district"  # the organisation that stands for the whole district
_FIRST = ("sourcedId", "status", "dateLastModified")


def export(folder: Path, at: datetime) -> Iterator[tuple[str, int]]:
    """Write the files into a folder that is not there yet or empty; yields each name with its number of rows.

    The folder appears when all files are whole. Raises Refused where something stands in the way.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(
            _("%(folder)s is not empty. Name a new folder, so that nothing is overwritten.") % {"folder": folder}
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, columns, rows in _tables(queries.today(at)):
            yield name, _write(half / f"{name}.csv", columns, rows)
        if folder.exists():
            folder.rmdir()
        half.rename(folder)
    finally:
        shutil.rmtree(half, ignore_errors=True)


def _write(path: Path, columns: tuple[str, ...], rows: Rows) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in rows:
            writer.writerow(["" if cell is None else _safe(cell) for cell in row])
            count += 1
        file.flush()
        os.fsync(file.fileno())
    return count


def _safe(cell: object) -> object:
    return str(cell).lower() if isinstance(cell, bool) else cell


def _tables(on: date) -> Iterator[tuple[str, tuple[str, ...], Rows]]:
    yield "manifest", ("propertyName", "value"), _manifest()
    yield "orgs", (*_FIRST, "name", "type", "identifier", "parentSourcedId"), _orgs(on)
    columns = (*_FIRST, "title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear")
    yield "academicSessions", columns, _sessions()
    columns = (
        *_FIRST, "enabledUser", "orgSourcedIds", "role", "username", "userIds", "givenName", "familyName", "middleName",
        "identifier", "email", "sms", "phone", "agentSourcedIds", "grades", "preferredGivenName",
    )  # fmt: skip
    yield "users", columns, _users(on)
    columns = (*_FIRST, "title", "schoolSourcedId", "termSourcedIds")
    yield "classes", columns, _classes(on)
    columns = (*_FIRST, "classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate", "endDate")
    yield "enrollments", columns, _enrolments(on)
    born = Person.objects.exclude(birth_date=None).order_by("pk").values_list("pk", "birth_date")
    yield "demographics", (*_FIRST, "birthDate"), ((pk, "", "", day) for pk, day in born.iterator(5000))
    yield from _supplement(on)


def _manifest() -> Rows:
    bulk = ("academicSessions", "classes", "demographics", "enrollments", "orgs", "users")
    absent = ("categories", "classResources", "courseResources", "courses", "lineItems", "resources", "results")
    yield from (("manifest.version", "1.0"), ("oneroster.version", "1.1"), ("source.systemName", "Homeroom"))
    yield from ((f"file.{name}", "bulk") for name in bulk)
    yield from ((f"file.{name}", "absent") for name in absent)


def _orgs(on: date) -> Rows:
    district = queries.district()
    yield ABOVE, "", "", district.name if district else "District", "district", "", ""
    for pk, name in School.objects.on(on).order_by("pk").values_list("pk", "name"):
        yield pk, "", "", name, "school", "", ABOVE


def _sessions() -> Rows:
    fields = ("pk", "title", "kind", "first_day", "last_day", "school_year")
    for pk, title, kind, first, last, year in Session.objects.order_by("pk").values_list(*fields):
        yield pk, "", "", title, kind, first, last, "", year


def _users(on: date) -> Rows:
    """One row per person and role: OneRoster 1.1 has one role per row; the widest is written."""
    roles: dict[str, list[tuple[str, str | None, str]]] = defaultdict(list)
    for person, *held in Role.objects.on(on).order_by("pk").values_list("person_id", "role", "school_id", "grade"):
        roles[person].append((held[0], held[1], held[2]))
    agents: dict[str, list[str]] = defaultdict(list)
    links = Guardianship.objects.on(on).filter(relationship__in=Guardianship.PARENTS).order_by("pk")
    for child, guardian in links.values_list("child_id", "guardian_id"):
        agents[child].append(guardian)
    order = list(RoleName.values)
    for each in Person.objects.order_by("pk").iterator(5000):
        if held := roles.get(each.pk):
            role = min((row[0] for row in held), key=order.index)
            orgs = sorted({row[1] or ABOVE for row in held if row[0] == role})
            grades = sorted({row[2] for row in held if row[2]})
            yield (
                each.pk, "", "", "true", ",".join(orgs), ROLES[RoleName(role)], each.username, "", each.given_name,
                each.family_name, "", "", each.email, "", each.phone, ",".join(agents.get(each.pk, ())),
                ",".join(_ceds(grade) for grade in grades), each.preferred_name,
            )  # fmt: skip


def _ceds(grade: str) -> str:
    return "KG" if grade == "K" else grade.zfill(2) if grade.isdigit() else grade


def _classes(on: date) -> Rows:
    for pk, title, school in Class.objects.on(on).order_by("pk").values_list("pk", "title", "school_id"):
        yield pk, "", "", title, school, ""


def _enrolments(on: date) -> Rows:
    fields = ("pk", "external", "group_id", "group__school_id", "person_id", "role", "primary", "first_day", "last_day")
    for pk, external, group, school, *rest in (
        Enrolment.objects.on(on).order_by("pk").values_list(*fields).iterator(5000)
    ):
        yield external or f"enrolment-{pk}", "", "", group, school, *rest


def _supplement(on: date) -> Iterator[tuple[str, tuple[str, ...], Rows]]:
    columns = (
        "userSourcedId", "relationshipUserSourcedId", "relationshipRole", "legalCustody", "livesWith", "receivesMail",
        "portalAccess", "courtOrder", "priority", "beginDate", "endDate",
    )  # fmt: skip
    fields = (
        "child_id", "guardian_id", "relationship", "legal_custody", "lives_with", "receives_mail", "portal_access",
        "court_order", "priority", "first_day", "last_day",
    )  # fmt: skip
    yield "relationships", columns, Guardianship.objects.on(on).order_by("pk").values_list(*fields).iterator(5000)
    columns = ("userSourcedId", "type", "street", "city", "state", "postalCode", "country", "beginDate", "endDate")
    fields = ("person_id", "kind", "street", "city", "state", "postal_code", "country", "first_day", "last_day")
    yield "addresses", columns, Address.objects.on(on).order_by("pk").values_list(*fields).iterator(5000)
    yield "preferences", ("userSourcedId", "homeLanguage", "channel", "interpreter"), _preferences()
    fields = ("person_id", "flag", "first_day", "last_day")
    flags = Flag.objects.on(on).order_by("pk").values_list(*fields)
    yield "userFlags", ("userSourcedId", "flag", "beginDate", "endDate"), flags.iterator(5000)
    fields = ("employee_id", "supervisor_id", "first_day", "last_day")
    columns = ("userSourcedId", "supervisorSourcedId", "beginDate", "endDate")
    yield "staffSupervisors", columns, Supervision.objects.on(on).order_by("pk").values_list(*fields).iterator(5000)


def _preferences() -> Rows:
    said = {row[0]: row[1:] for row in Preference.objects.values_list("person_id", "channel", "interpreter")}
    for pk, language in Person.objects.order_by("pk").values_list("pk", "home_language").iterator(5000):
        if language or pk in said:
            yield pk, language, *said.get(pk, ("", None))
