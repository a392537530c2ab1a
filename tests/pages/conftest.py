"""Fixtures shared by the page tests."""

from page_fixtures import nothing_trained, trained, unscored, untrained

__all__ = ["nothing_trained", "trained", "unscored", "untrained"]
