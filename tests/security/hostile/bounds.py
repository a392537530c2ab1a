"""How much work any file may make: what the library's own limits come to."""

from counted_work import Work
from PIL import PngImagePlugin

from fer_core.faces import detect
from fer_core.imaging import decode, header_limits

GLANCES = 4 * (1280**2 + detect.GLANCE_SIDE**2)  # px: two sizes, four turns
#: The most of each count; of bytes read beside it three times the file's own size, since a JPEG's
#: metadata are read twice.
MOST = {
    "reads": header_limits.MAX_READS + 1,
    "bytes_read": 2**16,
    "bytes_unpacked": header_limits.MAX_PACKED_PARTS * PngImagePlugin.MAX_TEXT_CHUNK,
    "canvas_pixels": max(decode.MAX_PIXELS, 2 * decode.MAX_TURNED_TIFF_PIXELS),
    "pixels_passed": decode.MAX_PASSED_PIXELS,
    "calls": 20 * header_limits.MAX_READS,
    "looks": 8 + detect.MAX_LOOKS,
    "pixels_looked_at": GLANCES + detect.MAX_LOOKS * detect.CLOSE_UP**2,
}


def excess(work: Work, size: int) -> dict[str, int]:
    """The counts that are more than a file of `size` bytes may make; none where all is well."""
    most = MOST | {"bytes_read": MOST["bytes_read"] + 3 * size}
    return {name: found for name, found in vars(work).items() if found > most[name]}
