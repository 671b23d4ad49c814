"""The adopted policy as people wrote it, and the tree of clauses that machines and ledger refer to."""
