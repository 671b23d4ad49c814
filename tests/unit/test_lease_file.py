"""The file of leases: line by line, and never half."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeroom.doors import lease_file
from homeroom.kernel.decision.roll import lease
from tests import lease_rows

AT = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
ROWS = st.dictionaries(
    st.integers(1, 250), st.sampled_from([{"person": "ben"}, {"claimed": "olsen"}, {"person": "a\n],b\u2028"}, {}]),
    max_size=6,
)  # fmt: skip


def rows(said: dict[int, dict[str, str]]) -> list[list[object]]:
    return [[f"10.0.0.{number}", "signin", who] for number, who in said.items()]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ROWS, min_size=1, max_size=6))
def test_reading_the_changes_is_reading_the_whole(tmp_path_factory, files):
    home = tmp_path_factory.mktemp("home")
    kept = lease_file.Leases(home)
    for number, said in enumerate(files):
        lease_file.publish(home, [lease_file.line(row) for row in rows(said)], AT + timedelta(seconds=number))
        whole = dict(map(lease, rows(said)))
        assert kept.look() == whole == lease_file.Leases(home).look()
        assert lease_rows.read(home) == rows(said)


def test_a_look_is_not_changed_by_the_next(tmp_path):
    kept = lease_file.Leases(tmp_path)
    lease_file.publish(tmp_path, [lease_file.line(["10.0.0.1", "signin", {"person": "ben"}])], AT)
    first = kept.look()
    lease_file.publish(tmp_path, [], AT)
    assert len(first) == 1 and kept.look() == {}


def test_the_moment_never_goes_back_and_the_same_is_not_written_twice(tmp_path):
    one, other = ([lease_file.line(["10.0.0.1", "signin", {"person": who}])] for who in ("ben", "leah"))
    assert lease_file.publish(tmp_path, one, AT)
    assert not lease_file.publish(tmp_path, one, AT + timedelta(hours=1))
    assert lease_file.publish(tmp_path, other, AT - timedelta(hours=1)), "a clock was set back"
    assert lease_file.told_at(lease_file.data(tmp_path)) > AT.timestamp()


@pytest.mark.parametrize("torn", [1, 20, 40, 60, -1, -3])
def test_a_torn_file_makes_strangers_and_the_next_whole_one_is_read(tmp_path, torn):
    kept = lease_file.Leases(tmp_path)
    people = [lease_file.line([f"10.0.0.{number}", "signin", {"person": "ben"}]) for number in (1, 2)]
    lease_file.publish(tmp_path, people, AT)
    whole = lease_file.data(tmp_path)
    assert len(kept.look()) == 2
    lease_file.put(tmp_path, whole[:torn])
    assert kept.look() == {}
    lease_file.put(tmp_path, whole)
    assert len(kept.look()) == 2
