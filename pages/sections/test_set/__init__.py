"""The parts of the page Your test set."""
