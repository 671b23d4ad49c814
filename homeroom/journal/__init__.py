"""Every act, in order: append-only and hash-chained."""
