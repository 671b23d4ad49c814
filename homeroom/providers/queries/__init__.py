"""Questions about providers and contracts."""
