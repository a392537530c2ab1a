"""Sections of the page Robustness."""
