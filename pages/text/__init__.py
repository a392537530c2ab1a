"""Names made safe to show, and answers in sentences."""
