"""What is done with requests for records."""
