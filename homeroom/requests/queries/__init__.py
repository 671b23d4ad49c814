"""Questions about requests for records."""
