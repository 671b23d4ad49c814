"""The pages about providers."""
