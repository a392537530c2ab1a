"""Sections of the page Home."""
