"""Frame of every page: set-up, menu and navigation."""
