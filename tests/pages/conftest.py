"""What the page tests share."""

from page_fixtures import nothing_trained, trained, unscored, untrained

__all__ = ["nothing_trained", "trained", "unscored", "untrained"]
