"""What the house does by the clock: every app's `jobs.JOBS`, each in a thread of its own.

A job that fails or hangs never holds up another. Nothing is remembered here that would be
missed: each job finds in the records what is due, so the worker may be killed at any moment.
How every job is doing stands in HOMEROOM_HOME/run/worker.json, written anew each second.
"""

from __future__ import annotations

import fcntl
import logging
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from homeroom.base.job import Job
from homeroom.doors.status import write_status
from homeroom.site import turns

log = logging.getLogger(__name__)
PATIENCE = 6.0  # seconds that running jobs get at the end
SWITCH = 0.0005  # seconds a thread may keep the interpreter while another waits; publishing asks the records often
UNHURRIED = timedelta(minutes=5)  # jobs of this pace and slower take turns, so that those of a second are not held up
TURNS = 2  # how many of them at once
TURN = 60.0  # seconds after which a job keeps no other from its turn, for it may hang
SHORTEST_PAUSE = 0.05  # seconds between two starts of a job, however often it asks to run
Clock = Callable[[], datetime]


class AlreadyRunning(RuntimeError):
    """Another worker works for this home; the message says so."""


@dataclass(slots=True)
class Run:
    """How one job is doing. Instants are ISO 8601 text, "" for never; `failing_since` is "" while all is well."""

    job: str
    every: float
    started: str = ""
    ended: str = ""
    took: float = 0.0
    running: bool = False
    said: str = ""
    failing_since: str = ""
    why: str = ""
    failures: int = 0


def discover() -> list[Job]:
    """The jobs of all apps, in the order of the layers."""
    jobs: list[Job] = []
    for app in settings.HOMEROOM_APPS:
        if find_spec(f"{app}.jobs"):
            jobs += import_module(f"{app}.jobs").JOBS
    return jobs


def run_once(job: Job, run: Run, now: Clock = timezone.now) -> bool:
    """Run one job and note how it went; False where it failed. Never raises."""
    at, clock = now(), time.monotonic()
    run.started, run.running = at.isoformat(), True
    try:
        with turns.taken(job.name) as mine:
            said = job.run(at) if mine else None
    except Exception as error:
        _failed(run, error, at)
        return False
    else:
        run.failing_since = run.why = ""
        run.failures = 0
        if said:
            run.said = said
            log.info("%s: %s", job.name, said)
        return True
    finally:
        run.running, run.ended, run.took = False, now().isoformat(), round(time.monotonic() - clock, 3)


def _failed(run: Run, error: Exception, at: datetime) -> None:
    why = f"{type(error).__name__}: {error}"
    run.failures += 1
    run.failing_since = run.failing_since or at.isoformat()
    # A job that fails each second must not fill the disk with the same lines.
    if why != run.why or run.failures % 1000 == 0:
        log.error("%s failed (%d times in a row)", run.job, run.failures, exc_info=error)
    run.why = why


class Worker:
    """Runs jobs until it is told to stop."""

    def __init__(self, jobs: Sequence[Job], home: Path, now: Clock = timezone.now) -> None:
        self.jobs, self.home, self.now = jobs, home, now
        self.runs = {job.name: Run(job=job.name, every=job.every.total_seconds()) for job in jobs}
        self.stop = threading.Event()
        self._turns = threading.Semaphore(TURNS)

    def work(self) -> None:
        """Run every job at its pace, and tell each second how they do; returns once stopped."""
        threads = [threading.Thread(target=self._repeat, args=(job,), name=job.name, daemon=True) for job in self.jobs]
        for thread in threads:
            thread.start()
        while not self.stop.wait(1.0):
            self.tell()
        deadline = time.monotonic() + PATIENCE
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def tell(self) -> None:
        """Write run/worker.json."""
        runs: dict[str, Any] = {name: asdict(run) for name, run in self.runs.items()}
        write_status(self.home, "worker", {"jobs": runs}, self.now())

    def _repeat(self, job: Job) -> None:
        run = self.runs[job.name]
        pause = max(job.every.total_seconds(), SHORTEST_PAUSE)
        due = time.monotonic()
        while not self.stop.is_set():
            self._run(job, run)
            close_old_connections()
            # What was missed while the job ran long, or the machine slept, is not run again and again.
            due = max(due + pause, time.monotonic())
            self.stop.wait(due - time.monotonic())

    def _run(self, job: Job, run: Run) -> None:
        if job.every < UNHURRIED:
            run_once(job, run, self.now)
            return
        # However many wait, never more begin at once: a hundred looks together would hold up what people wait for.
        while not self._turns.acquire(timeout=1.0):
            if self.stop.is_set():
                return
        held = threading.Semaphore(1)  # taken by whoever gives the turn back first
        hangs = threading.Timer(TURN, self._give_back, (held,))
        hangs.daemon = True
        hangs.start()
        try:
            if not self.stop.is_set():
                run_once(job, run, self.now)
        finally:
            hangs.cancel()
            self._give_back(held)

    def _give_back(self, held: threading.Semaphore) -> None:
        if held.acquire(blocking=False):
            self._turns.release()


def main() -> int:
    """Work until SIGTERM or Ctrl-C. Raises AlreadyRunning where another worker has this home."""
    place = _take_place(settings.HOME)
    sys.setswitchinterval(SWITCH)
    worker = Worker(discover(), settings.HOME)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop.set())
    worker.work()
    place.close()
    return 0


def _take_place(home: Path) -> IO[str]:
    folder = home / "run"
    folder.mkdir(mode=0o700, exist_ok=True)
    file = (folder / "worker.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise AlreadyRunning(f"Another worker works for {home} already; one is enough.") from None
    return file
