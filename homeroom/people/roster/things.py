"""Schools, sessions, classes and persons: rows that stay and change in place."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from homeroom.kernel.roster.records import Kind, Problem
from homeroom.people.models import Class, Org, OtherId, Person, Preference, School, Session
from homeroom.people.roster import identities
from homeroom.people.roster.load import Load, Staged, day


def schools(load: Load) -> None:
    """Schools by name; organisations above or inside schools are remembered by what they stand for."""
    found = identities.identify_schools(load.staging, load.source)
    rows = {row.key: row for chunk in load.staged(Kind.SCHOOL) for row in chunk}
    here = School.objects.in_bulk(list(found.values()))
    for key, pk in found.items():
        if key not in rows or rows[key].gone:
            continue
        if pk not in here:
            here[pk] = School(id=pk, name=rows[key].values["name"], first_day=load.on, **_marks(load, rows[key]))
            here[pk].extras = rows[key].extras
            load.changes.add("schools", here[pk])
        else:
            _update(load, "schools", here[pk], {"name": rows[key].values["name"]}, rows[key])
    _orgs(load, rows)


def _orgs(load: Load, rows: dict[str, Staged]) -> None:
    stands = dict(load.staging.db.execute("SELECT external, pk FROM id_schools"))
    before = {org.external: org for org in Org.objects.filter(source=load.source)}
    for key in rows:
        school = stands.get(key) or None
        if key not in before:
            load.changes.add("orgs", Org(source=load.source, external=key, school_id=school), key)
        elif before[key].school_id != school:
            before[key].school_id = school
            load.changes.change("orgs", before[key], {"school": school}, key)
    load.changes.finish(School, Org)


def sessions(load: Load) -> None:
    """Years, semesters and terms."""
    for chunk in load.staged(Kind.SESSION):
        by_key = _here(Session, load, [row.key for row in chunk])
        taken = set(Session.objects.filter(pk__in=[row.key for row in chunk]).values_list("pk", flat=True))
        for row in chunk:
            if row.gone:
                continue
            values = {name: row.values[name] for name in ("title", "kind", "school_year")}
            values |= {"first_day": day(row.values["first"]), "last_day": day(row.values["last"])}
            if row.key in by_key:
                _update(load, "sessions", by_key[row.key], values, row)
            else:
                new = Session(id=identities.own(row.key, load.source, taken), **values, **_marks(load, row))
                load.changes.add("sessions", new)
    load.changes.finish(Session)


def classes(load: Load) -> None:
    """Classes with school, title and the days of their sessions."""
    identities.identify("classes", load.staging, load.source, load.changes)
    ids = dict(load.staging.db.execute("SELECT external, pk FROM id_classes"))
    terms = _terms(load)
    for chunk in load.staged(Kind.CLASS):
        here = Class.objects.in_bulk([ids[row.key] for row in chunk])
        for row in chunk:
            _class(load, row, here.get(ids[row.key]), ids[row.key], terms)
    load.changes.finish(Class)
    if (Kind.CLASS, "") in load.found.whole:
        _end_classes(load)


def _class(load: Load, row: Staged, here: Class | None, pk: str, terms: dict[str, tuple[Any, Any]]) -> None:
    if row.gone:
        if here is not None and (here.last_day is None or here.last_day > load.yesterday):
            here.last_day = max(here.first_day, load.yesterday)
            load.changes.end("classes", here, pk)
        return
    if not row.one:
        name = str(row.values["org"])[:60]
        load.note(row, "school", f"No school has the id “{name}”. Add it to the schools, or correct the class.")
        return
    first, last = _class_days(row, terms)
    load.class_days[pk] = first or (here.first_day if here else load.on)
    values: dict[str, Any] = {"title": row.values["title"], "school_id": row.one, "last_day": last}
    if first or here is None:
        values["first_day"] = first or load.on
    if last is not None and last < values.get("first_day", here.first_day if here else load.on):
        values["last_day"] = None
    if here is None:
        load.changes.add("classes", Class(id=pk, extras=row.extras, **values, **_marks(load, row)))
    else:
        _update(load, "classes", here, values, row)


def _terms(load: Load) -> dict[str, tuple[date | None, date | None]]:
    known = Session.objects.filter(source=load.source).values_list("external", "first_day", "last_day")
    found = {external: (first, last) for external, first, last in known}
    for chunk in load.staged(Kind.SESSION):
        found |= {row.key: (day(row.values["first"]), day(row.values["last"])) for row in chunk}
    return found


def _class_days(row: Staged, terms: dict[str, tuple[Any, Any]]) -> tuple[date | None, date | None]:
    if row.values.get("first") or row.values.get("last"):
        return day(row.values.get("first")), day(row.values.get("last"))
    held = [terms[each] for each in row.values["sessions"] if each in terms]
    firsts, lasts = [each[0] for each in held if each[0]], [each[1] for each in held if each[1]]
    return (min(firsts) if firsts else None), (max(lasts) if lasts and len(lasts) == len(held) else None)


def _end_classes(load: Load) -> None:
    rows = Class.objects.filter(source=load.source).exclude(last_day__lt=load.on)
    for row in rows.order_by("pk").iterator(2000):
        if not load.staging.which(Kind.CLASS, "key", [row.external]) and not _left_out(load, Kind.CLASS, row.external):
            last = max(row.first_day, load.yesterday)
            if row.last_day != last:
                row.last_day = last
                load.changes.end("classes", row, row.pk)
    load.changes.finish(Class)


def _left_out(load: Load, kind: str, key: str) -> bool:
    return bool(load.staging.db.execute("SELECT 1 FROM seen WHERE kind = ? AND key = ?", (kind, key)).fetchone())


def persons(load: Load) -> None:
    """Names, addresses and days of birth; nobody is ever removed."""
    identities.identify("persons", load.staging, load.source, load.changes)
    for chunk in load.staged(Kind.PERSON):
        keys = [row.key for row in chunk]
        marks = ",".join("?" * len(keys))
        ids = dict(load.staging.db.execute(f"SELECT external, pk FROM id_persons WHERE external IN ({marks})", keys))  # noqa: S608
        second = load.staging.which("second_id", "external", keys)
        second |= set(OtherId.objects.filter(source=load.source, external__in=keys).values_list("external", flat=True))
        load.staging.db.executemany("INSERT OR IGNORE INTO second_id VALUES (?)", [(each,) for each in second])
        here = Person.objects.in_bulk(list(ids.values()))
        details = _details(load, keys)
        for row in chunk:
            if row.key not in second:  # a second id of somebody whose own row speaks for them says nothing
                _person(load, row, here.get(ids[row.key]), ids[row.key], details.get(row.key, {}))
    # One person is a guardian once, under however many ids.
    load.staging.db.execute("DELETE FROM roles WHERE one IN (SELECT external FROM second_id)")
    load.changes.finish(Person)
    _only_details(load)


def _details(load: Load, keys: list[str]) -> dict[str, dict[str, Any]]:
    marks = ",".join("?" * len(keys))
    found: dict[str, dict[str, Any]] = {}
    sql = f"SELECT one, vals FROM details WHERE gone = 0 AND one IN ({marks})"  # noqa: S608 -- the names are ours
    for person, vals in load.staging.db.execute(sql, keys):
        values = json.loads(vals)
        found.setdefault(person, {}).update({name: each for name, each in values.items() if name != "person"})
    return found


def _person(load: Load, row: Staged, here: Person | None, pk: str, details: dict[str, Any]) -> None:
    if here is not None and row.modified and here.modified > row.modified:
        load.changes.older += 1
        load.older_people.add(pk)
        return
    values = {**row.values, **details}
    if "birth_date" in values:
        values["birth_date"] = day(values["birth_date"])
    if here is not None:
        if row.gone:
            values = {}
        _update(load, "persons", here, values, row)
    elif not row.gone:
        new = Person(id=pk, extras=row.extras, **values, **_marks(load, row))
        load.changes.add("persons", new)


def _only_details(load: Load) -> None:
    """Details of persons who have no row of their own in this roster."""
    sql = (
        "SELECT i.pk, d.vals, d.file, d.line FROM details d LEFT JOIN id_persons i ON i.external = d.one "
        "WHERE d.gone = 0 AND d.one NOT IN (SELECT key FROM persons)"
    )
    for chunk in load.staging.chunks(sql):
        here = Person.objects.in_bulk([row[0] for row in chunk if row[0]])
        for pk, vals, file, line in chunk:
            values = {name: each for name, each in json.loads(vals).items() if name != "person"}
            person = here.get(pk)
            if person is None:
                sentence = "Nobody has this id, in this roster or on record. Add the person, or take the row out."
                load.found.note(Problem(load.staging.files[file], line, "userSourcedId", sentence, left_out=True))
                continue
            if "birth_date" in values:
                values["birth_date"] = day(values["birth_date"])
            what = {name: each for name, each in values.items() if getattr(person, name) != each}
            if what:
                _set(person, what)
                load.changes.change("persons", person, what)
    load.changes.finish(Person)


def preferences(load: Load) -> None:
    """How somebody wants to be reached."""
    for chunk in load.staged(Kind.PREFERENCE):
        ids = [row.one for row in chunk if row.one]
        here = {each.person_id: each for each in Preference.objects.filter(person__in=ids)}
        for row in chunk:
            values = {name: row.values[name] for name in ("channel", "interpreter")}
            if row.one is None:
                load.note(row, "userSourcedId", "Nobody has this id. Add the person, or take the row out.")
            elif row.one in here:
                _update(load, "preferences", here[row.one], values, row)
            elif not row.gone:
                here[row.one] = Preference(person_id=row.one, **values, **_marks(load, row))
                load.changes.add("preferences", here[row.one], row.one)
    load.changes.finish(Preference)


def _marks(load: Load, row: Staged) -> dict[str, str]:
    return {"source": load.source, "external": row.key, "modified": row.modified}


def _here(model: Any, load: Load, keys: list[str]) -> dict[str, Any]:
    return {row.external: row for row in model.objects.filter(source=load.source, external__in=keys)}


def _set(row: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _update(load: Load, kind: str, row: Any, values: dict[str, Any], staged: Staged) -> None:
    """Bring a row up to what the roster says, unless the roster's row is older, or another roster's to say."""
    if row.source not in ("", load.source):
        return
    if staged.modified and row.modified > staged.modified:
        load.changes.older += 1
        return
    if staged.extras is not None:
        values = {**values, "extras": staged.extras}
    what = {name: value for name, value in values.items() if getattr(row, name) != value}
    marks = _marks(load, staged)
    marks["modified"] = staged.modified or row.modified
    fresh = {name: value for name, value in marks.items() if getattr(row, name) != value}
    _set(row, {**what, **fresh})
    if what:
        load.changes.change(kind, row, what)
    elif fresh:
        load.changes.keep(row)
