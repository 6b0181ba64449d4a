"""One script a peer, each run by the Python of its own environment."""
