"""Every style sheet and the icon."""
