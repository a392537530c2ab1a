"""What the Per-class metrics are made of."""
