"""What the page The crowd's eye is made of."""
