"""Escaped text and HTML, and results in sentences."""
