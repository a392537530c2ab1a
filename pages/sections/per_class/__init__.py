"""Sections of the page Per-class metrics."""
