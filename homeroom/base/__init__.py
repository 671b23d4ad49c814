"""The little Django that every app shares."""
