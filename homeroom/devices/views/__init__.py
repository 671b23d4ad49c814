"""The pages about devices, accesses, and one's own."""
