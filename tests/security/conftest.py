"""Fixtures shared with the page tests in `tests/pages`."""

from page_fixtures import nothing_trained, trained, unscored, untrained

__all__ = ["nothing_trained", "trained", "unscored", "untrained"]
