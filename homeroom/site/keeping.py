"""Backups: one file with all records and everything of the home that cannot be made again.

A tar with gzip: `records.jsonl` (see moving.py), then the home's files except databases, caches and run/. It holds
every key of the installation, so whoever has the file has everything: keep it as you keep the home.
"""

from __future__ import annotations

import gzip
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DatabaseError

from homeroom.site import moving
from homeroom.site.moving import BadRecords, Digests

RECORDS = "records.jsonl"
LEFT_OUT = ("run", "cache")  # made again by themselves
DATABASES = (".sqlite3", ".sqlite3-wal", ".sqlite3-shm", ".lock")


def backup(home: Path, out: Path) -> Digests:
    """Write a backup, whole or not at all; readable by its owner only. Raises BadRecords."""
    try:
        return _backup(home, out)
    except OSError as error:
        raise BadRecords(
            f"The backup {out} was not written: {error.strerror or error}. Nothing was left there. Make room in that "
            f"folder and in {tempfile.gettempdir()}, or name a folder that is there and yours to write."
        ) from error


def _backup(home: Path, out: Path) -> Digests:
    aside = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with tempfile.TemporaryFile("w+", encoding="utf-8") as records:
            digests = moving.dump(records)
            size = records.tell()
            records.flush()
            with os.fdopen(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                _pack(home, out, file, records, digests)
                file.flush()
                os.fsync(file.fileno())
            assert size
        aside.replace(out)
    finally:
        aside.unlink(missing_ok=True)
    return digests


def _pack(home: Path, out: Path, file: io.IOBase, records: io.TextIOBase, digests: Digests) -> None:
    binary = records.buffer  # type: ignore[attr-defined]
    binary.seek(0, os.SEEK_END)
    info = tarfile.TarInfo(RECORDS)
    info.size, info.mode = binary.tell(), 0o600
    binary.seek(0)
    with gzip.GzipFile(fileobj=file, mode="wb", mtime=0) as packed, tarfile.open(fileobj=packed, mode="w|") as tar:
        tar.addfile(info, binary)
        for path in sorted(home.rglob("*")):
            name = path.relative_to(home)
            if _kept(name) and path.is_file() and not path.is_symlink() and path != out:
                _add(tar, path, f"home/{name}")


def _add(tar: tarfile.TarFile, path: Path, name: str) -> None:
    """One file as it is now; the house runs meanwhile, so one that went away is left out and a growing one is cut."""
    try:
        with path.open("rb") as file:
            tar.addfile(tar.gettarinfo(arcname=name, fileobj=file), file)
    except FileNotFoundError:
        return


def _kept(name: Path) -> bool:
    return name.parts[0] not in LEFT_OUT and not name.name.endswith(DATABASES) and not name.name.startswith(".")


def restore(home: Path, file: Path, *, records_only: bool = False) -> Digests:
    """Fill an empty home and database from a backup; raises BadRecords."""
    _read_through(file)
    try:
        return _restore(home, file, records_only)
    except (OSError, DatabaseError) as error:
        said = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise BadRecords(
            f"Restoring stopped half-way: {said}. Make room and see that {home} is yours to write; "
            f"then empty {home} (and the database, where DATABASE_URL names one) and restore again."
        ) from error


def _restore(home: Path, file: Path, records_only: bool) -> Digests:
    found = None
    with _undamaged(file), tarfile.open(file, mode="r:gz") as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isfile() else None
            if content is None:
                continue
            if member.name == RECORDS:
                found = moving.load(io.TextIOWrapper(content, encoding="utf-8"))
            elif found is None:
                raise BadRecords(f"{file} is no backup of Homeroom.")
            elif not records_only:
                _unpack(home, member.name.removeprefix("home/"), content)
    if found is None:
        raise BadRecords(f"{file} holds no records.")
    return found


def _read_through(file: Path) -> None:
    """Read to the end once, checksum and all, so that a file cut short fills nothing; raises BadRecords."""
    with _undamaged(file), gzip.open(file) as whole:
        while whole.read(1 << 20):
            pass


@contextmanager
def _undamaged(file: Path) -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise BadRecords(f"{file} is damaged or no backup ({error}). Take another one.") from error


def _unpack(home: Path, name: str, content: io.BufferedIOBase) -> None:
    path = home / name
    if ".." in Path(name).parts or not path.resolve().is_relative_to(home.resolve()):
        raise BadRecords(f"The backup names a file outside of the home: {name}.")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
        shutil.copyfileobj(content, file)


def move(url: str) -> tuple[Digests, Digests]:
    """Copy all records into another database; returns what is here and what is there, which must be equal.

    The other database is opened by a process of its own, which reads and checks the records like a backup.
    """
    with tempfile.TemporaryDirectory(prefix="homeroom-moving-") as folder:
        file = Path(folder) / "records.tar.gz"
        here = backup(Path(folder) / "nothing", file)
        there = _elsewhere(url, "restore", str(file), "--records-only", "--json")
    return here, there


def _elsewhere(url: str, *words: str) -> Digests:
    import json

    environment = {**os.environ, "DATABASE_URL": url}
    command = [sys.executable, "-m", "homeroom.site.cli", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BadRecords(done.stderr.strip() or "The other database could not be filled.")
    return {name: (each[0], each[1]) for name, each in json.loads(done.stdout)["tables"].items()}
