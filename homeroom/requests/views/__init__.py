"""The pages of requests for records."""
