"""What people fill in, by subject: translated, checked for shape; the actions judge the rest."""
