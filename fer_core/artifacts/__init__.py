"""Committed weights and results, verified by checksum on every read."""
