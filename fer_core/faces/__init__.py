"""RGB pixels → faces, upright and cut out as 48×48 chips. Knows nothing of models."""
