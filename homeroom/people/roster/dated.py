"""Rows that hold from a day to a day: roles, enrolments, guardianships, addresses, flags, supervision.

What changes ends the old row and begins a new one, so that any day can be asked about later. What a bulk file no
longer has ends; nothing that has begun is removed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from homeroom.kernel.roster.records import AGENT, Kind
from homeroom.people.models import Address, Enrolment, Flag, Guardianship, Role, RoleName, Supervision
from homeroom.people.roster.load import Load, Staged, day

ONE_DAY = timedelta(days=1)
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Dated:
    """A kind of such rows: its table, what a staged record says in it, and whom it is about."""

    kind: Kind
    model: Any
    facts: Callable[[Staged], Facts]
    about: str
    refers: tuple[str, ...]  # columns of the file that must name somebody, for problems
    alike: tuple[str, ...] = ()  # in which a row entered by hand is the same as the roster's


def _plain(*names: str, one: str, two: str = "") -> Callable[[Staged], Facts]:
    def facts(row: Staged) -> Facts:
        ids = {one: row.one, **({two: row.two} if two else {})}
        return ids | {name: row.values[name] for name in names if name in row.values}

    return facts


_PLACE = ("street", "city", "state", "postal_code", "country")
_SAID = ("relationship", "legal_custody", "lives_with", "receives_mail", "portal_access", "court_order", "priority")


def _role(row: Staged) -> Facts:
    held = {"person_id": row.one, "role": row.values["role"], "school_id": row.two or None}
    return held | {"grade": row.values["grade"]}


ROLES = Dated(Kind.ROLE, Role, _role, "person_id", ("person", "school"), ("person_id", "role", "school_id"))
ENROLMENTS = Dated(
    Kind.ENROLMENT, Enrolment, _plain("role", "primary", one="person_id", two="group_id"), "person_id",
    ("person", "class"), ("person_id", "role", "group_id"),
)  # fmt: skip
GUARDIANSHIPS = Dated(
    Kind.GUARDIANSHIP, Guardianship, _plain(*_SAID, one="child_id", two="guardian_id"), "child_id",
    ("child", "guardian"),
)  # fmt: skip
ADDRESSES = Dated(Kind.ADDRESS, Address, _plain("kind", *_PLACE, one="person_id"), "person_id", ("person",))
FLAGS = Dated(Kind.FLAG, Flag, _plain("flag", one="person_id"), "person_id", ("person",))
SUPERVISIONS = Dated(
    Kind.SUPERVISION, Supervision, _plain(one="employee_id", two="supervisor_id"), "employee_id",
    ("employee", "supervisor"),
)  # fmt: skip


def reconcile(load: Load, what: Dated) -> None:
    """Bring the rows of one kind up to what the roster says, and end what it no longer has."""
    fresh = not what.model.objects.filter(source=load.source).exists()
    by_hand = bool(what.alike) and what.model.objects.filter(source="").exists()
    for chunk in load.staged(what.kind):
        rows: dict[str, list[Any]] = defaultdict(list)
        if not fresh:
            keys = {each for row in chunk for each in (row.key, _otherwise(what, row.key))}
            known = what.model.objects.filter(source=load.source, external__in=keys)
            for row in known.order_by("first_day", "pk"):
                rows[row.external].append(row)
        alike = _by_hand(what, chunk) if by_hand else {}
        for staged in chunk:
            if _sound(load, what, staged):
                others = rows.get(_otherwise(what, staged.key), [])
                if not (staged.key.startswith(_AS_AGENT) and _is_open(load, others)):
                    here = rows.get(staged.key, [])
                    _one(load, what, staged, here if _is_open(load, here) or not others else others, alike, fresh)
    load.changes.finish(what.model)
    if not fresh:  # what was just begun for the first time cannot be missing
        _end_missing(load, what)


_AS_AGENT = f"{AGENT}|"


def _otherwise(what: Dated, key: str) -> str:
    """The key of the same guardianship known the other way: from a list of agents, or told with what it is."""
    if what.model is not Guardianship:
        return key
    return key.removeprefix(_AS_AGENT) if key.startswith(_AS_AGENT) else _AS_AGENT + key


def _is_open(load: Load, rows: list[Any]) -> bool:
    return bool(rows) and (rows[-1].last_day is None or rows[-1].last_day >= load.on)


def _sound(load: Load, what: Dated, row: Staged) -> bool:
    """Whether everybody whom a record names is known; else it is noted and left out."""
    for named, pk in zip(what.refers, (row.one, row.two), strict=False):
        column = {"school": "org", "class": "group"}.get(named, named)
        if pk is None and row.values.get(column):
            name = str(row.values[column])[:60]
            load.note(row, named, f"No {named} has the id “{name}”. Add it to the roster, or correct this row.")
            return False
    if what.model is Guardianship and row.one == row.two:
        load.note(row, "guardian", "Nobody is their own guardian. Correct one of the ids.")
        return False
    return True


def _by_hand(what: Dated, chunk: list[Staged]) -> dict[tuple[Any, ...], Any]:
    people = [row.one for row in chunk if row.one]
    rows = what.model.objects.filter(source="", person_id__in=people, last_day__isnull=True)
    return {tuple(getattr(row, name) for name in what.alike): row for row in rows}


def _one(
    load: Load, what: Dated, staged: Staged, rows: list[Any], alike: dict[tuple[Any, ...], Any], fresh: bool
) -> None:
    facts = what.facts(staged)
    current = rows[-1] if rows else None
    if current is None and alike:
        current = alike.pop(tuple(facts[name] for name in what.alike), None)
    if current is not None and staged.modified and current.modified > staged.modified:
        load.changes.older += 1
        return
    first, last = day(staged.values.get("first")), day(staged.values.get("last"))
    if staged.gone:
        if current is not None:
            _end(load, what, current, min(last or load.yesterday, load.yesterday), staged)
        return
    if what.model is Role and facts["role"] == RoleName.STUDENT and (last is None or last >= load.on):
        load.students_now.add(facts["person_id"])
    if current is None:
        if what.model is Guardianship:
            facts = {"relationship": Guardianship.As.GUARDIAN.value, **facts}
        _begin(load, what, staged, facts, first or _usual_first(load, what, facts, fresh), last)
    elif current.last_day is not None and current.last_day < load.on and (last is None or last >= load.on):
        returned = first if first and first > current.last_day else load.on
        _begin(load, what, staged, {**_facts_of(current, facts), **facts}, returned, last)
    elif any(getattr(current, name) != value for name, value in facts.items()):
        _replace(load, what, staged, current, {**_facts_of(current, facts), **facts}, first, last)
    else:
        _same(load, what, staged, current, rows, first, last)


def _facts_of(row: Any, facts: Facts) -> Facts:
    """What the last row said and the roster has no column for, is still so."""
    held = {name: getattr(row, name) for name in _SAID} if isinstance(row, Guardianship) else {}
    return held | facts


def _usual_first(load: Load, what: Dated, facts: Facts, fresh: bool) -> date:
    """In the very first load who is in a class has been so since the class began, unless the roster says otherwise."""
    if fresh and what.model is Enrolment:
        return min(load.class_days.get(facts["group_id"], load.on), load.on)
    return load.on


def _begin(load: Load, what: Dated, staged: Staged, facts: Facts, first: date, last: date | None) -> None:
    if last is not None and last < first:
        last = first
    marks = {"source": load.source, "external": staged.key, "modified": staged.modified}
    row = what.model(**facts, first_day=first, last_day=last, **marks)
    load.changes.add(what.kind, row, facts[what.about])


def _replace(
    load: Load, what: Dated, staged: Staged, current: Any, facts: Facts, first: date | None, last: date | None
) -> None:
    """End the row that held until now, begin the one that holds from now on."""
    begins = first if first and first > current.first_day else load.on
    if begins <= current.first_day or load.yesterday < current.first_day:
        # It began today (moved twice in a day) or has not begun: the row itself is put right.
        changed = {name: value for name, value in facts.items() if getattr(current, name) != value}
        _put(current, changed | {"last_day": last, **_marks(load, staged, current)})
        if last is not None and last < current.first_day:
            current.last_day = current.first_day
        load.changes.change(what.kind, current, changed, facts[what.about])
        return
    _put(current, {"last_day": begins - ONE_DAY, "modified": staged.modified or current.modified})
    load.changes.end(what.kind, current, facts[what.about])
    if isinstance(current, Role) and current.role == RoleName.STUDENT and current.person_id not in load.students_now:
        load.leavers.add(current.person_id)
    _begin(load, what, staged, facts, begins, last)


def _same(
    load: Load, what: Dated, staged: Staged, current: Any, rows: list[Any], first: date | None, last: date | None
) -> None:
    """The same facts; days may be put right, but never into the time of an earlier row."""
    days: Facts = {}
    earlier = rows[-2].last_day if len(rows) > 1 else None
    if first and first != current.first_day and (earlier is None or first > earlier):
        days["first_day"] = first
    if last != current.last_day and not (last is None and current.last_day is None):
        days["last_day"] = last
    begins = days.get("first_day", current.first_day)
    if days.get("last_day") is not None and days["last_day"] < begins:
        days["last_day"] = begins
    days = {name: value for name, value in days.items() if getattr(current, name) != value}
    marks = {n: v for n, v in _marks(load, staged, current).items() if getattr(current, n) != v}
    ends = "last_day" in days and days["last_day"] is not None and days["last_day"] < load.on
    _put(current, {**days, **marks})
    if ends:
        _left(load, current)
        load.changes.end(what.kind, current, getattr(current, what.about))
    elif days:
        load.changes.change(what.kind, current, days, getattr(current, what.about))
    elif marks:
        load.changes.keep(current)


def _marks(load: Load, staged: Staged, row: Any) -> Facts:
    return {"source": load.source, "external": staged.key, "modified": staged.modified or row.modified}


def _put(row: Any, values: Facts) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _left(load: Load, row: Any) -> None:
    if isinstance(row, Role) and row.role == RoleName.STUDENT:
        load.leavers.add(row.person_id)


def _end(load: Load, what: Dated, row: Any, last: date, staged: Staged | None = None) -> None:
    """Let a row end, unless it has ended already; one that has not begun goes."""
    if staged is not None and staged.modified > row.modified:
        row.modified = staged.modified
        if row.last_day is not None and row.last_day < load.on:
            load.changes.keep(row)
    last = max(last, row.first_day) if row.first_day <= load.on else last
    if row.last_day is not None and row.last_day <= last:
        return
    _left(load, row)
    if row.first_day > load.on:
        load.changes.remove(what.kind, row, getattr(row, what.about))
        return
    row.last_day = last
    if what.model is Guardianship:
        load.ended_guardianships.add(row.pk)
    load.changes.end(what.kind, row, getattr(row, what.about))


def _end_missing(load: Load, what: Dated) -> None:
    """End what a bulk file no longer has, and what a person's own row no longer lists."""
    whole = {role for kind, role in load.found.whole if kind is what.kind}
    if whole:
        rows = what.model.objects.filter(source=load.source).filter(Q(last_day__isnull=True) | Q(last_day__gte=load.on))
        if what.model is Guardianship:
            rows = _known_as(rows, whole)
        elif "" not in whole:
            rows = rows.filter(role__in=whole)
        if what.model is Role and not any(kind is Kind.GUARDIANSHIP for kind, _ in load.found.whole):
            rows = rows.exclude(role=RoleName.GUARDIAN)
        _end_unlisted(load, what, rows)
    else:
        _end_unlisted_of_owners(load, what)
    load.changes.finish(what.model)


def _known_as(rows: Any, ways: set[str]) -> Any:
    """A file ends only guardianships that are known the way it tells them."""
    if ways == {AGENT}:
        return rows.filter(external__startswith=_AS_AGENT)
    return rows if AGENT in ways else rows.exclude(external__startswith=_AS_AGENT)


def _end_unlisted(load: Load, what: Dated, rows: Any) -> None:
    portion: list[Any] = []
    for row in rows.order_by("pk").iterator(2000):
        portion.append(row)
        if len(portion) == 2000:
            _end_portion(load, what, portion)
            portion = []
    _end_portion(load, what, portion)


def _end_portion(load: Load, what: Dated, rows: list[Any]) -> None:
    if not rows:
        return
    keys = [row.external for row in rows]
    stay = load.staging.which(what.kind, "key", keys)
    if what.model is Guardianship:
        told = load.staging.which(what.kind, "key", [_otherwise(what, key) for key in keys])
        stay |= {_otherwise(what, key) for key in told}
    marks = ",".join("?" * len(keys))
    seen = "SELECT key FROM seen WHERE kind = ? AND key IN ({})"
    stay |= {each[0] for each in load.staging.db.execute(seen.format(marks), [what.kind, *keys])}
    owners = {row.external: row.external.removeprefix(_AS_AGENT).partition("|")[0] for row in rows}
    people = sorted(set(owners.values()))
    held = load.staging.db.execute(seen.format(",".join("?" * len(people))), ["owner", *people])
    left_out = {each[0] for each in held}
    if what.model is Role:
        rows = _without_guards(load, rows)
    for row in rows:
        about = getattr(row, what.about)
        if row.external not in stay and owners[row.external] not in left_out and about not in load.older_people:
            _end(load, what, row, load.yesterday)


def end_places_of_leavers(load: Load) -> None:
    """Whoever leaves is in no class any more, also where the roster did not bring its enrolments along."""
    if any(kind is Kind.ENROLMENT for kind, _ in load.found.whole):
        return
    gone = sorted(load.leavers - load.students_now)
    for start in range(0, len(gone), 2000):
        rows = Enrolment.objects.on(load.on).filter(
            source=load.source, role=Enrolment.As.STUDENT, person__in=gone[start : start + 2000]
        )
        _end_portion(load, ENROLMENTS, list(rows))
    load.changes.finish(Enrolment)


def _without_guards(load: Load, rows: list[Any]) -> list[Any]:
    """Roles without those of guardians who still have a child here, as somebody else's file told."""
    people = [row.person_id for row in rows if row.role == RoleName.GUARDIAN]
    if not people:
        return rows
    still = Guardianship.objects.on(load.on).filter(guardian__in=people, relationship__in=Guardianship.PARENTS)
    guards = {guard for pk, guard in still.values_list("pk", "guardian_id") if pk not in load.ended_guardianships}
    return [row for row in rows if row.role != RoleName.GUARDIAN or row.person_id not in guards]


def _end_unlisted_of_owners(load: Load, what: Dated) -> None:
    """A delta lists all roles and guardians of the persons whose rows it holds; none for those it takes back."""
    sql = f"""SELECT DISTINCT i.pk, p.modified FROM persons p JOIN id_persons i ON i.external = p.key WHERE p.key IN
        (SELECT owner FROM "{what.kind}" WHERE owner <> '') OR (p.gone = 1 AND 'roles' = '{what.kind}')"""  # noqa: S608
    for chunk in load.staging.chunks(sql):
        since = {pk: modified for pk, modified in chunk if pk not in load.older_people}
        about = {f"{what.about}__in": list(since)}
        rows = list(
            what.model.objects.filter(source=load.source, **about).filter(
                Q(last_day__isnull=True) | Q(last_day__gte=load.on)
            )
        )
        if what.model is Guardianship:
            rows = [row for row in rows if row.external.startswith(_AS_AGENT)]
        for row in rows:
            row.modified = max(row.modified, since[getattr(row, what.about)])
        _end_portion(load, what, rows)


def staged_guardians(load: Load) -> None:
    """XIII.B: whoever is parent or guardian of somebody here is a guardian of the district, listed as such or not.

    A link between a user and an agent is that of child and guardian where the user is a student; where the file
    tells of the two with what they are to each other, that counts.
    """
    db = load.staging.db
    db.execute(
        "DELETE FROM guardianships WHERE owner <> '' AND ((one IN (SELECT one FROM roles) AND one NOT IN "
        "(SELECT one FROM roles WHERE json_extract(vals, '$.role') = 'student')) "
        "OR substr(key, 7) IN (SELECT key FROM guardianships))"
    )
    db.execute(
        """INSERT OR IGNORE INTO roles SELECT g.two || '|guardian|',
        json_object('person', g.two, 'role', 'guardian', 'org', '', 'grade', '', 'first', NULL, 'last', NULL),
        g.two, '', g.file, g.line, '', 0, '', NULL FROM guardianships g WHERE g.gone = 0 AND g.one <> g.two
        AND coalesce(json_extract(g.vals, '$.relationship'), 'guardian') IN ('parent', 'guardian', 'acting_as_parent')
        AND g.two NOT IN (SELECT one FROM roles WHERE json_extract(vals, '$.role') = 'guardian') GROUP BY g.two"""
    )
