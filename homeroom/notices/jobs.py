"""What notices do by the clock."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from homeroom.base.actor import SYSTEM
from homeroom.base.errors import Refused
from homeroom.base.job import Job
from homeroom.base.words import counted
from homeroom.doors import environment
from homeroom.notices import mailbox
from homeroom.notices.actions import building, clocks, letters, purging, reconciling, reminding, returns, sending
from homeroom.notices.models import Notice
from homeroom.notices.queries import clocks as clock_queries
from homeroom.notices.queries.waiting import can_mail

BUDGET = 5.0  # seconds of sending after which others get their turn


def build(at: datetime) -> str | None:
    """Write the letters of what was released and is not whole yet, a portion at a time."""
    made = 0
    for notice in Notice.objects.filter(state="released", built_at__isnull=True).select_related("template", "clock"):
        made += building.build(at=at, notice=notice, portions=5)
    return f"{counted(made, 'letter was', 'letters were')} written." if made else None


def send(at: datetime) -> str | None:
    """XIII.C.0m: send letters by e-mail, batch after batch, while some are due and the server takes them."""
    if not can_mail():
        return None
    begun, sent, said = time.monotonic(), 0, ""
    while time.monotonic() - begun < BUDGET:
        batch = sending.send_batch(at=at)
        sent += batch.sent
        said = batch.sentence if batch.trouble else said
        if not batch.claimed or batch.trouble:
            break
    return said or (f"{counted(sent, 'letter')} went out by e-mail." if sent else None)


def settle(at: datetime) -> str | None:
    """E-mails that did not come back count as delivered after their time."""
    settled = 0
    while count := letters.settle(at=at):
        settled += count
    return f"{counted(settled, 'letter counts', 'letters count')} as delivered." if settled else None


def take_in_returns(at: datetime) -> str | None:
    """XIII.C.0m: read the mailbox of returns."""
    where = environment.text("HOMEROOM_MAIL_RETURNS")
    if not where:
        return None
    try:
        read, known = returns.take_in_all(raw=mailbox.messages(where), at=at)
    except Refused as refused:
        return str(refused)
    return f"{read} messages came back, {known} of them about letters of ours." if read else None


def reconcile(at: datetime) -> str | None:
    """Look for whoever was forgotten."""
    return reconciling.reconcile(at=at).sentence or None


def adopt(at: datetime) -> str | None:
    """XIV.D.1, XIII.C.0: clocks that nobody answers for get an owner as soon as there is one."""
    handed = clocks.adopt_clocks(at=at)
    for clock in handed:
        state = clock.state(at)
        if state in ("late", "warned"):  # the new owner was told of neither
            reminding.remind(actor=SYSTEM, clock=clock, happened=state, at=at)
    return f"{counted(len(handed), 'clock')} got somebody who answers for it." if handed else None


def tick(at: datetime) -> str | None:
    """XIV.D.1, XIII.C.0: warn before a clock runs out, and tell whom it concerns when it has."""
    said = {"warned": 0, "late": 0}
    for clock in clock_queries.due_for_a_look(at)[:500]:
        happened = clocks.look_at_clock(at=at, clock=clock)
        if happened:
            said[happened] += 1
            clock.refresh_from_db()
            reminding.remind(actor=SYSTEM, clock=clock, happened=happened, at=at)
    return f"{said['warned']} clocks warned, {said['late']} are late." if any(said.values()) else None


def purge(at: datetime) -> str | None:
    """XIV.B.3: let go of print files and of addresses in reports whose time is over."""
    runs, reports = purging.purge(at=at)
    said = f"Deleted {counted(runs, 'print file')}, struck out the addresses of {counted(reports, 'report')}."
    return said if runs or reports else None


JOBS = (
    Job(name="notices.clocks", every=timedelta(seconds=15), run=tick),
    Job(name="notices.build", every=timedelta(seconds=2), run=build),
    Job(name="notices.send", every=timedelta(seconds=2), run=send),
    Job(name="notices.settle", every=timedelta(minutes=1), run=settle),
    Job(name="notices.returns", every=timedelta(minutes=2), run=take_in_returns),
    Job(name="notices.reconcile", every=timedelta(minutes=10), run=reconcile),
    Job(name="notices.owners", every=timedelta(minutes=1), run=adopt),
    Job(name="notices.purge", every=timedelta(hours=1), run=purge),
)
