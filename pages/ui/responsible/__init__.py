"""What Responsible use is made of."""
