"""Sections of the page Responsible use."""
