"""What the Model cards are made of."""
