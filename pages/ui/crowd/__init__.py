"""What The crowd's eye is made of."""
