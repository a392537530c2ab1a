"""Sections of the page Model cards."""
