"""What makes somebody a technology provider, and what its contract must say."""
