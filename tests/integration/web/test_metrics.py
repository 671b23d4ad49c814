"""Numbers for those who watch the house: from this machine or with a token, and nothing of a person in them."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from homeroom.doors.status import write_status
from homeroom.site import logs


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOMEROOM_HOME", str(tmp_path))
    return tmp_path


def test_this_machine_reads_numbers_and_no_names(town, home):
    write_status(home, "dns", {"queries": 7, "blocked": 2, "trouble": "x", "spool_lost": 0}, datetime.now(UTC))
    text = Client().get("/metrics").content.decode()
    assert 'homeroom_queries_total{part="dns"} 7.0' in text and "homeroom_trouble 1.0" in text
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert families["homeroom_queries"].type == "counter" and families["homeroom_status_age_seconds"].samples
    alerts = (Path(__file__).parents[3] / "deploy" / "alerts.yml").read_text()
    named = set(re.findall(r"homeroom_\w+", alerts))
    offered = {family.name + ("_total" if family.type == "counter" else "") for family in families.values()}
    assert named and named <= offered, "an alert that asks for a number that nobody tells never fires"
    assert "ben" not in text and "Haugen" not in text


def test_others_need_the_token(db, monkeypatch):
    far = Client(REMOTE_ADDR="10.1.2.3")
    assert far.get("/metrics").status_code == 403
    assert Client().get("/metrics", headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 403
    monkeypatch.setenv("HOMEROOM_METRICS_TOKEN", "s3cret")
    assert far.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
    assert far.get("/metrics", headers={"Authorization": "Bearer s3cret"}).status_code == 200


def test_a_log_line_is_an_object_without_the_path():
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Not Found: %s", ("/people/ben",), None)
    record.status_code = 404
    assert logs.Careful().filter(record)
    said = json.loads(logs.Json().format(record))
    assert "ben" not in said["said"] and "404" in said["said"] and said["level"] == "warning"
