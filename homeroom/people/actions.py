"""What is done to persons, schools, classes and roles: one at a time, or a whole roster at once."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import available_timezones

import rfc8785
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.people.models import (
    KEY,
    Address,
    Class,
    District,
    Enrolment,
    Guardianship,
    Person,
    Role,
    RoleName,
    School,
)

BATCH = 1000


@dataclass(frozen=True, slots=True)
class RoleOf:
    """One row for `add_roles`: what a person is from a day on."""

    person: str
    role: str
    first_day: date
    school: str | None = None
    grade: str = ""
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class PlaceIn:
    """One row for `enrol_all`: a person in a class; `role` is "student" or "teacher"."""

    person: str
    group: str
    role: str
    first_day: date
    last_day: date | None = None
    primary: bool = False


def set_up_district(
    *, actor: Actor, name: str, at: datetime, time_zone: str = "America/Chicago", language: str = "en"
) -> District:
    """Name the district and its time zone, or change them. Raises Refused for a zone that does not exist."""
    if time_zone not in available_timezones():
        raise Refused(
            _("“%(time_zone)s” is not a time zone; give one such as America/Chicago.") % {"time_zone": time_zone}
        )
    with journal.atomic():
        district, _made = District.objects.update_or_create(
            id=1, defaults={"name": name.strip(), "time_zone": time_zone, "language": language}
        )
        journal.record(
            actor=actor, verb="people.district.set-up", subject="district:1", at=at,
            data={"name": district.name, "time_zone": time_zone, "language": language},
        )  # fmt: skip
    return district


def add_school(
    *, actor: Actor, name: str, first_day: date, at: datetime, id: str = "", last_day: date | None = None
) -> School:
    """Add one school."""
    return add_schools(
        actor=actor, schools=[School(id=id, name=name, first_day=first_day, last_day=last_day)], at=at
    )[0]  # fmt: skip


def add_schools(*, actor: Actor, schools: Sequence[School], at: datetime) -> list[School]:
    """Add schools at once; those without an id get one."""
    return _add(actor, "people.schools.added", schools, at, ("id", "name"))


def add_person(
    *,
    actor: Actor,
    given_name: str,
    at: datetime,
    id: str = "",
    family_name: str = "",
    preferred_name: str = "",
    birth_date: date | None = None,
    email: str = "",
    home_language: str = "",
) -> Person:
    """Add one person; what they are in the district comes by `add_roles`."""
    person = Person(
        id=id, given_name=given_name, family_name=family_name, preferred_name=preferred_name,
        birth_date=birth_date, email=email, home_language=home_language,
    )  # fmt: skip
    return add_people(actor=actor, people=[person], at=at)[0]


def add_people(*, actor: Actor, people: Sequence[Person], at: datetime) -> list[Person]:
    """Add persons at once, a hundred thousand if need be; those without an id get one. Raises Refused."""
    nameless = next((person for person in people if not person.given_name.strip()), None)
    if nameless is not None:
        raise Refused(_("Person %(value)s has no given name; give one.") % {"value": nameless.id or "(new)"})
    return _add(actor, "people.persons.added", people, at, ("id", "given_name", "family_name", "birth_date", "email"))


def add_classes(*, actor: Actor, classes: Sequence[Class], at: datetime) -> list[Class]:
    """Add classes at once; those without an id get one."""
    return _add(actor, "people.classes.added", classes, at, ("id", "school_id", "title"))


def give_role(
    *,
    actor: Actor,
    person: str,
    role: str,
    first_day: date,
    at: datetime,
    school: str | None = None,
    grade: str = "",
    last_day: date | None = None,
) -> Role:
    """Give one role to one person."""
    row = RoleOf(person=person, role=role, first_day=first_day, school=school, grade=grade, last_day=last_day)
    return add_roles(actor=actor, roles=[row], at=at)[0]


def add_roles(*, actor: Actor, roles: Sequence[RoleOf], at: datetime) -> list[Role]:
    """Give roles at once. Raises Refused for a role that does not exist."""
    unknown = {row.role for row in roles} - set(RoleName.values)
    if unknown:
        raise Refused(
            _("No such role: %(unknown)s. Roles are %(known)s.")
            % {"unknown": ", ".join(sorted(unknown)), "known": ", ".join(RoleName.values)}
        )
    rows = [
        Role(
            person_id=row.person, role=row.role, school_id=row.school, grade=row.grade,
            first_day=row.first_day, last_day=row.last_day,
        )
        for row in roles
    ]  # fmt: skip
    fields = ("person_id", "role", "school_id", "grade", "first_day", "last_day")
    return _add(actor, "people.roles.given", rows, at, fields)


def end_role(*, actor: Actor, role: Role, last_day: date, at: datetime, reason: str = "") -> None:
    """End a role with a day that still counts. Raises Refused where somebody else ended it first."""
    if last_day < role.first_day:
        raise Refused(
            _("The role began on %(first_day)s; its last day cannot be %(last_day)s.")
            % {"first_day": role.first_day, "last_day": last_day}
        )
    with journal.atomic():
        if Role.objects.filter(pk=role.pk, last_day=role.last_day).update(last_day=last_day) != 1:
            raise Refused(_("Somebody changed this role in the meantime; look at it again."))
        role.last_day = last_day
        journal.record(
            actor=actor, verb="people.role.ended", subject=f"person:{role.person_id}", at=at, reason=reason,
            data={"role": role.role, "school": role.school_id, "last_day": last_day},
        )  # fmt: skip


def enrol_all(*, actor: Actor, places: Sequence[PlaceIn], at: datetime) -> list[Enrolment]:
    """Put persons into classes at once."""
    unknown = {row.role for row in places} - set(Enrolment.As.values)
    if unknown:
        raise Refused(
            _("In a class one is student or teacher, not %(unknown)s.") % {"unknown": ", ".join(sorted(unknown))}
        )
    rows = [
        Enrolment(
            person_id=row.person, group_id=row.group, role=row.role, primary=row.primary,
            first_day=row.first_day, last_day=row.last_day,
        )
        for row in places
    ]  # fmt: skip
    fields = ("person_id", "group_id", "role", "primary", "first_day", "last_day")
    return _add(actor, "people.enrolments.added", rows, at, fields)


def end_enrolment(*, actor: Actor, enrolment: Enrolment, last_day: date, at: datetime, reason: str = "") -> None:
    """End somebody's place in a class with a day that still counts. Raises Refused where somebody was first."""
    if last_day < enrolment.first_day:
        raise Refused(
            _("The place was taken on %(first_day)s; its last day cannot be %(last_day)s.")
            % {"first_day": enrolment.first_day, "last_day": last_day}
        )
    with journal.atomic():
        same = Enrolment.objects.filter(pk=enrolment.pk, last_day=enrolment.last_day)
        if same.update(last_day=last_day) != 1:
            raise Refused(_("Somebody changed this place in the meantime; look at it again."))
        enrolment.last_day = last_day
        journal.record(
            actor=actor, verb="people.enrolment.ended", subject=f"person:{enrolment.person_id}", at=at, reason=reason,
            data={"role": enrolment.role, "where": enrolment.group_id, "last_day": last_day},
        )  # fmt: skip


def add_guardians(*, actor: Actor, bonds: Sequence[Guardianship], at: datetime) -> list[Guardianship]:
    """XIII.B: put on record what adults are to children, at once."""
    fields = ("child_id", "guardian_id", "relationship", "first_day", "last_day")
    return _add(actor, "people.guardians.added", bonds, at, fields)


def add_addresses(*, actor: Actor, addresses: Sequence[Address], at: datetime) -> list[Address]:
    """XIII.C.0m: put on record where people get letters, at once."""
    return _add(actor, "people.addresses.added", addresses, at, ("person_id", "kind", "first_day", "last_day"))


def _add(actor: Actor, verb: str, rows: Sequence[Any], at: datetime, fields: tuple[str, ...]) -> list[Any]:
    """Save rows of one model and record it once: how many, and a digest that lets anybody prove which."""
    if not rows:
        return []
    _check_keys(rows)
    model = type(rows[0])
    with journal.atomic():
        try:
            saved = model.objects.bulk_create(rows, batch_size=BATCH)
            # Foreign keys are otherwise checked at commit, where nobody could say a sentence about it.
            _check_references(rows, model)
        except IntegrityError as error:
            raise Refused(_sentence(model, error)) from error
        journal.record(
            actor=actor, verb=verb, subject=_subject(saved), at=at,
            data={"count": len(saved), "digest": _digest(saved, fields), **_only(saved)},
        )  # fmt: skip
    return saved


def _check_keys(rows: Iterable[Any]) -> None:
    for row in rows:
        if not isinstance(row, (Person, School, Class)):
            return
        if not row.id:
            row.id = secrets.token_hex(8)
        try:
            KEY(row.id)
        except ValidationError as error:
            raise Refused(
                _("“%(id)s” cannot be an id. %(value)s") % {"id": row.id, "value": error.messages[0]}
            ) from None


def _check_references(rows: Sequence[Any], model: Any) -> None:
    for field in model._meta.concrete_fields:
        if field.is_relation:
            wanted = {getattr(row, field.attname) for row in rows} - {None}
            missing = wanted - _existing(field.related_model, wanted)
            if missing:
                name = field.related_model._meta.verbose_name
                few = ", ".join(sorted(missing)[:5])
                raise Refused(
                    _("No such %(name)s: %(few)s. Add it first; nothing was saved.") % {"name": name, "few": few}
                )


def _existing(model: Any, wanted: set[str]) -> set[str]:
    if len(wanted) > 5000:
        return set(model.objects.values_list("pk", flat=True))
    found: set[str] = set()
    keys = sorted(wanted)
    for start in range(0, len(keys), BATCH):
        found.update(model.objects.filter(pk__in=keys[start : start + BATCH]).values_list("pk", flat=True))
    return found


def _sentence(model: Any, error: IntegrityError) -> str:
    what = model._meta.verbose_name_plural
    if "UNIQUE" in str(error).upper():
        said = _("Some of these %(what)s are there already (same id). Nothing was saved; leave them out and try again.")
    else:
        said = _("Some of these %(what)s do not fit together (a last day before the first?). Nothing was saved.")
    return said % {"what": what}


def _subject(saved: Sequence[Any]) -> str:
    kind = saved[0]._meta.model_name
    if kind == "guardianship" and len({row.child_id for row in saved}) == 1:
        return f"person:{saved[0].child_id}"
    if kind in ("role", "enrolment") and len({row.person_id for row in saved}) == 1:
        return f"person:{saved[0].person_id}"
    return f"{kind}:{saved[0].pk}" if len(saved) == 1 else f"{kind}:many"


def _only(saved: Sequence[Any]) -> dict[str, Any]:
    """For a single role or place, what it is; never a name, since the journal is never cleaned."""
    if len(saved) != 1 or not isinstance(saved[0], (Role, Enrolment)):
        return {}
    row = saved[0]
    where = row.school_id if isinstance(row, Role) else row.group_id
    return {"role": row.role, "where": where, "first_day": row.first_day, "last_day": row.last_day}


def _digest(saved: Sequence[Any], fields: tuple[str, ...]) -> str:
    hasher = hashlib.sha256()
    for row in saved:
        values = [getattr(row, name) for name in fields]
        hasher.update(rfc8785.dumps([v.isoformat() if isinstance(v, date) else v for v in values]))
    return hasher.hexdigest()
