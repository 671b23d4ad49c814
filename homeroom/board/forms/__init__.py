"""Forms of the board's pages."""
