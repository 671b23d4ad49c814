"""All records as lines of JSON, the same from either kind of database: for backups and for moving house.

    {"format": 1, "migrations": {...}}          first
    {"table": "people_person", "rows": [...]}   then every table, in portions
    {"digests": {"people_person": [n, sha256]}} last, so that a file that was cut off is known as such

Values are those of the model's fields, not of the database, so what SQLite and PostgreSQL keep in different ways
is written in one. Rows go in with every trigger in force: a journal that was changed on the way is refused.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, TextIO

from django.apps import apps
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections, models, router, transaction
from django.db.migrations.recorder import MigrationRecorder

PORTION = 500
FORMAT = 1


class BadRecords(Exception):
    """Records that cannot be taken over; the message says why and what to do."""


Digests = dict[str, tuple[int, str]]


def dump(out: TextIO) -> Digests:
    """Write all records as they stand at one moment; returns count and hash of every table."""
    digests: Digests = {}
    with _one_moment():
        _line(out, {"format": FORMAT, "migrations": _migrations()})
        for model in tables():
            digests[model._meta.db_table] = _dump(model, out)
        _line(out, {"digests": digests})
    return digests


def load(lines: Iterable[str]) -> Digests:
    """Take records into empty tables; returns count and hash as they are there now. Raises BadRecords.

    All or nothing for each database; only an installation without records is filled.
    """
    reading = iter(lines)
    _refuse_other(_read(next(reading, "")))
    filled = [model._meta.verbose_name_plural for model in tables() if _own(model) and _manager(model).exists()]
    if filled:
        raise BadRecords(f"There are records here already ({filled[0]}); restore into an empty home and database.")
    by_table = {model._meta.db_table: model for model in tables()}
    wanted = None
    with transaction.atomic(using="default"), transaction.atomic(using="activity"):
        for model in reversed(tables()):
            if not _own(model):
                _manager(model).all().delete()  # rows that a migration made; those of the records take their place
        for line in reading:
            said = _read(line)
            if "digests" in said:
                wanted = {name: tuple(each) for name, each in said["digests"].items()}
                break
            _insert(by_table[said["table"]], said["rows"])
        if wanted is None:
            raise BadRecords("The records end too early; the file was cut off. Take another backup.")
        found = digests()
        wrong = sorted(name for name in wanted if wanted[name] != found.get(name))
        if wrong:
            raise BadRecords(f"The records of {', '.join(wrong)} are not what was written; nothing was taken over.")
    _reset_numbers()
    return found


def digests() -> Digests:
    """Count and hash of every table as it is now."""
    return {model._meta.db_table: _digest(model) for model in tables()}


def tables() -> list[type[models.Model]]:
    """Every table that holds records, in a fixed order."""
    found = [each for each in apps.get_models(include_auto_created=True) if each._meta.managed and not each._meta.proxy]
    return sorted(found, key=lambda model: model._meta.db_table)


def _dump(model: type[models.Model], out: TextIO) -> tuple[int, str]:
    count, digest = 0, hashlib.sha256()
    for rows in _portions(model):
        _line(out, {"table": model._meta.db_table, "rows": rows})
        count += _add(digest, rows)
    return count, digest.hexdigest()


def _digest(model: type[models.Model]) -> tuple[int, str]:
    count, digest = 0, hashlib.sha256()
    for rows in _portions(model):
        count += _add(digest, rows)
    return count, digest.hexdigest()


def _add(digest: Any, rows: list[list[Any]]) -> int:
    for row in rows:
        digest.update(_json(row).encode() + b"\n")
    return len(rows)


def _portions(model: type[models.Model]) -> Iterator[list[list[Any]]]:
    fields = model._meta.concrete_fields
    rows: list[list[Any]] = []
    names = [field.attname for field in fields]
    for values in _manager(model).order_by("pk").values_list(*names).iterator(2000):
        rows.append([_plain(value) for value in values])
        if len(rows) >= PORTION:
            yield rows
            rows = []
    if rows:
        yield rows


def _plain(value: Any) -> Any:
    if isinstance(value, (bytes, memoryview)):
        return {"base64": base64.b64encode(bytes(value)).decode()}
    return str(value.normalize()) if isinstance(value, Decimal) else value


def _insert(model: type[models.Model], rows: list[list[Any]]) -> None:
    connection = connections[router.db_for_write(model)]
    fields = model._meta.concrete_fields
    quote = connection.ops.quote_name
    places = ", ".join(["%s"] * len(fields))
    columns = ", ".join(quote(field.column) for field in fields)
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608
    values = [
        [field.get_db_prep_save(_value(field, each), connection) for field, each in zip(fields, row, strict=True)]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


def _value(field: Any, value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"base64"} and field.get_internal_type() == "BinaryField":
        return base64.b64decode(value["base64"])
    if value is None or isinstance(field, models.JSONField):
        return value
    return (field.target_field if isinstance(field, models.ForeignKey) else field).to_python(value)


def _own(model: type[models.Model]) -> bool:
    """Whether only people's acts fill a table; the others are filled by migrations too."""
    return model._meta.app_label not in ("contenttypes", "auth") and not _seeded(model)


def _seeded(model: type[models.Model]) -> bool:
    return model._meta.db_table in ("activity_purgeclock",)


def _manager(model: type[models.Model]) -> Any:
    return model._base_manager.using(router.db_for_read(model))


def _migrations() -> dict[str, list[str]]:
    return {
        alias: sorted(f"{app}.{name}" for app, name in MigrationRecorder(connections[alias]).applied_migrations())
        for alias in ("default", "activity")
    }


def _refuse_other(said: dict[str, Any]) -> None:
    if said.get("format") != FORMAT:
        raise BadRecords("This file does not hold records of Homeroom, or those of a newer version.")
    if said["migrations"] != _migrations():
        raise BadRecords(
            "The records are of another version of Homeroom. Install that version, restore there, then upgrade."
        )


def _one_moment() -> transaction.Atomic:
    """A reading in which nothing changes: SQLite's snapshot, or REPEATABLE READ."""
    block = transaction.atomic(using="default")
    connection = connections["default"]
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    return block


def _reset_numbers() -> None:
    for alias in ("default", "activity"):
        here = [model for model in tables() if router.db_for_write(model) == alias]
        with connections[alias].cursor() as cursor:
            for statement in connections[alias].ops.sequence_reset_sql(no_style(), here):
                cursor.execute(statement)


def _line(out: TextIO, value: object) -> None:
    out.write(_json(value) + "\n")


def _json(value: object) -> str:
    return json.dumps(value, cls=_Exact, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


class _Exact(DjangoJSONEncoder):
    """Instants to the microsecond, in one spelling."""

    def default(self, o: Any) -> Any:
        """One value; DjangoJSONEncoder cuts instants at milliseconds."""
        if hasattr(o, "isoformat"):
            text = o.isoformat()
            return text.replace("+00:00", "Z") if text.endswith("+00:00") else text
        return super().default(o)


def _read(line: str) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except ValueError:
        raise BadRecords("A line of the records cannot be read; the file is damaged or cut off.") from None
    return dict(said)
