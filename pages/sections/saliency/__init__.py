"""What the page Saliency is made of."""
