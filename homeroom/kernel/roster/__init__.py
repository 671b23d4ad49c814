"""Rosters: what student information systems write into their files, read with patience and without harm.

Bytes in, records and problems out. Nothing here opens a file, and nothing here raises for what stands in one.
"""
