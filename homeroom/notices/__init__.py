"""Notices that the policy owes: what is told, to whom, by when, by which way, and what proves it."""
