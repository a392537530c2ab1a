"""What the page Model cards is made of."""
