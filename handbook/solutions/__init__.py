"""One module per challenge, the canonical code and nothing else."""
