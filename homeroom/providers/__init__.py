"""Technology providers: contracts, their required terms, the yearly notice, inspection."""
