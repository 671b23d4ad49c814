"""List sources, categories, local rules; builds and publishes bundles."""
