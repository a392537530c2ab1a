"""What the page Per-class metrics is made of."""
