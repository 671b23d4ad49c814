"""Persons, roles, schools and classes."""
