"""What nodes ask, and what the technology director sees of them."""
