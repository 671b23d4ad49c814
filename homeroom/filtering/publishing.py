"""From the database to the bundle that doors serve.

Rules, choices and people are published as parts of a bundle. An action publishes right after its commit; the
worker looks twice a second whether anything was missed (a crash in between), so the doors always come to say
what the records say.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from homeroom.access import leases, roll, touched, touched_ways
from homeroom.base.words import counted
from homeroom.doors import bundle_file, environment, lease_file
from homeroom.filtering import tables
from homeroom.filtering.models import BuildRun, LocalRule, Outcome, Published
from homeroom.filtering.queries import choices
from homeroom.journal import queries as journal
from homeroom.kernel.decision.overlay import Rule
from homeroom.people import queries as people

ANEW = timedelta(seconds=20)  # after which leases are worked out anew where roles or ranges may have changed
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
SMALL = ("policy", "overlay")  # what this app alone decides; cheap to make
ALL = ("policy", "overlay", "roll")
TOGETHER = timedelta(seconds=1)  # in which what arrives and comes back is published once
PORTION = 200  # people read at once for a whole roll
MOST_CHANGES = 2000  # people who read otherwise than the roll in force says, before it is made anew


def after_commit(at: datetime) -> None:
    """Publish policy and overlay as soon as the transaction is through.

    A failure there (a full disk) is logged and healed by the worker; the act itself is done.
    """
    transaction.on_commit(lambda: _quietly(at), robust=True)


def publish(
    at: datetime, *, parts: Sequence[str] = ALL, laid: Mapping[str, str] | None = None,
    changes: Mapping[str, Any] | None = None, ways: Mapping[str, Any] | None = None,
) -> str:  # fmt: skip
    """Publish the named parts as the database has them now, with the last table built; returns the bundle's id.

    `laid` is a whole roll that was written already, `changes` are rows of people that count before those of the roll
    in force (access.roll.changed), `ways` what changed since it (access.touched_ways).

    The very first bundle has all parts, whoever asks for it.
    """
    home = environment.home()
    with _one_at_a_time():
        # The journal is read before the rows: the parts may know more than the number says, never less.
        number = journal.head().id
        values: dict[str, Any] = {}
        if not bundle_file.current_id(home):
            parts = ALL
        if "policy" in parts:
            values["policy"] = choices.policy_part()
        if "overlay" in parts:
            values["overlay"] = overlay_part(at)
        if "roll" in parts and laid is None:
            values["roll"] = roll_part(at)
        elif changes is not None:
            values |= {"changes": changes, "ways": ways, "laid": laid}
        bundle = bundle_file.publish(home, at=at, journal=number, rules=_built(), **values)
        _remember(bundle, at)
    return bundle


@dataclass(slots=True)
class Seen:
    """What a worker last found published: the number of the journal's last act, the day, the bundle, when it looked.

    `roll` is the whole roll last made, `rows` what it says of each person, as hashes; `changes` are the rows of people
    who read otherwise since, `ways` the addresses, tokens and logins that are other since.
    """

    journal: int = -1
    day: date = date.min
    bundle: str = ""
    at: datetime = LONG_AGO
    roll: str = ""
    rows: dict[str, int] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    ways: touched_ways.Ways = field(default_factory=dict)

    def otherwise(self, rows: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
        """Those of some rows that the doors do not read yet."""
        new = bundle_file.hashed(rows)
        return {
            id: row
            for id, row in rows.items()
            if (row != self.changes[id] if id in self.changes else new[id] != self.rows.get(id))
        }

    def take(self, day: date) -> bool:
        """Add what acts since the last look changed; False where the whole roll must be made anew.

        The number of the last act is read before the rows, so that none is passed over.
        """
        head = journal.head().id
        people_ = touched.since(self.journal, day)
        ways = None if people_ is None else touched_ways.since(self.journal, people_)
        if people_ is None or ways is None or len(self.changes) + len(people_) > MOST_CHANGES:
            return False
        self.changes |= self.otherwise(roll.changed(day, sorted(people_))) if people_ else {}
        self.ways = touched_ways.merged(self.ways, ways)
        self.journal = head
        return True


def catch_up(at: datetime, seen: Seen) -> str | None:
    """Publish whatever the records say and the doors do not; None where nothing was missing.

    Cheap where nothing happened: the number of the journal's last act, the day and the pointer are compared.
    A crash between a commit and its publication is healed here, as is the change of the day (standing).
    What is only about letters is published by the second, many letters at once; what waits is not noted as seen.
    """
    head, day = journal.head().id, people.today(at)
    bundle = bundle_file.current_id(environment.home())
    if (head, day, bundle) == (seen.journal, seen.day, seen.bundle):
        return None
    same = (day, bundle) == (seen.day, seen.bundle)
    if same and timedelta() <= at - seen.at < TOGETHER and touched.only_letters(seen.journal):
        return None
    # A roll that another process made is made anew: what it says of whom is not known here.
    if day == seen.day and (same or _roll_of(bundle) == seen.roll):
        now = _what_changed(at, seen, bundle if same else "")
    else:
        now = _all_anew(at, seen)
    seen.day, seen.bundle, seen.at = day, now, at
    if _roll_of(now) != seen.roll:
        seen.bundle = ""  # another process made a roll at this moment: the next look sees it
    return None if now == bundle else f"Published bundle {now}."


def _what_changed(at: datetime, seen: Seen, same: str = "") -> str:
    """Publish the people and ways that acts since the last look changed; with `same`, the bundle in force then."""
    told = _small(at, seen, people.today(at), same)
    return _all_anew(at, seen) if told is None else told


def _small(at: datetime, seen: Seen, day: date, same: str) -> str | None:
    """The bundle with what changed; None where the whole roll must be made anew."""
    before, last = (dict(seen.changes), seen.ways), seen.journal
    if not seen.take(day):
        return None
    if same and before == (seen.changes, seen.ways) and touched.only_papers(last):
        return same
    return publish(at, parts=SMALL, changes=seen.changes, ways=seen.ways)


def _all_anew(at: datetime, seen: Seen) -> str:
    """Publish everything, and remember what the roll says of whom.

    People are read in portions, and between two of them goes out what happened meanwhile: nobody who signs at the
    turn of the day, or while a roster is taken in, waits for a whole district.
    """
    begun, day = journal.head().id, people.today(at)
    seen.day = date.min  # where this fails, the next look begins it again
    _take_up(seen, begun)
    persons, hashes = dict[str, Any](), dict[str, int]()
    everybody = roll.everybody()
    for start in range(0, len(everybody), PORTION):
        rows = roll.changed(day, everybody[start : start + PORTION])
        hashes |= bundle_file.hashed(rows)
        persons |= rows
        _meanwhile(at, seen, day)
    laid = _laid({"persons": persons, **roll.ways()}, lambda: _meanwhile(at, seen, day))
    seen.roll, seen.rows, seen.changes, seen.ways, seen.journal = laid["roll"], hashes, {}, {}, begun
    # To whom something happened since they were read is laid over it; where it was to all, the next look begins anew.
    seen.take(day)
    return publish(at, parts=SMALL, laid=laid, changes=seen.changes, ways=seen.ways)


def _laid(whole: Mapping[str, Any], meanwhile: Callable[[], None]) -> dict[str, str]:
    """Write a whole roll, and do something else again and again until it is there."""
    with ThreadPoolExecutor(1) as aside:
        writing = aside.submit(bundle_file.lay_down, environment.home(), whole)
        while not wait([writing], timeout=0.05).done:
            meanwhile()
    return writing.result()


def _take_up(seen: Seen, begun: int) -> None:
    """Know what the doors read now, also where another process published it, so that changes can be laid over it."""
    home = environment.home()
    seen.journal = begun
    with suppress(bundle_file.BadBundle):
        name = bundle_file.current_id(home)
        said = bundle_file.manifest(home, name) if name else {}
        if said and said["roll"] and said["roll"] != seen.roll:
            seen.rows = bundle_file.hashed(bundle_file.part(home, said["roll"])["persons"])
            seen.changes, seen.ways = bundle_file.changes_of(home, str(said.get("changes") or ""))
            seen.roll = said["roll"]


def _meanwhile(at: datetime, seen: Seen, day: date) -> None:
    """Publish what happened since the last look over the roll in force, where that is the known one."""
    bundle = bundle_file.current_id(environment.home())
    if journal.head().id != seen.journal and bundle and _roll_of(bundle) == seen.roll:
        _small(at, seen, day, bundle)


def _roll_of(bundle: str) -> str:
    """The name of a bundle's roll; "" where its manifest cannot be read."""
    with suppress(bundle_file.BadBundle):
        return str(bundle_file.manifest(environment.home(), bundle)["roll"])
    return ""


@dataclass(slots=True)
class SeenLeases:
    """What a worker last found of leases: their mark, and how far the journal was when all were worked out."""

    mark: tuple[int, int] = (-1, -1)
    day: date = date.min
    journal: int = -1
    whole: datetime = LONG_AGO
    live: leases.Live = field(default_factory=leases.Live)


def leases_catch_up(at: datetime, seen: SeenLeases) -> str | None:
    """V.A.7.4: tell the doors who is behind which address, as soon as a lease begins or ends."""
    mark, day = leases.mark(), people.today(at)
    anew = day != seen.day or (abs(at - seen.whole) > ANEW and journal.head().id != seen.journal)
    if mark == seen.mark and not anew:
        return None
    if anew:
        seen.journal, seen.whole = journal.head().id, at
    lines = seen.live.lines(day, anew=anew)
    changed = lease_file.publish(environment.home(), lines, at)
    seen.mark, seen.day = mark, day
    return f"{counted(len(lines), 'lease')} in force." if changed else None


def overlay_part(at: datetime) -> list[dict[str, Any]]:
    """The rows of the overlay: every rule that counts now or will."""
    return [as_row(rule).as_json() for rule in rules_for(at)]


def rules_for(at: datetime) -> QuerySet[LocalRule]:
    """The rules that an overlay made at that instant holds, in a fixed order."""
    return LocalRule.objects.not_over(at).order_by("pk")


def roll_part(at: datetime) -> dict[str, Any]:
    """Who is behind which address, token or login, as `access` knows."""
    return roll.roll_part(people.today(at))


def as_row(rule: LocalRule) -> Rule:
    """A local rule as the overlay holds it."""
    return Rule(
        id=str(rule.pk),
        effect=rule.effect,
        host=rule.host,
        scope=rule.scope,
        path=rule.path,
        exact=rule.exact,
        categories=frozenset(map(tables.now, rule.categories)),
        owner=rule.owner_name,
        reason=rule.reason,
        review=rule.review_on.isoformat() if rule.review_on else "",
        starts=rule.starts,
        until=rule.until,
        asked_by_self=rule.asked_by_self,
        limited=rule.limited,
    )


def _built() -> str | None:
    """The table of the last build that went well ("": no lists); None keeps what is in force.

    That is so before the first build, and where the table's file is no longer there.
    """
    name = BuildRun.objects.filter(outcome=Outcome.DONE).values_list("table", flat=True).first()
    lost = name and not (environment.home() / "bundles" / name).exists()
    return None if lost else name


def _quietly(at: datetime) -> None:
    publish(at, parts=SMALL)


def _remember(bundle: str, at: datetime) -> None:
    """Keep which bundle was in force from when on; the last row may be missing after a crash."""
    last = Published.objects.first()
    if last and last.bundle == bundle:
        return
    said = bundle_file.manifest(environment.home(), bundle)
    Published.objects.create(
        bundle=bundle,
        at=datetime.fromisoformat(said["born"]),
        journal=said["journal"],
        **{part: said.get(part, "") for part in bundle_file.PARTS},
    )


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """One publisher reads and writes at a time, so that an older reading never replaces a newer one."""
    folder = environment.home() / "run"
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / "publish.lock").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
