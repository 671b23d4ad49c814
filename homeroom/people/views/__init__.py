"""The pages about people and rosters."""
