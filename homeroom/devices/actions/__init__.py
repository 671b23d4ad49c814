"""What is done with issued resources, and to whom it is told: one module for each subject."""
