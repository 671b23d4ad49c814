"""XIV.B.3: what nodes handed over is forgotten once none of them could send it again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from homeroom.board import queries as board
from homeroom.journal.models import Entry
from homeroom.nodes import jobs
from homeroom.nodes.actions import purging, traffic
from homeroom.nodes.models import Node, Shipped

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
DAY = timedelta(days=1)
NAMES = ("dns-7-1.log", "dns-7-2.log", "dns-7-3.log")


@pytest.fixture
def node(tmp_path) -> Node:
    """A node that handed over three files on one day."""
    node = Node.objects.create(name="north", key="00" * 32, enrolled=AT)
    for name in NAMES:
        assert traffic.take_file(home=tmp_path, node=node, name=name, data=b"x", at=AT)
    return node


@pytest.mark.clause("XIV.B.3")
def test_names_go_the_day_after_their_time_and_the_last_one_stays(node, tmp_path):
    over = AT + board.kept("shipped_files", AT)
    assert purging.purge(at=over) == 0 and jobs.purge(over) is None
    assert jobs.purge(over + DAY) == "Forgot 2 files that nodes handed over long ago."
    assert list(node.shipped.values_list("name", flat=True)) == ["dns-7-3.log"]
    entry = Entry.objects.get(verb="nodes.purged")
    assert entry.data == {"shipped_files": 2} and entry.clause == "XIV.B.3"
    assert not traffic.take_file(home=tmp_path, node=node, name="dns-7-3.log", data=b"x", at=over + DAY)


def test_of_a_node_that_was_ended_nothing_stays_in_the_end(node):
    over = AT + board.kept("shipped_files", AT)
    Node.objects.update(ended=AT + 10 * DAY)
    purging.purge(at=over + 10 * DAY)
    assert Shipped.objects.count() == 1
    purging.purge(at=over + 11 * DAY)
    assert not Shipped.objects.exists()


def test_each_node_keeps_its_own_last_one(node, tmp_path):
    south = Node.objects.create(name="south", key="11" * 32, enrolled=AT)
    traffic.take_file(home=tmp_path, node=south, name="dns-9-1.log", data=b"x", at=AT)
    purging.purge(at=AT + timedelta(days=1000))
    assert {(each.node.name, each.name) for each in Shipped.objects.all()} == {
        ("north", "dns-7-3.log"),
        ("south", "dns-9-1.log"),
    }
