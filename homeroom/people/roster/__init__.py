"""Rosters from files: opened, staged, compared with the records, and taken in."""
