"""The pages of filtering, by subject."""
