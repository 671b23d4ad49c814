"""Homeroom carries out a school district's acceptable use and safety policy, clause by clause."""

__version__ = "0.1.0"
