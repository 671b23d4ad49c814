"""What the school board decides: the texts of the policy, which of them is in force, and how it came to be."""
