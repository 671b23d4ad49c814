"""Grades that a roster tells with the person, brought to the student's role, where they are kept."""

from __future__ import annotations

import json
from typing import Any

from homeroom.kernel.roster.records import Kind
from homeroom.people.models import Role, RoleName
from homeroom.people.roster.load import Load

_GRADED = """UPDATE roles SET vals = json_set(vals, '$.grade',
    (SELECT json_extract(g.vals, '$.grade') FROM grades g WHERE g.one = roles.one))
    WHERE json_extract(vals, '$.role') = 'student' AND json_extract(vals, '$.grade') = ''
    AND one IN (SELECT one FROM grades)"""
_ALONE = """SELECT i.pk, g.one, json_extract(g.vals, '$.grade'), g.file, g.line, g.modified FROM grades g
    JOIN id_persons i ON i.external = g.one
    WHERE g.gone = 0 AND g.one NOT IN (SELECT one FROM roles WHERE json_extract(vals, '$.role') = 'student')"""


def to_roles(load: Load) -> None:
    """Fill the grade of staged roles; a delta that brings a person alone means the role that is on record."""
    load.staging.db.execute(_GRADED)
    for chunk in load.staging.chunks(_ALONE):
        told = {row[0]: row for row in chunk}
        held = Role.objects.on(load.on).filter(source=load.source, role=RoleName.STUDENT, person__in=list(told))
        for role in held:
            _stage(load, role, *told[role.person_id][1:])  # type: ignore[attr-defined]


def _stage(load: Load, role: Role, person: str, grade: str, file: int, line: int, modified: str) -> None:
    school = f"here:{role.school_id}" if role.school_id else ""  # type: ignore[attr-defined]
    values: dict[str, Any] = {"person": person, "role": role.role, "org": school, "grade": grade}
    values |= {"first": None, "last": role.last_day.isoformat() if role.last_day else None}
    if school:
        load.staging.db.execute("INSERT OR IGNORE INTO id_schools VALUES (?, ?)", (school, role.school_id))  # type: ignore[attr-defined]
    row = (role.external, json.dumps(values), person, school, file, line, modified, 0, "", None)
    load.staging.db.execute(f'INSERT OR IGNORE INTO "{Kind.ROLE}" VALUES (?,?,?,?,?,?,?,?,?,?)', row)  # noqa: S608 -- ours
