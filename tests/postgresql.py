"""A throw-away PostgreSQL for a run of the tests: started at first use, ended with the process, however that ends.

Debian's PostgreSQL 15. The server never works as root, so root starts it as the user "postgres". The system itself
tells the server when its parent is gone (PR_SET_PDEATHSIG); folders of servers that are gone are removed by the next.
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path

from tests.ports import free_port

PREFIX = "homeroom-postgresql-"
PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)


def available() -> bool:
    """Whether there is a server to start."""
    return bool(PROGRAMS) and (os.geteuid() != 0 or _user() is not None)


class Server:
    """The server over one folder."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; whoever needs it waits for it."""
        options = ["-F", "-c", "listen_addresses=127.0.0.1", "-p", str(self.port), "-k", str(self.folder),
                   "-c", "max_connections=200"]  # fmt: skip
        command = [str(PROGRAMS[0] / "postgres"), "-D", str(self.folder / "data"), *options]
        self.process = subprocess.Popen(
            [*_as_user("--pdeathsig=QUIT"), *command],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def stop(self, number: signal.Signals) -> None:
        """Let it end by a signal of PostgreSQL's: TERM waits, INT breaks off, QUIT falls down."""
        assert self.process is not None
        self.process.send_signal(number)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def end(self) -> None:
        """End it for good."""
        self.stop(signal.SIGTERM)
        shutil.rmtree(self.folder, ignore_errors=True)


_running: list[Server] = []


def fall_over() -> None:
    """The server falls as by a crash, every connection with it, and is back a moment later."""
    url = cluster()
    _running[0].stop(signal.SIGQUIT)
    _running[0].start()
    _wait(url)


@cache
def cluster() -> str:
    """The DATABASE_URL of a fresh cluster on a port of its own, on loopback only."""
    if not available():
        raise RuntimeError("PostgreSQL is not installed; run: sudo apt-get install postgresql")
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    user = _user()
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    _run("initdb", "-D", str(folder / "data"), "-U", "homeroom", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")
    port = free_port()
    server = Server(folder, port)
    server.start()
    atexit.register(server.end)
    _running.append(server)
    url = f"postgresql://homeroom@127.0.0.1:{port}/postgres"
    _wait(url)
    return url


def database(name: str) -> str:
    """The URL of a new, empty database on the cluster."""
    import psycopg

    url = cluster()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return url.rpartition("/")[0] + f"/{name}"


def _wait(url: str) -> None:
    import psycopg

    for left in range(200, -1, -1):
        try:
            psycopg.connect(url, connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            if not left:
                raise
            time.sleep(0.05)


def _run(program: str, *arguments: str) -> None:
    subprocess.run([*_as_user(), str(PROGRAMS[0] / program), *arguments], check=True, capture_output=True)


def _as_user(*options: str) -> list[str]:
    user = _user()
    other = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"] if user else []
    return ["setpriv", *other, *options, "--"] if other or options else []


def _sweep() -> None:
    """Remove what runs left behind that were killed: folders whose server lives no longer."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            if time.time() - folder.stat().st_mtime < 600:
                continue  # it may just be starting, here or for another process of this run
            pid = int((folder / "data" / "postmaster.pid").read_text().split()[0])
            os.kill(pid, 0)
        except (FileNotFoundError, IndexError, ValueError, ProcessLookupError):
            shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue


def _user() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return None
