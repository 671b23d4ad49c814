"""What the house does by the clock: every app's `jobs.JOBS`, each in a thread of its own.

A job that fails or hangs never holds up another. Jobs that somebody waits for by the blink of an eye (publishing,
leases) have a process of their own, so that no sealing of papers takes the interpreter from them. Nothing is
remembered here that would be missed: each job finds in the records what is due, so the worker may be killed at any
moment. How every job is doing stands in HOMEROOM_HOME/run/worker.json, written anew each second.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import close_old_connections, connections
from django.utils import timezone

from homeroom.base.job import Job
from homeroom.doors import lock_file
from homeroom.doors.status import write_status
from homeroom.site import turns
from homeroom.site.supervise import end_with_parent

log = logging.getLogger(__name__)
PATIENCE = 6.0  # seconds that running jobs get at the end
SWITCH = 0.0005  # seconds a thread may keep the interpreter while another waits; publishing asks the records often
UNHURRIED = timedelta(minutes=5)  # jobs of this pace and slower take turns, so that those of a second are not held up
TURNS = 2  # how many of them at once
TURN = 60.0  # seconds after which a job keeps no other from its turn, for it may hang
SHORTEST_PAUSE = 0.05  # seconds between two starts of a job, however often it asks to run
HURRIED = timedelta(seconds=0.25)  # jobs of this pace and quicker have a process of their own
LESS = 5  # by how much all other jobs give way to these, to the doors and to the pages, where there is too much to do
BESIDE = "parts/hurried"  # what that process says of them, until the worker tells it with the others
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

    def __init__(
        self, jobs: Sequence[Job], home: Path, now: Clock = timezone.now, *, name: str = "worker", beside: str = ""
    ) -> None:
        self.jobs, self.home, self.now, self.name, self.beside = jobs, home, now, name, beside
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
        """Write run/worker.json, with what the process beside says of its jobs."""
        runs: dict[str, Any] = {name: asdict(run) for name, run in self.runs.items()}
        if self.beside:
            with suppress(OSError, ValueError, KeyError):
                told = (self.home / "run" / f"{self.beside}.json").read_text(encoding="utf-8")
                runs |= json.loads(told)["jobs"]
        write_status(self.home, self.name, {"jobs": runs}, self.now())

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
    jobs = discover()
    beside = _begin_beside([job for job in jobs if job.every <= HURRIED], place)
    os.nice(LESS)
    worker, asked = Worker([job for job in jobs if job.every > HURRIED], settings.HOME, beside=BESIDE), []
    watch = threading.Thread(target=_watch, args=(beside, worker.stop), daemon=True)
    watch.start()
    _until_told(worker, asked.append)
    _end_beside(beside, watch)
    place.close()
    if not asked:
        log.error("The process that publishes ended by itself, so the worker ends too; start it again.")
    return 0 if asked else 1


def _until_told(worker: Worker, tell: Callable[[int], object] = lambda number: None) -> None:
    def stop(number: int, _: object) -> None:
        tell(number)
        worker.stop.set()

    sys.setswitchinterval(SWITCH)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    worker.work()


def _begin_beside(jobs: Sequence[Job], place: IO[str]) -> int:
    """Start the process of the hurried jobs; it ends with this one, even where this one is killed."""
    connections.close_all()  # no connection may be used on both sides
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        place.close()  # the place is the parent's alone
        end_with_parent(signal.SIGKILL, parent)
        _until_told(Worker(jobs, settings.HOME, name=BESIDE))  # Ctrl-C reaches both
        code = 0
    finally:
        os._exit(code)


def _watch(child: int, stop: threading.Event) -> None:
    os.waitpid(child, 0)
    stop.set()


def _end_beside(child: int, watch: threading.Thread) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        if watch.is_alive():
            with suppress(ProcessLookupError):
                os.kill(child, number)
            watch.join(PATIENCE)


def _take_place(home: Path) -> IO[str]:
    folder = home / "run"
    folder.mkdir(mode=0o700, exist_ok=True)
    file = lock_file.hold(folder / "worker.lock")
    if file is None:
        raise AlreadyRunning(f"Another worker works for {home} already; one is enough.")
    return file
