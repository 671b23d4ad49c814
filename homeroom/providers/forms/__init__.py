"""Forms about providers and contracts."""
