"""Upper bounds on the work for any file, as the library's limits imply.

The numbers are repeated here so that a limit cannot be raised unnoticed.
"""

from counted_work import Work

#: The upper bound of each count.
MAX_WORK = {
    "reads": 250_001,
    "bytes_read": 2**16,  # and three times the file's size: a JPEG's metadata are read twice
    "bytes_unpacked": 100 * 2**20,
    "canvas_pixels": 80_000_000,  # one of 50 million, or a turned TIFF of 40 and its copy
    "pixels_passed": 750_000_000,
    "bytes_unfiltered": 170_000_000,
    "code_blocks": 5_000,
    "calls": 5_000_000,  # some twenty for every read
    "looks": 8 + 80 + 220,  # full image in two sizes and four rotations, then tiles, then crops
    "pixels_looked_at": 4 * (1280**2 + 320**2) + 11_200_000 + 220 * 256**2,
}


def excess(work: Work, size: int) -> dict[str, int]:
    """Return the counts above the bounds for a file of `size` bytes; empty if there are none."""
    limits = MAX_WORK | {"bytes_read": MAX_WORK["bytes_read"] + 3 * size}
    return {name: count for name, count in vars(work).items() if count > limits[name]}
