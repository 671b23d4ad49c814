"""Who opens which of the officials' pages."""

from __future__ import annotations

BINDING = ("technology_director", "superintendent", "board_clerk")
TEACHING = (*BINDING, "teacher", "building_administrator")
