"""What is blocked for whom: lists, categories, the choices of Article VI, local rules; builds and publishes bundles."""
