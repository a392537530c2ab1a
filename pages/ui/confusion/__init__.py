"""What the Confusion matrices are made of."""
