"""State of one visitor's session: photos, results, heat maps and the session limit."""
