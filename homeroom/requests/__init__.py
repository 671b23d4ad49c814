"""Requests for records: of parents about a child, of authorities; and reviews of employees’ files."""
