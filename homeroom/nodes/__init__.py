"""Filter nodes: enrolled by a one-time code, given signed bundles, heard when they ship activity."""
