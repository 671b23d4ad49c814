"""A filter node's side of the district: pulls signed bundles, ships activity, says how it is. No Django here."""
