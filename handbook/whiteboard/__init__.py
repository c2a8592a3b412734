"""One module per challenge: what a strong candidate writes, no more."""
