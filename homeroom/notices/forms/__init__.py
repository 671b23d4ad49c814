"""Forms of notices, clocks and closings."""
