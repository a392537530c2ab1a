"""Sections of the page Confusion matrices."""
