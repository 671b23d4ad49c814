"""Processes at the edge: they answer names and requests from a bundle, and never touch the database."""
