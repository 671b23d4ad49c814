"""The compiled table (being written)."""

from homeroom.kernel.decision.bundle import EmptyTable


class BadTable(ValueError):
    """A compiled table that cannot be served."""


class Table(EmptyTable):
    """Placeholder until the compiled table lands."""

    def __init__(self, buffer: object) -> None:
        raise BadTable("The compiled table is not there yet.")
