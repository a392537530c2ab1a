"""What stands around every page: set-up, menu and links."""
