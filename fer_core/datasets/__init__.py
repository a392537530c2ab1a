"""FER2013 and FER+: images, labels and votes, independent of any model."""
