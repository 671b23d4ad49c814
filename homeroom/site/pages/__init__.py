"""The pages that belong to the house itself, and what every page shares."""
