"""Sizes of resized images."""


def scaled_size(width: int, height: int, factor: float) -> tuple[int, int]:
    """Multiply a size by `factor`: whole px, at least 1 however narrow the image."""
    return max(1, round(width * factor)), max(1, round(height * factor))
