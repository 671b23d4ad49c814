"""What people fill in about devices."""
