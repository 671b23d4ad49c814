"""Backups that were tried: restored into an empty home, on SQLite and on PostgreSQL, and compared row for row."""

from __future__ import annotations

import errno
import gzip
import io
import json
import socket
import subprocess
import sys
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from homeroom.activity.models import BlockedRequest
from homeroom.base.router import ACTIVITY
from homeroom.doors.status import write_status
from homeroom.people.models import Person
from homeroom.site import keeping, moving
from tests import child, postgresql
from tests.ports import free_port

pytestmark = [pytest.mark.django_db(databases=["default", "activity"]), pytest.mark.timeout(300)]
needs_postgresql = pytest.mark.skipif(not postgresql.available(), reason="PostgreSQL is not installed")
AT = int(datetime(2026, 11, 3, 15, 0, tzinfo=UTC).timestamp())


def homeroom(home: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "homeroom.site.cli", *words]
    return subprocess.run(command, env=child.environment(home, **environment), capture_output=True, text=True)


@pytest.fixture
def backup(town, tmp_path) -> tuple[Path, moving.Digests]:
    BlockedRequest.objects.using(ACTIVITY).create(
        at=AT, n=2, alias="a1b2", host="games.test", line=7, kind="district", category="games", door="dns"
    )
    old = tmp_path / "old"
    (old / "keys").mkdir(parents=True)
    (old / "keys" / "pseudonym.key").write_bytes(b"k" * 32)
    (old / "run").mkdir()
    (old / "run" / "dns.json").write_text("{}")
    return tmp_path / "b.tar.gz", keeping.backup(old, tmp_path / "b.tar.gz")


def test_a_restored_installation_has_the_same_rows_and_its_journal_verifies(backup, tmp_path):
    file, digests = backup
    assert digests["people_person"][0] > 10 and digests["journal_entry"][0] > 3
    new = tmp_path / "new"
    done = homeroom(new, "restore", str(file), "--json")
    assert done.returncode == 0, done.stderr
    assert {name: tuple(each) for name, each in json.loads(done.stdout)["tables"].items()} == digests
    assert homeroom(new, "journal", "verify").returncode == 0
    assert (new / "keys" / "pseudonym.key").read_bytes() == b"k" * 32
    assert file.stat().st_mode & 0o077 == 0
    with tarfile.open(file) as tar:
        assert not [name for name in tar.getnames() if "run/" in name or "sqlite" in name]


def test_a_second_restore_is_refused_with_a_sentence(backup, tmp_path):
    file, _ = backup
    assert homeroom(tmp_path / "new", "restore", str(file)).returncode == 0
    again = homeroom(tmp_path / "new", "restore", str(file))
    assert again.returncode == 2 and "records here already" in again.stderr


@pytest.mark.parametrize("harm", ["cut", "changed", "noise"])
def test_a_damaged_backup_leaves_nothing_half_done(backup, tmp_path, harm):
    file, _ = backup
    bad = tmp_path / "bad.tar.gz"
    if harm == "noise":
        bad.write_bytes(b"no backup")
    elif harm == "cut":
        bad.write_bytes(file.read_bytes()[:-200])
    else:
        with tarfile.open(file) as tar:
            records = tar.extractfile(keeping.RECORDS).read().replace(b"Haugen", b"Hauken")
        _pack(bad, records)
    done = homeroom(tmp_path / "new", "restore", str(bad))
    assert done.returncode == 2 and "Traceback" not in done.stderr
    if harm != "noise":
        assert homeroom(tmp_path / "new", "restore", str(file)).returncode == 0, "nothing was left behind"


def test_a_file_that_goes_away_while_the_house_is_backed_up_is_left_out(backup, tmp_path, monkeypatch):
    spool = tmp_path / "old" / "spool"
    spool.mkdir()
    (spool / "dns-1-1.log").write_text("taken in by the worker at this moment")
    seen = Path.is_file
    monkeypatch.setattr(Path, "is_file", lambda path: seen(path) and (path.parent != spool or not path.unlink()))
    keeping.backup(tmp_path / "old", tmp_path / "again.tar.gz")
    with tarfile.open(tmp_path / "again.tar.gz") as tar:
        assert "home/keys/pseudonym.key" in tar.getnames() and "home/spool/dns-1-1.log" not in tar.getnames()


def test_a_disk_that_is_full_is_said_with_what_to_do(backup, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(keeping, "_pack", full)
    with pytest.raises(moving.BadRecords, match=r"was not written: No space left.*Make room"):
        keeping.backup(tmp_path / "old", tmp_path / "again.tar.gz")
    assert not list(tmp_path.glob("*again*"))
    monkeypatch.setattr(keeping.moving, "load", lambda lines: {"one": (1, "")})
    monkeypatch.setattr(keeping.shutil, "copyfileobj", full)
    with pytest.raises(moving.BadRecords, match=r"stopped half-way: No space left.*empty .*new .*restore again"):
        keeping.restore(tmp_path / "new", backup[0])


def _pack(path: Path, records: bytes) -> None:
    with gzip.open(path, "wb") as packed, tarfile.open(fileobj=packed, mode="w|") as tar:
        info = tarfile.TarInfo(keeping.RECORDS)
        info.size = len(records)
        tar.addfile(info, io.BytesIO(records))


@needs_postgresql
def test_sqlite_moves_to_postgresql_without_loss_by_one_command(backup, tmp_path):
    file, digests = backup
    home, url = tmp_path / "new", postgresql.database("moved")
    assert homeroom(home, "restore", str(file)).returncode == 0
    quiet = f"127.0.0.1:{free_port()}"
    done = homeroom(home, "migrate-to", url, "--json", HOMEROOM_WEB_LISTEN=quiet)
    assert done.returncode == 0, done.stderr
    assert {name: tuple(each) for name, each in json.loads(done.stdout)["tables"].items()} == digests
    listed = homeroom(home, "people", "list", DATABASE_URL=url)
    assert "Haugen" in listed.stdout or listed.returncode == 2
    again = homeroom(home, "migrate-to", url, HOMEROOM_WEB_LISTEN=quiet)
    assert again.returncode == 2 and "records here already" in again.stderr
    back = tmp_path / "back.tar.gz"
    assert homeroom(home, "backup", str(back), DATABASE_URL=url).returncode == 0
    third = homeroom(tmp_path / "third", "restore", str(back), "--json")  # which verifies the journal as well
    assert json.loads(third.stdout)["tables"] == json.loads(done.stdout)["tables"]


@pytest.mark.parametrize("part", ["worker", "web"])
def test_moving_refuses_while_records_are_taken_in(tmp_path, part):
    with socket.create_server(("127.0.0.1", 0)) as web:
        port = web.getsockname()[1] if part == "web" else free_port()
        if part == "worker":
            write_status(tmp_path, "worker", {}, datetime.now(UTC))
        address = "postgresql://nobody@127.0.0.1:1/none"
        done = homeroom(tmp_path, "migrate-to", address, HOMEROOM_WEB_LISTEN=f"127.0.0.1:{port}")
    assert done.returncode == 2 and "Stop Homeroom first" in done.stderr, done.stderr
    assert part in done.stderr.partition("Stop Homeroom first")[2]


def test_moving_refuses_what_is_no_database(tmp_path):
    done = homeroom(tmp_path / "home", "migrate-to", "mysql://x")
    assert done.returncode == 2 and "DATABASE_URL must look like" in done.stderr


def test_names_and_instants_are_written_exactly(town):
    out = io.StringIO()
    moving.dump(out)
    assert Person.objects.get(pk="tou").birth_date.isoformat() in out.getvalue()
