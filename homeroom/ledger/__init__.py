"""The public page: every clause of the policy, how it is kept, and what shows it."""
