"""What the pages of requests share."""

from __future__ import annotations

DIRECTOR = "technology_director"
SUPERINTENDENT = "superintendent"
ADMINISTRATOR = "building_administrator"
OFFICIALS = (DIRECTOR, SUPERINTENDENT, ADMINISTRATOR)
