"""OneRoster REST 1.1 and 1.2: what is asked for, and its answers as rows of the files of OneRoster CSV.

So one reader serves both ways in. Of an answer only what the files have a column for is taken; passwords, race and
whatever else a system may send are never looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Item = Mapping[str, Any]
Rows = Iterator[tuple[str, dict[str, str]]]  # (file, row)
LIMIT = 1000  # items to a page


class BadAnswer(ValueError):
    """An answer that is none of OneRoster's; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One collection: its name in the address and in the answer, and how an item reads. `optional` may be missing."""

    name: str
    rows: Callable[[Item], Rows]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Interface:
    """One version: where its collections lie under the server's address, what is asked for, what may be read."""

    version: str
    base: str
    endpoints: tuple[Endpoint, ...]
    scopes: tuple[str, ...]
    files: Mapping[str, tuple[str, ...]]  # the columns of each file


def query(offset: int, since: str = "") -> dict[str, str]:
    """The question for one page, in an order that stays; `since` asks only for what changed after that instant.

    >>> query(2000, "2026-11-03T00:00:00.000Z")["filter"]
    "dateLastModified>'2026-11-03T00:00:00.000Z'"
    """
    asked = {"limit": str(LIMIT), "offset": str(offset), "sort": "sourcedId", "orderBy": "asc"}
    return asked | ({"filter": f"dateLastModified>'{since}'"} if since else {})


def items(endpoint: Endpoint, answer: object) -> list[Item]:
    """The items of one page. Raises BadAnswer."""
    found = answer.get(endpoint.name) if isinstance(answer, dict) else None
    if not isinstance(found, list) or not all(isinstance(each, dict) and each.get("sourcedId") for each in found):
        raise BadAnswer(f"The answer for {endpoint.name} holds no list of {endpoint.name} with a sourcedId each.")
    return found


def manifest(interface: Interface, delta: bool) -> list[tuple[str, str]]:
    """The rows of the manifest that the files need."""
    how = "delta" if delta else "bulk"
    head = [("propertyName", "value"), ("manifest.version", "1.0"), ("oneroster.version", interface.version)]
    return head + [(f"file.{name}", how) for name in interface.files]


def _text(value: object) -> str:
    """A cell: text and numbers as they are, lists with commas, yes and no as words, nothing for all else.

    >>> _text(["07", "08"]), _text(True), _text(None), _text({"a": 1})
    ('07,08', 'true', '', '')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(_text(each) for each in value)
    return str(value) if isinstance(value, (str, int, float)) else ""


def _id(reference: object) -> str:
    """The id in a reference ({"href", "sourcedId", "type"}), or the ids of several."""
    if isinstance(reference, list):
        return ",".join(filter(None, (_id(each) for each in reference)))
    return _text(reference.get("sourcedId")) if isinstance(reference, dict) else ""


def _row(item: Item, plain: str = "", **more: str) -> dict[str, str]:
    named = {name: _text(item.get(name)) for name in ("sourcedId", "status", "dateLastModified", *plain.split())}
    return named | more


def _orgs(item: Item) -> Rows:
    yield "orgs", _row(item, "name type", parentSourcedId=_id(item.get("parent")))


def _sessions(item: Item) -> Rows:
    row = _row(item, "title type startDate endDate schoolYear", parentSourcedId=_id(item.get("parent")))
    yield "academicSessions", row


def _classes(item: Item) -> Rows:
    school, terms = _id(item.get("school")), _id(item.get("terms"))
    yield "classes", _row(item, "title", schoolSourcedId=school, termSourcedIds=terms)


def _enrolments(item: Item) -> Rows:
    row = _row(
        item, "role primary beginDate endDate", classSourcedId=_id(item.get("class")),
        userSourcedId=_id(item.get("user")), schoolSourcedId=_id(item.get("school")),
    )  # fmt: skip
    yield "enrollments", row


def _demographics(item: Item) -> Rows:
    # A demographics record bears the id of the person it is about.
    yield "demographics", _row(item, "birthDate", userSourcedId=_text(item.get("sourcedId")))


_NAMES = "givenName familyName username email phone sms grades"


def _users_1_1(item: Item) -> Rows:
    orgs, agents = _id(item.get("orgs")), _id(item.get("agents"))
    yield "users", _row(item, f"{_NAMES} role", orgSourcedIds=orgs, agentSourcedIds=agents)


def _users_1_2(item: Item) -> Rows:
    primary, agents = _id(item.get("primaryOrg")), _id(item.get("agents"))
    names = f"{_NAMES} preferredFirstName preferredLastName"
    row = _row(item, names, primaryOrgSourcedId=primary, agentSourcedIds=agents)
    row["preferredGivenName"], row["preferredFamilyName"] = row.pop("preferredFirstName"), row.pop("preferredLastName")
    yield "users", row
    roles = item.get("roles")
    for each in roles if isinstance(roles, list) else ():
        if isinstance(each, dict):
            yield "roles", _role(item, each)


def _role(user: Item, role: Item) -> dict[str, str]:
    """A role has no id of its own; it is made of whose it is, which and where, so that it stays the same."""
    user_id, org = _text(user.get("sourcedId")), _id(role.get("org"))
    head = {"status": _text(user.get("status")), "dateLastModified": _text(user.get("dateLastModified"))}
    named = {name: _text(role.get(name)) for name in ("roleType", "role", "beginDate", "endDate")}
    key = f"{user_id}:{named['role']}:{org}"
    return {"sourcedId": key, **head, "userSourcedId": user_id, "orgSourcedId": org, **named}


def _columns(text: str) -> tuple[str, ...]:
    return ("sourcedId", "status", "dateLastModified", *text.split())


_FILES = {
    "orgs": _columns("name type parentSourcedId"),
    "academicSessions": _columns("title type startDate endDate schoolYear parentSourcedId"),
    "classes": _columns("title schoolSourcedId termSourcedIds"),
    "enrollments": _columns("classSourcedId schoolSourcedId userSourcedId role primary beginDate endDate"),
    "demographics": _columns("userSourcedId birthDate"),
}
_AFTER_USERS = (
    Endpoint("classes", _classes),
    Endpoint("enrollments", _enrolments),
    Endpoint("demographics", _demographics, optional=True),
)
_BEFORE_USERS = (Endpoint("orgs", _orgs), Endpoint("academicSessions", _sessions, optional=True))
_SCOPE = "https://purl.imsglobal.org/spec/or"

INTERFACES = {
    "1.1": Interface(
        "1.1", "/ims/oneroster/v1p1", (*_BEFORE_USERS, Endpoint("users", _users_1_1), *_AFTER_USERS),
        (f"{_SCOPE}/v1p1/scope/roster-core.readonly", f"{_SCOPE}/v1p1/scope/roster-demographics.readonly"),
        {**_FILES, "users": _columns(f"{_NAMES} role orgSourcedIds agentSourcedIds")},
    ),
    "1.2": Interface(
        "1.2", "/ims/oneroster/rostering/v1p2", (*_BEFORE_USERS, Endpoint("users", _users_1_2), *_AFTER_USERS),
        (f"{_SCOPE}/v1p2/scope/roster.readonly", f"{_SCOPE}/v1p2/scope/roster-demographics.readonly"),
        {
            **_FILES,
            "users": _columns(f"{_NAMES} preferredGivenName preferredFamilyName primaryOrgSourcedId agentSourcedIds"),
            "roles": _columns("userSourcedId roleType role beginDate endDate orgSourcedId"),
        },
    ),
}  # fmt: skip
