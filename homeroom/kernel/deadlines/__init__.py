"""Legal clocks: what starts them, how they count, when they are due."""
