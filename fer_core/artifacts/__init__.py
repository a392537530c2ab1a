"""Committed weights and results: read whole as they were committed, or not at all."""
