"""FER2013 and FER+: their pictures, labels and votes. Nothing about a model."""
