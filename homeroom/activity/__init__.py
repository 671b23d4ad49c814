"""Takes in what doors saw, with the least that must be kept, and lets it go in time."""
