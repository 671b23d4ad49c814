"""A house of its own for each bad day."""

from __future__ import annotations

import pytest

from tests.bad_days.house import House


@pytest.fixture
def house(tmp_path):
    """A house whose doors are not started yet; at the end they must still end in order."""
    made = House(tmp_path)
    yield made
    made.stop()


@pytest.fixture
def both(house):
    """A house with both doors open."""
    house.start("dns", "proxy")
    return house
