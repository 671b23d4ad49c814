"""XIV.A: take in an inventory: look first, then load it whole or not at all; the same file twice changes nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from homeroom.base.actor import Actor
from homeroom.devices.models import IssuedResource, Loan
from homeroom.journal import actions as journal
from homeroom.kernel.devices import inventory
from homeroom.kernel.devices.documents import Problem
from homeroom.people import queries as people
from homeroom.people.models import Person, Role, School

BATCH = 500
FIELDS = ("kind", "title", "tag", "serial", "school_id", "source", "external", "said_user", "retired_at", "retired_why")
BY_CONSOLE = "The console retired it."


@dataclass(slots=True)
class Report:
    """What a file would change or did: `differs` are devices with another holder here than in the file."""

    file: str
    format: str
    loaded: bool = False
    rows: int = 0
    added: int = 0
    changed: int = 0
    same: int = 0
    retired: int = 0
    lent: int = 0
    differs: list[str] = field(default_factory=list)
    unknown_people: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        told = {name: getattr(self, name) for name in self.__slots__}
        return {**told, "problems": [{"file": self.file, **asdict(each)} for each in self.problems]}


def take_in_inventory(
    *, actor: Actor, data: bytes, file: str, at: datetime, format: str = "", load: bool = True
) -> Report:
    """XIV.A: take a file in as a whole; with `load` False, say what it would change and write nothing.

    Nothing is taken in where anything in it is wrong: the report then has problems and is not loaded.
    """
    with journal.atomic():
        plan = _Plan(data, file, format, at)
        report = plan.report
        if report.problems or not load:
            return report
        plan.write(actor, at)
        report.loaded = True
        if report.added or report.changed or report.retired or report.lent:
            journal.record(
                actor=actor, verb="devices.inventory.loaded", subject=f"inventory:{report.format}", at=at,
                clause="XIV.A",
                data={"file": file, "added": report.added, "changed": report.changed, "lent": report.lent},
            )  # fmt: skip
    return report


class _Plan:
    """What a file means for the records as they are."""

    def __init__(self, data: bytes, file: str, format: str, at: datetime) -> None:
        found = inventory.read(data, format)
        self.report = Report(file, found.format, rows=len(found.items), problems=found.problems)
        self.new: list[IssuedResource] = []
        self.changed: list[IssuedResource] = []
        self.retired: list[int] = []
        self.to_lend: list[tuple[IssuedResource, str]] = []
        rows = list(IssuedResource.objects.all())
        self.by_serial = {row.serial: row for row in rows if row.serial}
        self.by_tag = {row.tag: row for row in rows if row.tag}
        self.by_external = {(row.source, row.external): row for row in rows if row.external}
        self.schools = {name.lower(): id for id, name in School.objects.values_list("pk", "name")}
        self.schools |= {id.lower(): id for id in self.schools.values()}
        self.students, self.emails = self._students(at)
        self.holders = dict(Loan.objects.filter(returned_at__isnull=True).values_list("resource_id", "person_id"))
        for item in found.items:
            self._place(item, at)
        self.report.problems.sort(key=lambda each: each.line)

    def _students(self, at: datetime) -> tuple[set[str], dict[str, str]]:
        held = Role.objects.on(people.today(at)).filter(role="student").values("person_id")
        rows = Person.objects.filter(pk__in=held).values_list("pk", "email")
        return {id for id, _ in rows}, {email.lower(): id for id, email in rows if email}

    def _place(self, item: inventory.Item, at: datetime) -> None:
        row = self._known(item)
        if row is None and item.gone:
            return
        if item.gone and row is not None:
            if row.retired_at is None and row.pk not in self.holders:
                self.retired.append(row.pk)
                self.report.retired += 1
            return
        if row is not None and row.retired_at is not None and row.retired_why != BY_CONSOLE:
            self.report.same += 1  # somebody here retired it; no file gives it out again
            return
        values = self._values(item, row) | {"retired_at": None, "retired_why": ""}
        if row is None:
            row = IssuedResource(added_at=at, seen_at=at, **values)
            self.new.append(row)
            self.report.added += 1
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            self.changed.append(row)
            self.report.changed += 1
        else:
            self.report.same += 1
        self._holder(item, row)

    def _known(self, item: inventory.Item) -> IssuedResource | None:
        by_serial, by_tag = self.by_serial.get(item.serial), self.by_tag.get(item.tag)
        if by_serial and by_tag and by_serial is not by_tag:
            sentence = (
                f"The serial number belongs to one resource and the tag “{item.tag}” to another. Mend one of them."
            )
            self.report.problems.append(Problem(item.line, "tag", sentence))
        return by_serial or by_tag or self.by_external.get((self.report.format, item.external))

    def _values(self, item: inventory.Item, row: IssuedResource | None) -> dict[str, Any]:
        school = self.schools.get(item.school.lower())
        if item.school and school is None and self.report.format == "csv":
            sentence = f"No school is called “{item.school}”. Write its name or id as Homeroom has it."
            self.report.problems.append(Problem(item.line, "school", sentence))
        told = {"kind": item.kind, "title": item.title, "tag": item.tag, "serial": item.serial, "school_id": school,
                "source": self.report.format, "external": item.external, "said_user": item.person[:254]}  # fmt: skip
        # What a file does not say stays as it is.
        return told if row is None else {name: value or getattr(row, name) for name, value in told.items()}

    def _holder(self, item: inventory.Item, row: IssuedResource) -> None:
        if not item.person:
            return
        person = item.person if item.person in self.students else self.emails.get(item.person.lower())
        if person is None:
            self.report.unknown_people.append(item.person)
            return
        held = self.holders.get(row.pk)
        if held is None:
            self.to_lend.append((row, person))
            self.report.lent += 1
        elif held != person:
            self.report.differs.append(row.label)

    def write(self, actor: Actor, at: datetime) -> None:
        """Bring the records to what the file says."""
        IssuedResource.objects.bulk_create(self.new, batch_size=BATCH)
        IssuedResource.objects.bulk_update(self.changed, FIELDS, batch_size=BATCH)
        IssuedResource.objects.filter(pk__in=self.retired).update(retired_at=at, retired_why=BY_CONSOLE)
        Loan.objects.bulk_create(
            (
                Loan(resource_id=row.pk, person_id=person, lent_at=at, lent_by=actor.id, lent_by_name=actor.name)
                for row, person in self.to_lend
            ),
            batch_size=BATCH,
        )
