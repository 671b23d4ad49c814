"""The only way into the journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connections, transaction

from homeroom.base.actor import Actor
from homeroom.journal import chain
from homeroom.journal.models import Entry

DATABASE = "default"
LOCK = 524_000_001  # the advisory lock behind which PostgreSQL's writers queue


class OutsideTransaction(RuntimeError):
    """An act was recorded outside the transaction that does it."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act about to be recorded, for `record_all`."""

    verb: str
    subject: str
    clause: str = ""
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


def record(
    *,
    actor: Actor,
    verb: str,
    subject: str,
    at: datetime,
    clause: str = "",
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> Entry:
    """Append one act, inside the caller's transaction and as its last step.

    `verb` as "app.thing.done", `subject` as "kind:id", `data` plain values (text, numbers, days,
    lists, mappings). Raises OutsideTransaction where no transaction is open, chain.NotPlain for
    data that cannot be kept.
    """
    act = Act(verb=verb, subject=subject, clause=clause, reason=reason, data=data or {})
    return record_all(actor=actor, acts=(act,), at=at)[0]


def record_all(*, actor: Actor, acts: Iterable[Act], at: datetime) -> list[Entry]:
    """Append many acts of one actor at one instant, in order; as `record`."""
    if at.tzinfo is None:
        raise ValueError("The journal keeps instants with their time zone; give one that has it.")
    id, previous = _head()
    entries = []
    for act in acts:
        id += 1
        entry = _entry(id, previous, actor, act, at)
        previous = entry.hash
        entries.append(entry)
    return Entry.objects.using(DATABASE).bulk_create(entries, batch_size=500)


def list_taken(*, actor: Actor, what: str, asked: Mapping[str, Any], at: datetime) -> None:
    """A list of people leaves the house as a file: who took it, and by what it was narrowed.

    Only the names of the filters are kept, never the words: they may be somebody's name, and nothing here is cleaned.
    """
    by = sorted(name for name, value in asked.items() if value and name not in ("format", "page"))
    with atomic():
        record(actor=actor, verb="journal.list.taken", subject=f"list:{what}", at=at, data={"by": by})


def _head() -> tuple[int, str]:
    """Take the writer's place, then read where the chain ends: nobody can append in between."""
    connection = connections[DATABASE]
    if not connection.in_atomic_block:
        raise OutsideTransaction("Open the transaction of the act (transaction.atomic) before it is recorded.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    last = Entry.objects.using(DATABASE).order_by("-id").values_list("id", "hash").first()
    return last or (0, chain.GENESIS)


def _entry(id: int, previous: str, actor: Actor, act: Act, at: datetime) -> Entry:
    if not actor.id:
        raise ValueError("An act without an actor cannot be recorded.")
    values: dict[str, Any] = {
        "id": id, "at": at, "actor": actor.id, "verb": act.verb, "subject": act.subject, "clause": act.clause,
        "reason": chain.plain(act.reason, "reason"), "data": chain.plain(act.data), "previous": previous,
    }  # fmt: skip
    return Entry(**values, hash=chain.digest(**values))


def atomic() -> transaction.Atomic:
    """The transaction of one action. On SQLite it is the only writer from its first moment (IMMEDIATE)."""
    return transaction.atomic(using=DATABASE)
