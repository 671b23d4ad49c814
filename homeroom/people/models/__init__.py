"""Who belongs to the district, as what, where, and from when to when; and how rosters tell of it."""

from homeroom.people.models.persons import (
    KEY,
    STAFF,
    Class,
    Dated,
    District,
    Enrolment,
    Person,
    Role,
    RoleName,
    Rostered,
    School,
    by_source,
    in_order,
    key_field,
)
from homeroom.people.models.rosters import (
    Address,
    Flag,
    Guardianship,
    Org,
    OtherId,
    Preference,
    Session,
    Supervision,
)
from homeroom.people.models.runs import RosterConnection, RosterRun

__all__ = [
    "KEY", "STAFF", "Address", "Class", "Dated", "District", "Enrolment", "Flag", "Guardianship", "Org", "OtherId",
    "Person", "Preference", "Role", "RoleName", "RosterConnection", "RosterRun", "Rostered", "School", "Session",
    "Supervision", "by_source", "in_order", "key_field",
]  # fmt: skip
