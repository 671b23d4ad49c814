"""The triggers by which the database refuses to change a signature, for SQLite and for PostgreSQL."""

from __future__ import annotations

REFUSED = "A signature is never changed; a new one is added."

_SQLITE = f"""
    CREATE TRIGGER agreements_signature_stays BEFORE UPDATE ON agreements_signature
    BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"""
_POSTGRESQL = (
    f"""
    CREATE FUNCTION agreements_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{REFUSED}'; END $$""",
    """
    CREATE TRIGGER agreements_signature_stays BEFORE UPDATE ON agreements_signature
    FOR EACH ROW EXECUTE FUNCTION agreements_refuse()""",
)


def make(vendor: str) -> list[str]:
    """The statements that set the guard up; raises ValueError for a database that Homeroom does not know."""
    if vendor == "sqlite":
        return [_SQLITE]
    if vendor == "postgresql":
        return list(_POSTGRESQL)
    raise ValueError(f"Homeroom keeps its records in SQLite or PostgreSQL, not in {vendor}.")


def drop(vendor: str) -> list[str]:
    """The statements that take the guard down."""
    if vendor == "sqlite":
        return ["DROP TRIGGER IF EXISTS agreements_signature_stays"]
    gone = "DROP TRIGGER IF EXISTS agreements_signature_stays ON agreements_signature"
    return [gone, "DROP FUNCTION IF EXISTS agreements_refuse()"]
