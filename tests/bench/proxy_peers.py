"""The proxies that are measured: Homeroom's door, Squid and e2guardian, each on one core with the same names."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

SERVER_CORE, CLIENT_CORE = "0", "1"


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def pinned(core: str, *command: str) -> list[str]:
    """A command that stays on one core, where the machine can do that."""
    return ["taskset", "-c", core, *command] if shutil.which("taskset") and (os.cpu_count() or 1) > 1 else [*command]


class Peer:
    """One proxy under test: `port` once `start` has returned; `ready` is how many seconds that took."""

    def __init__(self, name: str, command: Sequence[str], port: int, environment: dict[str, str] | None = None) -> None:
        self.name, self.port = name, port
        self._command, self._environment = command, environment
        self._process: subprocess.Popen[bytes] | None = None
        self.ready = 0.0

    def start(self, patience: float = 180.0) -> None:
        """Start it and wait until it takes connections; raises RuntimeError where it ends instead."""
        began = time.monotonic()
        self._process = subprocess.Popen(
            self._command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        while not self._listens():
            if self._process.poll() is not None or time.monotonic() - began > patience:
                raise RuntimeError(f"{self.name} did not start: {' '.join(self._command)}")
            time.sleep(0.01)
        self.ready = time.monotonic() - began

    def _listens(self) -> bool:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        return False

    def memory(self) -> int:
        """Private memory of the process and all that it started, in megabytes."""
        rollups = [text for folder in self._folders() if (text := _read(folder / "smaps_rollup"))]
        lines = [line for text in rollups for line in text.splitlines() if line.startswith("Private_")]
        return sum(int(line.split()[1]) for line in lines) // 1024

    def cpu(self) -> float:
        """Processor time used so far, in seconds."""
        ticks = 0
        for folder in self._folders():
            fields = _read(folder / "stat").rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12]) if len(fields) > 12 else 0
        return ticks / os.sysconf("SC_CLK_TCK")

    def _folders(self) -> list[Path]:
        """The process and all that it started, whatever session they made their own."""
        assert self._process is not None
        parents = dict(_parents())
        found = {self._process.pid}
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        return [Path(f"/proc/{pid}") for pid in found]

    def stop(self) -> None:
        """End it with everything it started."""
        if self._process is not None:
            for number in (signal.SIGTERM, signal.SIGKILL):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._process.pid, number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(3)


def _parents() -> Iterator[tuple[int, int]]:
    for folder in Path("/proc").glob("[0-9]*"):
        fields = _read(folder / "stat").rpartition(")")[2].split()
        if len(fields) > 1:
            yield int(folder.name), int(fields[1])


def _read(path: Path) -> str:
    with contextlib.suppress(OSError):
        return path.read_text()
    return ""


def homeroom(home: Path, dns_port: int) -> Peer:
    """Our door, with a bundle already in its home."""
    port = free_port()
    environment = {
        **os.environ, "HOMEROOM_HOME": str(home), "HOMEROOM_PROXY_LISTEN": f"127.0.0.1:{port}",
        "HOMEROOM_PAGE_LISTEN": "127.0.0.1:0", "HOMEROOM_DNS_UPSTREAMS": f"127.0.0.1:{dns_port}",
        "HOMEROOM_PROXY_MAY_REACH": "127.0.0.1/32",
    }  # fmt: skip
    return Peer("Homeroom", pinned(SERVER_CORE, sys.executable, "-m", "homeroom.doors.proxy.door"), port, environment)


def squid(folder: Path, hosts: Path, listed: Path | None) -> Peer:
    """Squid without a cache and without a log; with a dstdomain file where `listed` is given."""
    port, name = free_port(), "Squid with dstdomain" if listed else "Squid alone"
    rules = f'acl listed dstdomain "{listed}"\nhttp_access deny listed\n' if listed else ""
    # Started by root it takes another user's rights, who must be able to read its files.
    user = "cache_effective_user proxy\n" if os.geteuid() == 0 else ""
    folder.chmod(0o755)
    config = folder / f"squid-{port}.conf"
    config.write_text(
        f"http_port 127.0.0.1:{port}\n{rules}http_access allow all\ncache deny all\naccess_log none\n"
        f"cache_log /dev/null\npid_filename none\nhosts_file {hosts}\ncoredump_dir /tmp\nshutdown_lifetime 0 seconds\n"
        f"{user}cache_mem 8 MB\nnetdb_filename none\nworkers 1\n"
    )
    # A service name of its own keeps its shared memory apart from any other Squid's.
    return Peer(name, pinned(SERVER_CORE, "squid", "-N", "-n", f"bench{port}", "-f", str(config)), port)


def e2guardian(folder: Path, hosts: Path, listed: Path) -> Peer:
    """e2guardian going straight to the sites, with a site list and without looking into pages."""
    port, home = free_port(), folder / "e2guardian"
    shutil.copytree("/etc/e2guardian", home, dirs_exist_ok=True)
    for path in home.rglob("*"):
        if path.is_file():
            text = path.read_text(errors="replace").replace("/etc/e2guardian", str(home))
            path.write_text(text)
    (home / "lists" / "bannedsitelist").write_text(f".Include<{listed}>\n")
    for name in ("bannedphraselist", "weightedphraselist", "exceptionphraselist", "bannedregexpurllist"):
        (home / "lists" / name).write_text("")
    _set(home / "e2guardian.conf", {
        "filterip": "127.0.0.1", "filterports": str(port), "weightedphrasemode": "0", "loglevel": "0",
        "nodaemon": "on", "daemonuser": "'root'", "daemongroup": "'root'", "loglocation": f"'{folder}/e2.log'",
        "pidfilename": f"'{folder}/e2.pid'", "ipcfilename": f"'{folder}/e2.ipc'", "nologger": "on",
    })  # fmt: skip
    command = f"mount --bind {hosts} /etc/hosts && exec e2guardian -N -c {home / 'e2guardian.conf'}"
    return Peer("e2guardian", pinned(SERVER_CORE, "unshare", "-m", "sh", "-c", command), port)


def _set(path: Path, settings: dict[str, str]) -> None:
    lines = [line for line in path.read_text().splitlines() if line.split("=")[0].strip() not in settings]
    path.write_text("\n".join([*lines, *(f"{name} = {value}" for name, value in settings.items()), ""]))


def available() -> dict[str, str]:
    """What is missing on this machine, as name and sentence."""
    missing = {}
    for name, program, package in (("squid", "squid", "squid-openssl"), ("e2guardian", "e2guardian", "e2guardian")):
        if shutil.which(program) is None:
            missing[name] = f"{program} is not installed; apt-get install {package}."
    if "e2guardian" not in missing and not _may_mount():
        missing["e2guardian"] = "e2guardian needs names of its own here, which takes the right to mount (root)."
    return missing


def _may_mount() -> bool:
    done = subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False)
    return done.returncode == 0
