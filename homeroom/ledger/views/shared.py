"""Who opens which of the officials' pages."""

from __future__ import annotations

BINDING = ("technology_director", "superintendent", "board_clerk")
TEACHING = (*BINDING, "teacher", "building_administrator")
OFFICIALS = (*BINDING, "building_administrator", "clerk")
