"""Forms about requests for records."""
