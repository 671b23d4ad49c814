"""The questions of filtering, by subject; they never write."""
