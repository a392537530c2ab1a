"""What the page Responsible use is made of."""
