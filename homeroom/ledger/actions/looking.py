"""What the ledger does: look."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from threading import Thread

from django.db import connections
from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.kernel.policytext.claims import Looked, Probe
from homeroom.ledger import catalogue
from homeroom.ledger.models import Observation

log = logging.getLogger(__name__)
GOOD_FOR = timedelta(hours=36)  # a nightly look, and half a day for a night that went wrong
KEPT_FOR = timedelta(days=400)  # a school year and a month


class TooSlow(Exception):
    """A probe did not answer in time."""


def look(*, actor: Actor, probe: str, at: datetime, within: float | None = None) -> Observation:
    """XVII.C: run one probe and keep what it saw; one that fails is kept as having seen nothing. Raises Refused.

    `within` are the seconds after which a probe that hangs counts as failed; it then has a thread of its own.
    """
    run = catalogue.probes().get(probe)
    if run is None:
        raise Refused(_("There is no probe “%(probe)s”; see “homeroom ledger --json”.") % {"probe": probe})
    row = Observation(probe=probe, at=at, good_until=at + GOOD_FOR)
    try:
        seen = run(at) if within is None else _in_time(run, at, within)
    except Exception as error:
        log.exception("The probe %s failed", probe)
        row.failed, row.good_until = f"{type(error).__name__}: {error}"[:500], at
    else:
        row.looked_at, row.broken, row.summary = seen.looked_at, seen.broken, seen.summary
    with journal.atomic():
        before = Observation.objects.filter(probe=probe).first()
        row.save()
        Observation.objects.filter(probe=probe, at__lt=at - KEPT_FOR).delete()
        if before is None or (bool(before.broken), bool(before.failed)) != (bool(row.broken), bool(row.failed)):
            journal.record(
                actor=actor, verb="ledger.probe.turned", subject=f"probe:{probe}", at=at,
                data={"looked_at": row.looked_at, "broken": row.broken, "failed": row.failed},
            )  # fmt: skip
    return row


def look_all(*, actor: Actor, probes: Iterable[str], at: datetime, within: float | None = None) -> list[Observation]:
    """Run several probes, one after the other."""
    return [look(actor=actor, probe=probe, at=at, within=within) for probe in probes]


def _in_time(run: Probe, at: datetime, within: float) -> Looked:
    """What a probe saw; raises TooSlow. Whoever hangs is left behind in a thread that ends with the process."""
    told: list[Looked | Exception] = []

    def work() -> None:
        try:
            told.append(run(at))
        except Exception as error:
            told.append(error)
        finally:
            connections.close_all()

    thread = Thread(target=work, daemon=True)
    thread.start()
    thread.join(within)
    if not told:
        raise TooSlow(f"It did not answer within {within:g} seconds.")
    if isinstance(told[0], Exception):
        raise told[0]
    return told[0]
