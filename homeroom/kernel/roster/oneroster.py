"""OneRoster 1.1 and 1.2 CSV, Microsoft School Data Sync v2.1, and the files that add what those lack.

The three share their words, so that one reader per file reads them all: a column that a version does not have is
simply absent. Additions of Homeroom: relationships.csv with custody and such, addresses.csv, preferences.csv,
userFlags.csv with days, staffSupervisors.csv.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from homeroom.kernel.roster import cells, roles
from homeroom.kernel.roster.records import AGENT, TOLD, Kind, Record, joined
from homeroom.kernel.roster.table import Layout, Row

_HEAD: dict[str, tuple[str, ...]] = {
    "sourcedId": ("id", "SIS ID"), "status": (), "dateLastModified": ("lastModified", "modified date"),
}  # fmt: skip
_DAYS = {"beginDate": ("startDate", "validFrom", "roleStartDate"), "endDate": ("validTo", "roleEndDate")}
_USER = {"userSourcedId": ("user id", "personSourcedId", "studentSourcedId")}


def _layout(columns: dict[str, tuple[str, ...]], *needed: str, ignored: str = "") -> Layout:
    return Layout({**_HEAD, **columns}, needed, tuple(ignored.split()))


LAYOUTS: dict[str, Layout] = {
    "orgs": _layout(
        {"name": ("school name",), "type": ("orgType",), "parentSourcedId": ()}, "sourcedId", "name",
        ignored="identifier",
    ),
    "academicSessions": _layout(
        {"title": ("name",), "type": (), "startDate": (), "endDate": (), "schoolYear": (), "parentSourcedId": ()},
        "sourcedId",
    ),
    "users": _layout(
        {
            "givenName": ("first name", "firstName", "forename"), "familyName": ("last name", "lastName", "surname"),
            "preferredGivenName": ("preferred first name", "preferred name", "nickname"), "preferredFamilyName": (),
            "username": ("login",), "email": ("e-mail", "email address", "mail"), "phone": ("telephone",),
            "sms": ("mobile", "cell"), "role": (), "orgSourcedIds": ("orgSourcedId",), "primaryOrgSourcedId": (),
            "agentSourcedIds": ("agentSourcedId", "agents"), "grades": ("grade", "grade level"),
            "birthDate": ("dob", "date of birth"),
        },
        "sourcedId", "givenName", "familyName",
        ignored="enabledUser userIds middleName identifier preferredMiddleName pronouns userMasterIdentifier "
        "activeDirectoryMatchId resourceSourcedIds",
    ),
    "roles": _layout(
        {
            **_USER, **_DAYS, "role": ("roleName",), "roleType": (), "isPrimary": (), "grade": ("grades",),
            "orgSourcedId": ("schoolSourcedId", "orgSourcedIds"), "sessionSourcedId": (),
        },
        "userSourcedId", "role", ignored="userProfileSourcedId",
    ),
    "classes": _layout(
        {
            "title": ("class name", "className", "name"), "schoolSourcedId": ("orgSourcedId", "school id"),
            "termSourcedIds": ("sessionSourcedIds", "terms"),
        },
        "sourcedId", "title", "schoolSourcedId",
        ignored="grades courseSourcedId classCode classType location subjects subjectCodes periods",
    ),
    "enrollments": _layout(
        {
            **_USER, **_DAYS, "classSourcedId": ("sectionSourcedId", "class id"), "role": (),
            "primary": ("isPrimary",), "schoolSourcedId": (),
        },
        "classSourcedId", "userSourcedId", "role",
    ),
    "demographics": _layout(
        {**_USER, "birthDate": ("dob", "date of birth")},
        ignored="sex americanIndianOrAlaskaNative asian blackOrAfricanAmerican nativeHawaiianOrOtherPacificIslander "
        "white demographicRaceTwoOrMoreRaces hispanicOrLatinoEthnicity countryOfBirthCode stateOfBirthAbbreviation "
        "cityOfBirth publicSchoolResidenceStatus birthCity birthState birthCountry ethnicityCodes raceCodes",
    ),
    "relationships": _layout(
        {
            **_USER, **_DAYS, "relationshipUserSourcedId": ("guardianSourcedId", "contactSourcedId", "agentSourcedId"),
            "relationshipRole": ("relationship", "relationshipType"), "legalCustody": ("custody",), "livesWith": (),
            "receivesMail": ("receives mailings",), "portalAccess": (), "courtOrder": ("court order flag",),
            "priority": ("contact order",),
        },
        "userSourcedId", "relationshipUserSourcedId", "relationshipRole",
    ),
    "addresses": _layout(
        {
            **_USER, **_DAYS, "type": ("addressType",), "street": ("address", "street1", "address1", "line1"),
            "street2": ("address2", "line2", "apartment"), "city": (), "state": (), "postalCode": ("zip", "zip code"),
            "country": (),
        },
        "userSourcedId",
    ),
    "preferences": _layout(
        {
            **_USER, "homeLanguage": ("language",), "channel": ("preferredChannel", "contactBy"),
            "interpreter": ("interpreter needed", "needs interpreter"),
        },
        "userSourcedId",
    ),
    "userFlags": _layout({**_USER, **_DAYS, "flag": ()}, "userSourcedId", "flag"),
    "staffSupervisors": _layout(
        {
            **_DAYS, "userSourcedId": ("staffSourcedId", "employeeSourcedId"),
            "supervisorSourcedId": ("supervisorUserSourcedId", "supervisor"),
        },
        "userSourcedId", "supervisorSourcedId",
    ),
}  # fmt: skip
# Files that belong to these formats and say nothing Homeroom needs.
_UNUSED = (
    "manifest courses categories classResources courseResources lineItems resources results scoreScales "
    "lineItemScoreScales resultScoreScales lineItemLearningObjectiveIds userProfiles userResources "
    "resultLearningObjectiveIds"
)
UNUSED = tuple(_UNUSED.split())
ALSO_CALLED = {
    "orgs": ("organizations", "schools", "org"), "academicSessions": ("sessions", "terms"), "users": ("user", "people"),
    "roles": ("role",), "classes": ("class",), "enrollments": ("enrolments", "enrollment"),
    "demographics": ("demographic",), "relationships": ("relationship", "contacts"), "addresses": ("address",),
    "preferences": ("preference",), "userFlags": ("flags", "userFlag"), "staffSupervisors": ("supervisors",),
}  # fmt: skip


def read(file: str, row: Row) -> Iterator[Record]:
    """The records of one row of a file of that name (a key of LAYOUTS); notes problems on the row."""
    yield from READERS[file](row)


def _record(row: Row, kind: Kind, key: str, values: dict[str, Any], **more: Any) -> Record:
    status = row.values.get("status", "").casefold()
    if status not in ("", "active", "tobedeleted", "inactive"):
        row.note("status", f"“{status[:40]}” is no status; the row was taken as active. Use active or tobedeleted.")
    text = row.values.get("dateLastModified", "")
    modified = cells.instant(text) or "" if text else ""
    if text and not modified:
        row.note("dateLastModified", f"“{text[:40]}” is not an instant. Write it as 2026-11-03T14:00:00Z.")
    more.setdefault("gone", status in ("tobedeleted", "inactive"))
    return Record(kind, key, values, row.line, modified, **more)


def _orgs(row: Row) -> Iterator[Record]:
    key = row.id("sourcedId")
    values = {
        "name": row.text("name") or key, "level": roles.level(row.text("type") or "school"),
        "parent": row.text("parentSourcedId"),
    }  # fmt: skip
    yield _record(row, Kind.SCHOOL, key, values, extras=row.extras)


def _sessions(row: Row) -> Iterator[Record]:
    key = row.id("sourcedId")
    values = {
        "title": row.text("title") or key, "kind": row.text("type", 30), "school_year": row.text("schoolYear", 10),
        **row.days("startDate", "endDate"),
    }  # fmt: skip
    yield _record(row, Kind.SESSION, key, values)


_NAMES = (
    ("given_name", "givenName", 100), ("family_name", "familyName", 100), ("preferred_name", "preferredGivenName", 100),
    ("username", "username", 100), ("email", "email", 254),
)  # fmt: skip


def _users(row: Row) -> Iterator[Record]:
    key = row.id("sourcedId")
    values: dict[str, Any] = {ours: row.text(name, limit) for ours, name, limit in _NAMES if name in row.values}
    if not values.get("given_name"):
        # A name in one cell is no reason to lose somebody; without any name nobody could tell who it is.
        values["given_name"], values["family_name"] = values.get("family_name", ""), ""
        if not values["given_name"]:
            row.refuse("givenName", "There is no name. Give at least one, so that people can tell who this is.")
    if "@" not in values.get("email", "@"):
        if values["email"]:
            row.note("email", "This is not an e-mail address and was left out. Correct it in the source system.")
        values["email"] = ""
    if "phone" in row.values or "sms" in row.values:
        values["phone"] = row.text("sms", 40) or row.text("phone", 40)
    if "birthDate" in row.values:
        values["birth_date"] = row.day("birthDate")
    person = _record(row, Kind.PERSON, key, values, extras=row.extras)
    yield person
    for agent in cells.several(row.values.get("agentSourcedIds", "")):
        # Who of the two is the child is known once all roles are; a guardian's row may list the children.
        link = {"child": key, "guardian": agent}
        yield _record(row, Kind.GUARDIANSHIP, joined(AGENT, key, agent), link, owner=key)
    if "role" in row.values:
        yield from _roles_of_user(row, key)
    elif row.values.get("grades"):
        # OneRoster 1.2: the grade stands with the user, the role it belongs to in a file of its own.
        yield _record(row, Kind.GRADE, key, {"person": key, "grade": _grade(row, "grades", "student")})


def _roles_of_user(row: Row, key: str) -> Iterator[Record]:
    """OneRoster 1.1: role, schools and grade stand with the user, and are all there are."""
    role = _role(row)
    if not role:
        return
    orgs = [""] if role == "guardian" else cells.several(row.values.get("orgSourcedIds", "")) or [""]
    for org in orgs:
        held: dict[str, Any] = {"person": key, "role": role, "org": org, "grade": _grade(row, "grades", role)}
        held |= {"first": None, "last": None}
        yield _record(row, Kind.ROLE, joined(key, role, org), held, owner=key)


def _role(row: Row) -> str:
    word = row.values.get("role", "")
    role = roles.role(word)
    if not role:
        row.refuse("role", f"“{word[:40]}” is no role. Use student, teacher, guardian, administrator or employee.")
    return role


def _grade(row: Row, column: str, role: str) -> str:
    if role != "student":
        return ""
    grades = [cells.grade(each) for each in cells.several(row.values.get(column, ""))]
    if len(grades) > 1:
        row.note(column, f"A student has one grade; the first, {grades[0]}, was taken.")
    return grades[0] if grades else ""


def _roles(row: Row) -> Iterator[Record]:
    person, role = row.id("userSourcedId"), _role(row)
    org = "" if role == "guardian" else row.text("orgSourcedId")
    values = {
        "person": person, "role": role, "org": org, "grade": _grade(row, "grade", role),
        **row.days("beginDate", "endDate"),
    }  # fmt: skip
    yield _record(row, Kind.ROLE, row.text("sourcedId") or joined(person, role, org), values)


def _classes(row: Row) -> Iterator[Record]:
    key = row.id("sourcedId")
    values = {
        "title": row.text("title") or key, "org": row.id("schoolSourcedId"),
        "sessions": cells.several(row.values.get("termSourcedIds", "")),
    }  # fmt: skip
    yield _record(row, Kind.CLASS, key, values, extras=row.extras)


def _enrollments(row: Row) -> Iterator[Record]:
    group, person, role = row.id("classSourcedId"), row.id("userSourcedId"), _role(row)
    if role not in ("student", "teacher"):
        if role:
            row.note("role", f"“{row.values['role'][:40]}” is in no class; only students and teachers were taken.")
        return
    values = {
        "person": person, "group": group, "role": role, "primary": role == "teacher" and bool(row.yes("primary")),
        **row.days("beginDate", "endDate"),
    }  # fmt: skip
    yield _record(row, Kind.ENROLMENT, row.text("sourcedId") or joined(group, person, role), values)


def _demographics(row: Row) -> Iterator[Record]:
    column = "userSourcedId" if "userSourcedId" in row.values else "sourcedId"
    key = row.id(column)
    if "birthDate" in row.values:
        yield _record(row, Kind.DETAIL, joined(key, "birth_date"), {"person": key, "birth_date": row.day("birthDate")})


def _relationships(row: Row) -> Iterator[Record]:
    """XIII.B: what an adult is to a child, and what a court or the parents said about it."""
    child, guardian = row.id("userSourcedId"), row.id("relationshipUserSourcedId")
    word = row.text("relationshipRole")
    kind = roles.relationship(word)
    if kind == "other":
        row.note("relationshipRole", f"“{word[:40]}” is taken as another contact, without a parent’s say.")
    values: dict[str, Any] = {"child": child, "guardian": guardian, "relationship": kind}
    for ours, column in (
        ("legal_custody", "legalCustody"), ("lives_with", "livesWith"), ("receives_mail", "receivesMail"),
        ("portal_access", "portalAccess"), ("court_order", "courtOrder"),
    ):  # fmt: skip
        if column in row.values:
            values[ours] = row.yes(column)
    if "priority" in row.values:
        values["priority"] = _number(row, "priority")
    values |= row.days("beginDate", "endDate")
    yield _record(row, Kind.GUARDIANSHIP, joined(child, guardian), values)


def _number(row: Row, column: str) -> int | None:
    text = row.values.get(column, "")
    if text.isascii() and text.isdigit() and len(text) < 4:
        return int(text)
    if text:
        row.note(column, f"“{text[:40]}” is not a number up to 999. Write 1 for the first to call.")
    return None


def _addresses(row: Row) -> Iterator[Record]:
    person = row.id("userSourcedId")
    kind = "mailing" if "mail" in row.text("type").casefold() else "home"
    street = ", ".join(part for part in (row.text("street"), row.text("street2")) if part)
    values = {
        "person": person, "kind": kind, "street": street, "city": row.text("city", 100),
        "state": row.text("state", 50), "postal_code": row.text("postalCode", 20),
        "country": row.text("country", 50), **row.days("beginDate", "endDate"),
    }  # fmt: skip
    yield _record(row, Kind.ADDRESS, row.text("sourcedId") or joined(person, kind), values)


def _preferences(row: Row) -> Iterator[Record]:
    person = row.id("userSourcedId")
    if "homeLanguage" in row.values:
        written = row.text("homeLanguage")
        tag = cells.language(written)
        if written and not tag:
            row.note("homeLanguage", f"“{written[:40]}” is no language Homeroom knows. Write a tag such as es or so.")
        yield _record(row, Kind.DETAIL, joined(person, "home_language"), {"person": person, "home_language": tag})
    written = row.text("channel").casefold().replace("-", "").replace(" ", "").replace("_", "")
    channel = roles.CHANNELS.get(written, "")
    if written and not channel:
        row.note("channel", f"“{written[:40]}” is no channel. Use email, sms or letter.")
    values = {"person": person, "channel": channel, "interpreter": row.yes("interpreter")}
    yield _record(row, Kind.PREFERENCE, person, values)


def _flags(row: Row) -> Iterator[Record]:
    """XVI.2: plans in effect, by type and days only; what else a roster flags is nobody's business here."""
    person, word = row.id("userSourcedId"), row.text("flag")
    flag = roles.FLAGS.get(word.casefold().replace(" ", "").replace("_", "").replace("-", ""))
    if flag is None:
        row.note(
            "flag", f"“{word[:40]}” was not kept: Homeroom needs only iep, 504 and ifsp. Stop exporting the others."
        )
        return
    values = {"person": person, "flag": flag, **row.days("beginDate", "endDate")}
    yield _record(row, Kind.FLAG, joined(person, flag), values)


def _supervisors(row: Row) -> Iterator[Record]:
    """V.C: who supervises an employee."""
    employee, supervisor = row.id("userSourcedId"), row.id("supervisorSourcedId")
    values = {"employee": employee, "supervisor": supervisor, **row.days("beginDate", "endDate")}
    yield _record(row, Kind.SUPERVISION, joined(employee, supervisor), values)


READERS: dict[str, Callable[[Row], Iterator[Record]]] = {
    "orgs": _orgs, "academicSessions": _sessions, "users": _users, "roles": _roles, "classes": _classes,
    "enrollments": _enrollments, "demographics": _demographics, "relationships": _relationships,
    "addresses": _addresses, "preferences": _preferences, "userFlags": _flags, "staffSupervisors": _supervisors,
}  # fmt: skip
ORDER = tuple(READERS)


def whole(file: str, columns: frozenset[str]) -> set[tuple[Kind, str]]:
    """Of what a bulk file with these columns lists all there is: (kind, role; "" for every role)."""
    if file == "users":
        found = {(Kind.ROLE, "")} if "role" in columns else set()
        return found | ({(Kind.GUARDIANSHIP, AGENT)} if "agentSourcedIds" in columns else set())
    if file == "relationships":
        return {(Kind.GUARDIANSHIP, TOLD)}
    kind = {
        "roles": Kind.ROLE, "classes": Kind.CLASS, "enrollments": Kind.ENROLMENT,
        "addresses": Kind.ADDRESS, "userFlags": Kind.FLAG, "staffSupervisors": Kind.SUPERVISION,
    }.get(file)  # fmt: skip
    return {(kind, "")} if kind else set()
