"""What the tests of pages share with those in `tests/pages`."""

from page_fixtures import nothing_trained, trained, unscored, untrained

__all__ = ["nothing_trained", "trained", "unscored", "untrained"]
