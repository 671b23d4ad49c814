"""The triggers that make the journal's table only grow, for SQLite and for PostgreSQL."""
# ruff: noqa: S608 (constants only, nothing of a caller's enters these statements)

from __future__ import annotations

GENESIS = "0" * 64
REFUSED = "The journal only grows: no entry is ever changed, removed or put in between."

_SQLITE = {
    "journal_no_update": f"""
        CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal_entry
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    "journal_no_delete": f"""
        CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal_entry
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    "journal_only_next": f"""
        CREATE TRIGGER journal_only_next BEFORE INSERT ON journal_entry
        WHEN NEW.id IS NOT coalesce((SELECT max(id) FROM journal_entry), 0) + 1
          OR NEW.previous IS NOT coalesce(
               (SELECT hash FROM journal_entry ORDER BY id DESC LIMIT 1), '{GENESIS}')
          OR EXISTS (SELECT 1 FROM journal_entry WHERE hash = NEW.hash)
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
}

_POSTGRESQL = {
    "journal_no_change": """
        CREATE TRIGGER journal_no_change BEFORE UPDATE OR DELETE ON journal_entry
        FOR EACH ROW EXECUTE FUNCTION journal_refuse()""",
    "journal_no_truncate": """
        CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal_entry
        FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()""",
    "journal_only_next": """
        CREATE TRIGGER journal_only_next BEFORE INSERT ON journal_entry
        FOR EACH ROW EXECUTE FUNCTION journal_next()""",
}

_FUNCTIONS = (
    f"""
        CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{REFUSED}'; END $$""",
    f"""
        CREATE FUNCTION journal_next() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NEW.id IS DISTINCT FROM coalesce((SELECT max(id) FROM journal_entry), 0) + 1
             OR NEW.previous IS DISTINCT FROM coalesce(
                  (SELECT hash FROM journal_entry ORDER BY id DESC LIMIT 1), '{GENESIS}') THEN
            RAISE EXCEPTION '{REFUSED}';
          END IF;
          RETURN NEW;
        END $$""",
)


def make(vendor: str) -> list[str]:
    """The statements that set the guard up; raises ValueError for a database that Homeroom does not know."""
    if vendor == "sqlite":
        return list(_SQLITE.values())
    if vendor == "postgresql":
        return [*_FUNCTIONS, *_POSTGRESQL.values()]
    raise ValueError(f"Homeroom keeps its journal in SQLite or PostgreSQL, not in {vendor}.")


def drop(vendor: str) -> list[str]:
    """The statements that take the guard down, for a table that is about to go."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in _SQLITE]
    gone = [f"DROP TRIGGER IF EXISTS {name} ON journal_entry" for name in _POSTGRESQL]
    return [*gone, "DROP FUNCTION IF EXISTS journal_refuse()", "DROP FUNCTION IF EXISTS journal_next()"]
