"""The ledger for everybody, and what officials do with it."""
