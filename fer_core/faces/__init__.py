"""RGB pixels → faces, turned upright and cropped as 48×48 chips. Independent of the models."""
