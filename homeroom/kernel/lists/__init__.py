"""Names, list readers and the compiled table."""
