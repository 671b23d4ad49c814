"""Whom and what the ids of a roster mean: rows that are here, or new ones.

A person is matched by the roster's id, then by an id that was entered by hand; a guardian also by e-mail and
name together. Never by name alone, never by e-mail alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db.models.functions import Lower

from homeroom.kernel.roster.records import Kind
from homeroom.people.models import KEY, Class, Org, OtherId, Person, Role, RoleName, School
from homeroom.people.roster.saving import Changes
from homeroom.people.roster.staging import REFERS, Staging

MODELS = {"persons": Person, "schools": School, "classes": Class}


def own(external: str, source: str, taken: Iterable[str] = ()) -> str:
    """Our id for something new: the roster's own where it fits and is free.

    >>> own("1001", "sis"), own("1001", "sis", {"1001"}), own("{a b}", "sis")
    ('1001', 'sis:1001', 'r-ad551e35514ff2b0')
    """
    for each in (external, f"{source}:{external}"):
        try:
            KEY(each)
        except ValidationError:
            continue
        if each not in taken:
            return each
    return "r-" + hashlib.sha256(f"{source}|{external}".encode()).hexdigest()[:16]


def known(table: str, source: str, externals: Sequence[str]) -> dict[str, str]:
    """Of some ids of a roster (a portion at most), those that mean somebody or something on record."""
    model = MODELS[table]
    by_hand = model._default_manager.filter(source="", pk__in=externals).values_list("pk", "pk")
    found = dict(by_hand)
    if table == "persons":
        found |= dict(
            OtherId.objects.filter(source=source, external__in=externals).values_list("external", "person_id")
        )
    rostered = model._default_manager.filter(source=source, external__in=externals)
    return found | dict(rostered.values_list("external", "pk"))


def identify(table: str, staging: Staging, source: str, changes: Changes) -> None:
    """Give every staged person or class its id here, new or not, then look up those that are only referred to."""
    for chunk in staging.chunks(f'SELECT key, vals FROM "{table}" ORDER BY key'):  # noqa: S608 -- the names are ours
        keys = [row[0] for row in chunk]
        found = known(table, source, keys)
        new = [key for key in keys if key not in found]
        candidates = [*new, *(f"{source}:{key}" for key in new)]
        taken = set(MODELS[table]._default_manager.filter(pk__in=candidates).values_list("pk", flat=True))
        if table == "persons" and new:
            found |= _guardians(staging, source, {key: vals for key, vals in chunk if key not in found}, taken, changes)
        rows = [(key, found.get(key) or own(key, source, taken)) for key in keys]
        staging.db.executemany(f"INSERT OR IGNORE INTO id_{table} VALUES (?, ?)", rows)  # noqa: S608
    refer_to(table, staging, source)


def refer_to(table: str, staging: Staging, source: str) -> None:
    """Look up whom staged records mean that are not staged themselves (a delta, a supplement)."""
    for kind, refers in REFERS.items():
        for column, (_, meant) in zip(("one", "two"), refers, strict=False):
            if meant != table:
                continue
            sql = f'SELECT DISTINCT {column} FROM "{kind}" WHERE {column} NOT IN (SELECT external FROM id_{table})'  # noqa: S608
            missing = [row[0] for row in staging.db.execute(sql)]
            for start in range(0, len(missing), 2000):
                found = known(table, source, missing[start : start + 2000])
                staging.db.executemany(f"INSERT OR IGNORE INTO id_{table} VALUES (?, ?)", list(found.items()))  # noqa: S608


def _guardians(staging: Staging, source: str, new: dict[str, str], taken: set[str], changes: Changes) -> dict[str, str]:
    """XIII.B: new ids of guardians who are here already, or twice in the file, by e-mail and name together."""
    faces = {key: face for key, vals in new.items() if (face := _face(json.loads(vals)))}
    faces = {key: faces[key] for key in _only_guardians(staging, list(faces))}
    if not faces:
        return {}
    here = _by_face({face.split("|")[0] for face in faces.values()})
    found = {}
    for key, face in sorted(faces.items()):
        pk = here.get(face) or own(key, source, taken)
        staging.db.execute("INSERT OR IGNORE INTO guardian VALUES (?, ?)", (face, pk))
        first = staging.db.execute("SELECT pk FROM guardian WHERE face = ?", (face,)).fetchone()[0]
        if first != own(key, source, taken):
            found[key] = first
            staging.db.execute("INSERT OR IGNORE INTO second_id VALUES (?)", (key,))
            changes.add("other_ids", OtherId(source=source, external=key, person_id=first), key)
    return found


def _face(values: dict[str, str]) -> str:
    email = values.get("email", "").strip().casefold()
    name = f"{values.get('given_name', '')} {values.get('family_name', '')}".strip().casefold()
    return f"{email}|{name}" if email and name else ""


def _by_face(emails: set[str]) -> dict[str, str]:
    """Those on record with these addresses who are no students; the first where several are alike."""
    rows = Person.objects.annotate(small=Lower("email")).filter(small__in=emails).order_by("-pk")
    students = Role.objects.filter(role=RoleName.STUDENT, person__in=rows.values("pk")).values_list(
        "person_id", flat=True
    )
    barred = set(students)
    fields = ("pk", "email", "given_name", "family_name")
    return {
        _face({"email": email, "given_name": given, "family_name": family}): pk
        for pk, email, given, family in rows.values_list(*fields)
        if pk not in barred
    }


def _only_guardians(staging: Staging, keys: list[str]) -> list[str]:
    if not keys:
        return []
    marks = ",".join("?" * len(keys))
    sql = f"SELECT one, json_extract(vals, '$.role') FROM roles WHERE one IN ({marks})"  # noqa: S608
    guards, students = staging.which(Kind.GUARDIANSHIP, "two", keys), set()
    for person, role in staging.db.execute(sql, keys):
        if role == "guardian":
            guards.add(person)
        if role == "student":
            students.add(person)
    return sorted(guards - students)


def identify_schools(staging: Staging, source: str) -> dict[str, str]:
    """Which school an organisation stands for: itself, the school above it, or "" for those above schools.

    Returns those that shall be schools, by the roster's id. Known ones of earlier loads are looked up.
    """
    rows = {key: json.loads(vals) for key, vals in staging.db.execute("SELECT key, vals FROM schools")}
    found = known("schools", source, list(rows))
    ours = School.objects.filter(source__in=("", source)).values_list("pk", "name")
    by_name = {name.casefold(): pk for pk, name in ours}
    new = [key for key in rows if key not in found]
    taken = set(School.objects.filter(pk__in=[*new, *(f"{source}:{key}" for key in new)]).values_list("pk", flat=True))
    schools = {}
    for key, values in rows.items():
        if values["level"] == "school":
            schools[key] = found.get(key) or by_name.get(values["name"].casefold()) or own(key, source, taken)
    stands = {key: _stands_for(key, rows, schools) for key in rows}
    before = dict(Org.objects.filter(source=source).values_list("external", "school_id"))
    for key, pk in {**before, **stands}.items():
        staging.db.execute("INSERT OR REPLACE INTO id_schools VALUES (?, ?)", (key, pk or ""))
    refer_to("schools", staging, source)
    return schools


def _stands_for(key: str, rows: dict[str, dict[str, str]], schools: dict[str, str]) -> str:
    for _ in range(10):
        if key in schools:
            return schools[key]
        if key not in rows or rows[key]["level"] == "above":
            return ""
        key = rows[key]["parent"]
    return ""
