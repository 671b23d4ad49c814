"""Questions about issued resources, accesses, duties to tell; they never write."""
