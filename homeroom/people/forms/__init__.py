"""Forms about rosters."""
