"""Tags for all templates of the house."""
