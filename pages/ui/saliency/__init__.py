"""What the Saliency page is made of."""
