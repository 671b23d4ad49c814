"""The units in deploy/ do what they say: systemd finds nothing wrong, and each command runs shut in as its unit has it.

systemd itself cannot be started in a test. So each ExecStart runs by hand in a user namespace, where it is
nobody special and has no capability, with nothing writable but its home, and with the environment of its files alone.
"""

from __future__ import annotations

import http.client
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import dns.exception
import dns.message
import dns.query
import dns.rcode
import pytest

from homeroom.doors.nodes import place, signing
from homeroom.doors.status import read_statuses
from tests.doors.dns_process import put_in_force
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "deploy").glob("*.service"))
BINARY, STATE = "/opt/homeroom/.venv/bin/homeroom", "/var/lib/homeroom"
ORDER = ("web", "worker", "node", "dns", "proxy", "dnsdist-tables", "dnsdist", "squid")
pytestmark = pytest.mark.timeout(240)


def values(unit: Path, key: str) -> list[str]:
    """What a unit says under a key, line by line."""
    lines = (line.partition("=") for line in unit.read_text().splitlines())
    return [value for name, _, value in lines if name == key]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_finds_nothing_wrong_and_little_exposed(unit, tmp_path):
    here = tmp_path / unit.name
    here.write_text(unit.read_text().replace(BINARY, sys.executable))
    said = subprocess.run(["systemd-analyze", "verify", "--man=no", str(here)], capture_output=True, text=True)
    wrong = [line for line in said.stderr.splitlines() if unit.stem in line]
    if "dnsdist" not in unit.stem and "squid" not in unit.stem:
        assert said.returncode == 0, said.stderr
    assert not [line for line in wrong if "is not executable" not in line], said.stderr
    told = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=25", str(here)], capture_output=True, text=True
    )
    assert told.returncode == 0, told.stdout[-300:]


def test_a_door_of_a_node_may_have_another_home_than_the_node():
    doors = {"dns", "dnsdist-tables", "dnsdist", "proxy", "squid"}
    for unit in UNITS:
        files = values(unit, "EnvironmentFile")
        assert files[0] == "/etc/homeroom/environment"
        assert ("-/etc/homeroom/doors" in files) == (unit.stem.removeprefix("homeroom-") in doors), unit.stem
        assert "StartLimitIntervalSec=0" in unit.read_text(), "who waits for another's files is tried again for ever"
        assert values(unit, "StateDirectoryMode") == ["0700"], "systemd would open the home to everybody at each start"


def test_dnsdist_waits_for_its_configuration():
    (waits,) = values(ROOT / "deploy" / "homeroom-dnsdist.service", "ExecStartPre")
    (anew,) = values(ROOT / "deploy" / "homeroom-dnsdist-tables.service", "ExecStartPre")
    written = f"{STATE}/dnsdist/dnsdist.conf"
    assert anew.split() == ["/bin/rm", "-f", written], "what was written with older settings is not started again"
    assert f"until test -s {written}" in waits, "without a configuration dnsdist starts all the same, and drops all"


class Machine:
    """A machine on which the units run, one process each."""

    def __init__(self, home: Path, district: Path) -> None:
        self.home, self.district, self._log = home, district, home / "units.log"
        self.ports = {name: free_port() for name in ("web", "dns", "doh", "relay", "dnsdist", "proxy", "page", "squid")}
        self._processes: list[subprocess.Popen[bytes]] = []
        self.last = 0

    def environment(self, unit: Path) -> dict[str, str]:
        """What stands in /etc/homeroom/environment, and for doors in /etc/homeroom/doors."""
        home = self.district if "-/etc/homeroom/doors" in values(unit, "EnvironmentFile") else self.home
        at = {name: f"127.0.0.1:{port}" for name, port in self.ports.items()}
        return {
            "HOMEROOM_HOME": str(home), "HOMEROOM_WEB_LISTEN": at["web"], "HOMEROOM_DNS_LISTEN": at["dns"],
            "HOMEROOM_DOH_LISTEN": at["doh"], "HOMEROOM_DNS_RELAY_LISTEN": at["relay"],
            "HOMEROOM_NODE_DNS_LISTEN": at["dnsdist"], "HOMEROOM_PROXY_LISTEN": at["proxy"],
            "HOMEROOM_PAGE_LISTEN": at["page"], "HOMEROOM_PAGE_ADDRESS": "127.0.0.1",
            "HOMEROOM_NODE_PROXY_LISTEN": at["squid"], "HOMEROOM_DNS_UPSTREAMS": "127.0.0.1:53",
            "HOMEROOM_PUBLIC_URL": "http://127.0.0.1:8524", "LANG": "C.UTF-8", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        }  # fmt: skip

    def start(self, unit: Path) -> None:
        """ExecStartPre and ExecStart of a unit."""
        for command in values(unit, "ExecStartPre"):
            with self._log.open("ab") as log:
                subprocess.run(
                    self._shut_in(unit, command), env=self.environment(unit), stdout=log, stderr=log, check=True
                )
        (command,) = values(unit, "ExecStart")
        with self._log.open("ab") as log:
            made = subprocess.Popen(
                self._shut_in(unit, command), env=self.environment(unit), stdout=log, stderr=log, cwd=ROOT
            )
        self._processes.append(made)

    def _shut_in(self, unit: Path, command: str) -> list[str]:
        """As the unit has it: the whole file system for reading only, the home for writing, hardly any right."""
        command = command.replace(BINARY, f"{sys.executable} -m homeroom.site.cli").replace(STATE, str(self.home))
        home = str(self.home)
        script = (
            f"mount --make-rprivate / && mount --bind {home} {home} && mount -o remount,bind,ro / && cd {ROOT} && "
            f"exec unshare --user --map-user=1000 --map-group=1000 setpriv --no-new-privs --bounding-set=-all {command}"
        )
        return ["unshare", "--mount", "sh", "-c", script]

    def wait(self, until: Callable[[], bool], what: str) -> None:
        """Wait until a unit does its work."""
        end = time.monotonic() + 60
        while not until():
            assert time.monotonic() < end, f"{what} did not come up ({self.last}): {self._log.read_text()[-3000:]}"
            time.sleep(0.1)

    def end(self) -> None:
        """Stop all."""
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    # What each unit must do.

    def works(self, name: str) -> Callable[[], bool]:
        """Whether a unit does its work."""
        return {
            "web": lambda: self._http("web", "/account/login/") or self._http("web", "/"),
            "worker": lambda: "worker" in self._said(self.home), "node": lambda: "node" in self._said(self.district),
            "dns": lambda: self._blocks("dns"), "dnsdist": lambda: self._blocks("dnsdist"),
            "proxy": lambda: "proxy" in self._said(self.district), "squid": lambda: self._http("squid", "http://games.test/"),
            "dnsdist-tables": lambda: (self.home / "dnsdist" / "tables-1").exists(),
        }[name]  # fmt: skip

    def _said(self, home: Path) -> dict[str, object]:
        return read_statuses(home, datetime.now(UTC))

    def _blocks(self, name: str) -> bool:
        try:
            answer = dns.query.udp(dns.message.make_query("games.test", "A"), "127.0.0.1", 0.5, self.ports[name])
        except (dns.exception.DNSException, OSError):
            return False
        return answer.rcode() == dns.rcode.NXDOMAIN  # nobody else could say so: there is no resolver behind it

    def _http(self, name: str, path: str) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[name], timeout=5)
        try:
            connection.request("GET", path)
            self.last = connection.getresponse().status
            return self.last in (200, 302, 307)
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def _may_be_shut_in() -> str:
    if os.geteuid() != 0:
        return "Only root may shut processes in as systemd does."
    if missing := [each for each in ("dnsdist", "squid", "setpriv", "unshare") if shutil.which(each) is None]:
        return f"{', '.join(missing)} is missing; ./run test installs it."
    tried = subprocess.run(["unshare", "--user", "--map-user=1000", "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "This machine allows no user namespaces."


@pytest.fixture
def machine() -> Iterator[Machine]:
    with tempfile.TemporaryDirectory(prefix="hr-", dir="/tmp") as folder:
        home = Path(folder)
        seed = secrets.token_bytes(32)
        key = signing.public(seed)
        told = {"district": signing.fingerprint(key), "first_key": key, "chain": [], "ticket_key": "00" * 32, "node": 1,
                "name": "north-1"}  # fmt: skip
        district = place.settle(home, told, centre="http://127.0.0.1:9", seed=seed, trust="").home
        put_in_force(district)
        made = Machine(home, district)
        try:
            yield made
        finally:
            made.end()


@pytest.mark.skipif(bool(_may_be_shut_in()), reason=_may_be_shut_in())
def test_every_unit_works_shut_in_as_it_says(machine):
    assert {unit.stem.removeprefix("homeroom-") for unit in UNITS} == set(ORDER)
    for name in ORDER:
        machine.start(ROOT / "deploy" / f"homeroom-{name}.service")
        machine.wait(machine.works(name), name)
