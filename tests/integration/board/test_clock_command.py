"""`homeroom clock` counts by the number that the district set for the day on which the clock starts."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest
from click.testing import CliRunner

from homeroom.board import actions
from homeroom.people import queries as people
from homeroom.site.commands.clock import clock
from tests.integration.notices.conftest import DANA

pytestmark = pytest.mark.django_db(databases=["default", "activity"])


def due(start: str) -> str:
    said = CliRunner().invoke(clock, ["data-request", "--from", start, "--json"])
    assert said.exit_code == 0, said.output
    return str(json.loads(said.output)["due"][:10])


@pytest.mark.clause("XVII.D")
def test_a_stricter_number_counts_from_its_day_on_and_not_the_day_before(town, tmp_path, monkeypatch):
    monkeypatch.setenv("HOMEROOM_HOME", str(tmp_path))
    shipped, before = due("2026-11-09T10:00"), due("2026-11-06T10:00")
    (tmp_path / "homeroom.sqlite3").touch()  # there is a district here
    assert due("2026-11-09T10:00") == shipped
    now = datetime(2026, 10, 1, 12, tzinfo=people.zone())
    actions.set_parameter(
        actor=DANA,
        at=now,
        name="data-request",
        value=5,
        from_day=date(2026, 11, 9),
        reason="The board promises five.",
        source="Board resolution of 1 October 2026",
    )
    assert due("2026-11-09T10:00") < shipped
    assert due("2026-11-06T10:00") == before


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (["data-request", "--from", "9999-12-31T23:00"], "No clock starts in 9999"),
        (["device-emergency-notice", "--from", "0001-01-01"], "No clock starts in 1"),
        (
            ["data-request", "--from", "2026-11-06", "--term", "2026-09-08"],
            "is not a term; give its first and last day",
        ),
        (["data-request", "--from", "2026-11-06", "--term", "2027-09-08/2026-01-01"], "is not a term"),
        (["data-request", "--from", "2026-11-06", "--term", "soon/later"], "days such as 2026-11-06"),
    ],
)
def test_what_cannot_be_counted_is_answered_with_a_sentence(town, tmp_path, monkeypatch, said, answer):
    monkeypatch.setenv("HOMEROOM_HOME", str(tmp_path))
    told = CliRunner().invoke(clock, said)
    assert told.exit_code == 2 and answer in told.output and "Traceback" not in told.output
