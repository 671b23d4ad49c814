"""The worker: every job at its pace, none in another's way, and safe to be killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from homeroom.base.job import Job
from homeroom.site import worker
from homeroom.site.worker import Run, Worker, run_once
from tests import child

AT = datetime(2026, 9, 14, 17, 0, tzinfo=UTC)


def job(run, name: str = "test.job", every: float = 0.05) -> Job:
    return Job(name=name, every=timedelta(seconds=every), run=run)


def fails(at: datetime) -> None:
    raise OSError(28, "No space left on device")


def test_a_job_is_given_the_instant_and_its_words_are_kept():
    seen = []
    run = Run(job="test.job", every=60)
    assert run_once(job(lambda at: seen.append(at) or "3 things done"), run, lambda: AT)
    assert seen == [AT]
    assert (run.said, run.started, run.running, run.failing_since) == ("3 things done", AT.isoformat(), False, "")


def test_a_failing_job_says_since_when_and_why_until_it_is_well_again():
    run = Run(job="test.job", every=60)
    later = AT + timedelta(minutes=5)
    assert not run_once(job(fails), run, lambda: AT)
    assert not run_once(job(fails), run, lambda: later)
    assert (run.failing_since, run.failures) == (AT.isoformat(), 2)
    assert "No space left" in run.why
    assert run_once(job(lambda at: None), run, lambda: later)
    assert (run.failing_since, run.why, run.failures) == ("", "", 0)


def test_a_job_that_fails_each_second_is_logged_once(caplog):
    run = Run(job="test.job", every=1)
    for _ in range(50):
        run_once(job(fails), run, lambda: AT)
    assert len([record for record in caplog.records if "failed" in record.message]) == 1


def test_a_failing_and_a_hanging_job_hold_up_no_other(tmp_path):
    hang, counts = threading.Event(), []
    jobs = [job(fails, "fails"), job(lambda at: hang.wait(30) and None, "hangs"), job(counts.append, "works")]
    work = Worker(jobs, tmp_path)
    thread = threading.Thread(target=work.work)
    thread.start()
    deadline = time.monotonic() + 30
    while len(counts) < 5 and time.monotonic() < deadline:
        time.sleep(0.02)
    work.tell()
    said = json.loads((tmp_path / "run" / "worker.json").read_text())["jobs"]
    hang.set()
    work.stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert len(counts) >= 5
    assert said["fails"]["failing_since"]
    assert said["hangs"]["running"] is True
    assert said["works"]["failing_since"] == ""


def test_unhurried_jobs_take_turns_and_a_hanging_one_stops_none_for_good(tmp_path, monkeypatch):
    monkeypatch.setattr(worker, "TURN", 0.3)
    hang, lock, now, most, done = threading.Event(), threading.Lock(), [0], [0], []

    def slow(at: datetime) -> None:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.02)
        with lock:
            now[0] -= 1
            done.append(at)

    hanging = [job(lambda at: hang.wait(30) and None, f"hangs {number}", 600) for number in range(worker.TURNS)]
    work = Worker([*hanging, *(job(slow, f"slow {number}", 600) for number in range(8))], tmp_path)
    thread = threading.Thread(target=work.work)
    thread.start()
    deadline = time.monotonic() + 60
    while len(done) < 8 and time.monotonic() < deadline:
        time.sleep(0.02)
    hang.set()
    work.stop.set()
    thread.join()
    assert len(done) == 8

    most[0], free = 0, Worker([job(slow, f"slow {number}", 600) for number in range(8)], tmp_path)
    threads = [threading.Thread(target=free._run, args=(row, free.runs[row.name])) for row in free.jobs]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert most[0] <= worker.TURNS


def test_what_was_missed_is_not_run_again_and_again(tmp_path):
    starts = []

    def slow(at: datetime) -> None:
        starts.append(time.monotonic())
        if len(starts) == 1:
            time.sleep(0.5)

    work = Worker([job(slow, every=0.1)], tmp_path)
    thread = threading.Thread(target=work.work)
    begun = time.monotonic()
    thread.start()
    time.sleep(0.95)
    while len(starts) < 2 and time.monotonic() < begun + 30:
        time.sleep(0.05)
    work.stop.set()
    thread.join(30)
    assert 2 <= len(starts) <= (time.monotonic() - begun - 0.5) / 0.1 + 1.5


def test_a_full_disk_under_the_status_stops_nothing(tmp_path, monkeypatch):
    work = Worker([], tmp_path / "missing" / "folder")
    work.tell()


@pytest.mark.django_db(databases=["default", "activity"])
def test_every_job_of_every_app_runs_in_an_empty_house():
    jobs = worker.discover()
    names = [each.name for each in jobs]
    assert "journal.remember-head" in names
    assert len(names) == len(set(names)), "two jobs of one name would share their status"
    for each in jobs:
        run = Run(job=each.name, every=1)
        assert run_once(each, run), f"{each.name}: {run.why}"


def start(home, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "homeroom.site.cli", *words], env=child.environment(home),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def wait_for(condition, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def test_one_worker_to_a_home_and_another_after_it_is_killed(tmp_path):
    status = tmp_path / "run" / "worker.json"
    first = start(tmp_path, "worker")
    try:
        wait_for(status.exists)
        second = start(tmp_path, "worker")
        _, complaint = second.communicate(timeout=30)
        assert second.returncode == 2
        assert "Another worker" in complaint
        first.send_signal(signal.SIGKILL)
        first.wait(10)
        status.unlink()
        third = start(tmp_path, "worker")
        wait_for(status.exists)
        third.send_signal(signal.SIGTERM)
        _, said = third.communicate(timeout=20)
        assert third.returncode == 0, said
    finally:
        first.kill()
        first.communicate()


def test_hurried_jobs_have_a_process_of_their_own_that_ends_with_the_worker(tmp_path):
    status, beside = tmp_path / "run" / "worker.json", tmp_path / "run" / "parts" / "hurried.json"

    def told(path):
        return json.loads(path.read_text()) if path.exists() else {"jobs": {}}

    running = start(tmp_path, "worker")
    try:
        wait_for(lambda: "filtering.publish" in told(status)["jobs"] and "agreements.seal" in told(status)["jobs"])
        hurried = told(beside)
        assert hurried["pid"] != running.pid == told(status)["pid"]
        assert set(hurried["jobs"]) == {"access.leases", "filtering.publish", "filtering.leases"}
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 0
        wait_for(lambda: not Path(f"/proc/{hurried['pid']}").exists())
    finally:
        running.kill()
        running.communicate()


def test_a_worker_whose_other_half_is_killed_ends_so_that_it_is_started_again(tmp_path):
    beside = tmp_path / "run" / "parts" / "hurried.json"
    running = start(tmp_path, "worker")
    try:
        wait_for(beside.exists)
        os.kill(json.loads(beside.read_text())["pid"], signal.SIGKILL)
        assert running.wait(20) == 1
    finally:
        running.kill()
        running.communicate()
