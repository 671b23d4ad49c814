"""The viewpoint guard: load controls, make a report."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.filtering import guard, typed
from homeroom.filtering.models import ViewpointControl, ViewpointReport
from homeroom.filtering.queries import builds
from homeroom.journal import actions as journal

PAIRS = ["topic", "side_a", "side_b"]
LONGEST_FILE = 4_000_000  # bytes


def load_controls(
    *,
    actor: Actor,
    at: datetime,
    pairs: Iterable[tuple[str, str, str]] = (),
    names: Iterable[tuple[str, str]] = (),
) -> int:
    """VI.Alt3.C: add pairs (topic, side a, side b) and names not to block (host, why); returns how many are new."""
    rows = [(topic.strip(), _host(one), _host(other)) for topic, one, other in pairs]
    rows += [(why.strip(), _host(host), "") for host, why in names]
    with journal.atomic():
        known = set(ViewpointControl.objects.filter(ended_at=None).values_list("topic", "host", "counterpart"))
        fresh = [row for row in dict.fromkeys(rows) if row not in known]
        ViewpointControl.objects.bulk_create(
            ViewpointControl(topic=topic, host=host, counterpart=other, loaded_at=at, loaded_by=actor.id)
            for topic, host, other in fresh
        )
        journal.record(
            actor=actor, verb="filtering.viewpoint.controls-loaded", subject="viewpoint:controls", at=at,
            clause="VI.Alt3.C", data={"new": len(fresh), "given": len(rows)},
        )  # fmt: skip
    return len(fresh)


def load_file(*, actor: Actor, path: Path, at: datetime) -> int:
    """VI.Alt3.C: add the controls of a CSV file: topic,side_a,side_b (pairs) or host,why (names not to block)."""
    if path.stat().st_size > LONGEST_FILE:
        raise Refused(
            _("%(path)s is larger than any list of controls; check that it is the right file.") % {"path": path}
        )
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head, *rows = [row for row in csv.reader(file) if row]
    except (ValueError, csv.Error):
        raise Refused(_("%(path)s is no CSV file in UTF-8 with a head line.") % {"path": path}) from None
    width = len(PAIRS) if head == PAIRS else 2
    odd = next((number for number, row in enumerate(rows, 2) if len(row) != width), None)
    if odd or (head != PAIRS and head[0] != "host"):
        where = _("line %(number)s") % {"number": odd} if odd else _("the head line")
        raise Refused(_("%(path)s, %(where)s: write topic,side_a,side_b or host,why.") % {"path": path, "where": where})
    if head == PAIRS:
        return load_controls(actor=actor, at=at, pairs=[(row[0], row[1], row[2]) for row in rows])
    return load_controls(actor=actor, at=at, names=[(row[0], row[1]) for row in rows])


def report(*, actor: Actor, at: datetime) -> ViewpointReport:
    """VI.Alt3.C: hold all controls against the lists now live, and keep the result."""
    found, table = guard.look_at_live(at)
    build = builds.last_build()
    lists = [(name, label) for name, label in build.lists] if build else []
    with journal.atomic():
        row = guard.keep(found, actor=actor, at=at, table=table, lists=lists)
        journal.record(
            actor=actor, verb="filtering.viewpoint.reported", subject=f"viewpoint:{row.pk}", at=at, clause="VI.Alt3.C",
            data={"asymmetries": row.asymmetries, "hits": row.hits, "fresh": row.fresh},
        )  # fmt: skip
    return row


def _host(text: str) -> str:
    host, path = typed.target(text)
    if path:
        raise Refused(
            _("“%(text)s” is a page; controls are whole names such as %(host)s.") % {"text": text, "host": host}
        )
    return host
