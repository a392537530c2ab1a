"""What the page Confusion matrices is made of."""
