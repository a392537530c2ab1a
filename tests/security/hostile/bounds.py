"""How much work any file may make: what the limits that the library states come to.

The numbers are written out, so that a limit cannot be raised without notice.
"""

from counted_work import Work

#: The most of each count.
MOST = {
    "reads": 250_001,
    "bytes_read": 2**16,  # and three times the file's size: a JPEG's metadata are read twice
    "bytes_unpacked": 100 * 2**20,
    "canvas_pixels": 80_000_000,  # one of 50 million, or a turned TIFF of 40 and its copy
    "pixels_passed": 1_000_000_000,
    "calls": 5_000_000,  # some twenty for every read
    "looks": 8 + 220,  # at the whole picture in two sizes and four turns, then close-ups
    "pixels_looked_at": 4 * (1280**2 + 320**2) + 220 * 256**2,
}


def excess(work: Work, size: int) -> dict[str, int]:
    """The counts that are more than a file of `size` bytes may make; none where all is well."""
    most = MOST | {"bytes_read": MOST["bytes_read"] + 3 * size}
    return {name: found for name, found in vars(work).items() if found > most[name]}
