"""School-issued resources: loan and return, who may look at what on them, and who is then told."""
