"""Sign-in, identity at the network, and the facts behind standing."""
