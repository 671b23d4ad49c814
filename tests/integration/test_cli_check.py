"""`homeroom check` says what is wrong, and only what is wrong."""

from __future__ import annotations

import json
import os
import socket
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from homeroom.base.actor import SYSTEM
from homeroom.doors import bundle_file
from homeroom.doors.dns import tls
from homeroom.doors.status import write_status
from homeroom.filtering.models import BuildRun, Outcome
from homeroom.journal import actions as journal
from homeroom.journal import triggers, witness
from homeroom.nodes.models import Node
from homeroom.site import checks, cli
from tests.ports import free_port

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
POLICY = {
    "alternative": "3", "strictest": "unknown", "categories": [],
    "profiles": [{"id": "unknown", "title": "Unknown", "audience": "unknown", "legal": []}],
}  # fmt: skip


class Pages(BaseHTTPRequestHandler):
    """The web application, as a check sees it."""

    status = 200

    def do_GET(self):
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(b"ok" if self.path == "/healthz" else b"wrong page")

    def log_message(self, *_):
        pass


@pytest.fixture
def web(monkeypatch):
    with HTTPServer(("127.0.0.1", 0), Pages) as server:
        monkeypatch.setenv("HOMEROOM_WEB_LISTEN", f"127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def home(tmp_path, settings, monkeypatch, web):
    """A home in which everything is well."""
    tmp_path.chmod(0o700)
    settings.HOME = tmp_path
    for name, port in (("DNS", free_port()), ("PROXY", free_port())):
        monkeypatch.setenv(f"HOMEROOM_{name}_LISTEN", f"127.0.0.1:{port}")
    at = timezone.now()
    current = bundle_file.publish(tmp_path, at=at, journal=0, policy=POLICY, overlay=[], roll={})
    for door in ("dns", "proxy"):
        write_status(tmp_path, door, {"bundle": current, "trouble": ""}, at)
    write_status(tmp_path, "worker", {"jobs": {}}, at)
    return tmp_path


def sentences(at: datetime | None = None) -> list[str]:
    return [trouble.sentence for trouble in checks.look(at or timezone.now())[1]]


def test_a_well_house_has_nothing_to_say(home):
    good, troubles = checks.look(timezone.now())
    assert troubles == []
    assert good == [
        "home folder",
        "databases",
        "clock",
        "records",
        "bundle",
        "last build",
        "doors and worker",
        "spool",
        "certificate",
        "nodes",
        "web application",
        "ports",
    ]


def test_an_empty_home_is_told_what_to_do_next(tmp_path, settings):
    tmp_path.chmod(0o700)
    settings.HOME = tmp_path
    said = " ".join(sentences())
    assert "homeroom build" in said
    assert "dns door is down" in said
    assert "homeroom serve" in said


def test_a_home_that_others_can_read_is_named(home):
    home.chmod(0o755)
    assert sentences() == [f"Others can read {home}, and with it keys and records. Run: chmod 700 {home}"]


def test_a_disk_without_room_is_named(home, monkeypatch):
    monkeypatch.setattr(checks, "ROOM", 2**62)
    assert "Make room" in sentences()[0]


def test_doors_and_worker_that_fell_silent_are_down_since_when(home):
    said = sentences(timezone.now() + timedelta(minutes=1))
    assert [sentence.split(" since")[0] for sentence in said] == [
        "The dns door is down", "The proxy door is down", "The worker is down",
    ]  # fmt: skip


def test_a_centre_whose_nodes_answer_need_never_have_had_a_door(home):
    for door in ("dns", "proxy"):
        (home / "run" / f"{door}.json").unlink()
    assert [sentence.split(" since")[0][:16] for sentence in sentences()] == ["The dns door is ", "The proxy door i"]
    node = Node.objects.create(name="north-1", key="00" * 32, enrolled=timezone.now())
    assert not [sentence for sentence in sentences() if "door is down" in sentence]
    Node.objects.filter(pk=node.pk).update(ended=timezone.now())
    assert [sentence for sentence in sentences() if "door is down" in sentence], "an ended node answers nobody"


def test_a_door_with_an_old_bundle_or_a_trouble_is_named(home):
    write_status(home, "dns", {"bundle": "another", "trouble": ""}, timezone.now())
    write_status(
        home, "proxy", {"bundle": bundle_file.current_id(home), "trouble": "The disk is full."}, timezone.now()
    )
    said = " ".join(sentences())
    assert "serves bundle another" in said
    assert "The proxy door says: The disk is full." in said


def test_a_failing_job_is_named_with_its_reason(home):
    run = {"failing_since": "2026-09-14T12:00:00+00:00", "why": "OSError: No space left on device"}
    write_status(home, "worker", {"jobs": {"filtering.fetch": run}}, timezone.now())
    said = sentences()
    assert said == ["The job filtering.fetch has been failing since 2026-09-14T12:00: OSError: No space left on device"]


def test_a_damaged_bundle_is_named(home):
    manifest = home / "bundles" / f"manifest-{bundle_file.current_id(home)}.json"
    manifest.write_text(manifest.read_text().replace("{", "{ ", 1))
    assert "was changed after it was written" in sentences()[0]


def test_a_build_that_failed_says_why_until_one_goes_well(home):
    at = timezone.now()
    why = "The disk is full. The bundle before keeps serving."
    BuildRun.objects.create(started=at, ended=at, outcome=Outcome.FAILED, sentence=why, by="dana")
    assert f"The last build of the lists failed: {why} When that is mended run: homeroom build" in sentences()
    BuildRun.objects.create(started=at + timedelta(seconds=1), outcome=Outcome.DONE, by="dana")
    assert sentences() == []


def test_a_journal_that_was_touched_is_named(home):
    with journal.atomic():
        for number in range(3):
            journal.record(actor=SYSTEM, verb="test.thing.done", subject=f"thing:{number}", at=timezone.now())
    witness.remember(timezone.now())
    with connection.cursor() as cursor:
        for statement in triggers.drop(connection.vendor):
            cursor.execute(statement)
        cursor.execute("DELETE FROM journal_entry WHERE id = 3")
    assert "its end was cut off" in sentences()[0]


@pytest.mark.parametrize("at", [datetime(1970, 1, 2, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC)])
def test_a_clock_that_stands_before_what_was_recorded_is_named(home, at):
    with journal.atomic():
        journal.record(actor=SYSTEM, verb="test.thing.done", subject="thing:1", at=timezone.now())
    assert any("The clock says" in sentence for sentence in sentences(at))


def test_pages_that_do_not_answer_or_are_not_well_are_named(home, monkeypatch):
    monkeypatch.setattr(Pages, "status", 503)
    assert "is not well (503 ok)" in sentences()[0]
    monkeypatch.setenv("HOMEROOM_WEB_LISTEN", f"127.0.0.1:{free_port()}")
    assert "does not answer" in sentences()[0]


def test_a_strange_program_on_a_doors_port_is_named(home, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        monkeypatch.setenv("HOMEROOM_PROXY_LISTEN", f"127.0.0.1:{port}")
        (home / "run" / "proxy.json").unlink()
        assert any(f"127.0.0.1:{port}" in sentence for sentence in sentences())


def test_a_door_that_hangs_is_not_called_a_stranger(home, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as hung:
        monkeypatch.setenv("HOMEROOM_DNS_LISTEN", f"127.0.0.1:{hung.getsockname()[1]}")
        write_status(home, "dns", {"trouble": ""}, timezone.now() - timedelta(minutes=5))
        said = sentences()
    assert any(f"The dns door hangs: process {os.getpid()}" in each for each in said)
    assert not any("Another program" in each for each in said)


def test_what_waits_in_the_spool_is_named_once_it_is_late(home):
    waiting = home / "spool" / "dns-1-1.log"
    waiting.parent.mkdir()
    waiting.write_text("no line\n")
    assert sentences() == []
    long_ago = (timezone.now() - timedelta(hours=2)).timestamp()
    os.utime(waiting, (long_ago, long_ago))
    [said] = sentences()
    assert "1 files" in said and "Look whether the worker runs" in said


@pytest.mark.parametrize(("days", "word"), [(10, None), (390, "ends on"), (398, "ended on")])
def test_a_certificate_is_named_before_it_ends(home, days, word):
    made = timezone.now() - timedelta(days=days)
    tls.make_self_signed(home / "tls" / "cert.pem", home / "tls" / "key.pem", ["localhost"], made)
    said = sentences()
    assert [word in each and "restart the DNS door" in each for each in said] == ([True] if word else [])


def test_a_database_that_is_down_is_said_once_and_nothing_that_needs_it_is_called_well(home, monkeypatch):
    def down(*_):
        raise OperationalError("connection failed: Connection refused\n\tIs the server running?")

    monkeypatch.setattr(checks.migrate, "pending", down)
    monkeypatch.setattr(checks.journal, "head", down)
    monkeypatch.setattr(checks.node_queries, "silent", down)
    monkeypatch.setattr(checks.node_queries, "nodes", down)
    good, troubles = checks.look(timezone.now())
    [said] = [each.sentence for each in troubles]
    assert "Connection refused. Start it, or mend DATABASE_URL" in said
    assert "doors and worker" in good and not {"databases", "records", "nodes"} & set(good)
    assert "cannot be reached" in cli.explain(OperationalError("connection failed: refused"))


def test_a_setting_that_cannot_be_read_is_named(home, monkeypatch):
    monkeypatch.setenv("HOMEROOM_DNS_LISTEN", "somewhere")
    assert "HOMEROOM_DNS_LISTEN is “somewhere”" in sentences()[0]


def test_the_command_prints_sentences_or_json_and_leaves_with_its_code(home, capsys):
    assert cli.run(["check", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["well"] is True
    (home / "run" / "worker.json").unlink()
    assert cli.run(["check"]) == 1
    assert "The worker is down." in capsys.readouterr().out
