"""The pages of notices, clocks and closings."""
