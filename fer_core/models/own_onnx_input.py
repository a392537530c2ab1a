"""The input of a foreign network: its shape, and how chips become it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

import cv2
import numpy as np

from fer_core.models.own_onnx_file import OwnModelError

Layout = Literal["NCHW", "NHWC", "NHW"]
LAYOUTS: Final[tuple[Layout, ...]] = ("NCHW", "NHWC", "NHW")
TYPES: Final[Mapping[str, np.dtype[Any]]] = {
    "tensor(uint8)": np.dtype(np.uint8),
    "tensor(float)": np.dtype(np.float32),
    "tensor(float16)": np.dtype(np.float16),
    "tensor(double)": np.dtype(np.float64),
}
MAX_SIZE: Final = 1024  # pixels
MAX_BATCH: Final = 256  # faces, of a network that takes no other number


@dataclass(frozen=True)
class InputForm:
    """What a network takes.

    Attributes:
        name: Name of its input.
        dtype: Its type; chips go into uint8 as they are.
        layout: Order of its dimensions; `NHW` has no channels.
        size: Side length in pixels.
        channels: The grey channel is repeated this many times.
        batch: Faces per run; None for any number.
        scale: What white is before the mean is subtracted, 1 or 255.
        mean: Subtracted, one number or one per channel.
        std: Divides the difference, likewise.
    """

    name: str
    dtype: np.dtype[Any]
    layout: Layout
    size: int
    channels: int
    batch: int | None
    scale: float = 1.0
    mean: tuple[float, ...] = (0.0,)
    std: tuple[float, ...] = (1.0,)

    def tensor(self, chips: np.ndarray) -> np.ndarray:
        """Chips (N, 48, 48) uint8 as the network's input, N ≥ 1."""
        side = chips.shape[1]
        pixels = chips.astype(np.float32)
        if self.size != side:
            method = cv2.INTER_AREA if self.size < side else cv2.INTER_LINEAR
            shape = (self.size, self.size)
            pixels = np.array([cv2.resize(chip, shape, interpolation=method) for chip in pixels])
        if self.dtype == np.uint8:
            pixels = pixels.round().clip(0, 255)
        if self.layout == "NHW":
            channels = pixels if self.dtype == np.uint8 else self._normalized(pixels, 0)
        else:
            axis = 1 if self.layout == "NCHW" else 3
            each = [
                pixels if self.dtype == np.uint8 else self._normalized(pixels, channel)
                for channel in range(self.channels)
            ]
            channels = np.stack(each, axis=axis)
        return np.ascontiguousarray(channels, self.dtype)

    def _normalized(self, pixels: np.ndarray, channel: int) -> np.ndarray:
        mean, std = self.mean[channel % len(self.mean)], self.std[channel % len(self.std)]
        scaled: np.ndarray = (pixels * np.float32(self.scale / 255) - mean) / std
        return scaled


def input_form(value: Any, fields: Mapping[str, Any], file: str) -> InputForm:
    """Find out what a network takes.

    Args:
        value: ONNX Runtime's description of its input.
        fields: What its user and the file say, see `own_onnx_file.FIELDS`.
        file: Name of the file, for errors.

    Raises:
        OwnModelError: Something is missing or contradicts the file; the sentence names the option.
    """
    if value.type not in TYPES:
        raise OwnModelError(f"{file} takes {value.type}; an image as uint8 or float is needed.")
    dtype = TYPES[value.type]
    dims = [each if isinstance(each, int) and each > 0 else None for each in value.shape]
    layout = _layout(dims, fields, file)
    channel_dim = {"NCHW": 1, "NHWC": 3}.get(layout)
    first_side = {"NCHW": 2, "NHWC": 1, "NHW": 1}[layout]
    height, width = dims[first_side : first_side + 2]
    if height and width and height != width:
        raise OwnModelError(f"{file} takes pictures of {width}×{height} pixels, not squares.")
    fixed = None if channel_dim is None else dims[channel_dim]
    channels = _whole("channels", fixed, fields, file) if channel_dim else 1
    if channels not in (1, 3):
        raise OwnModelError(f"{file} takes {channels} channels: 1 or 3 are possible.")
    size = _whole("size", height or width, fields, file)
    if not 8 <= size <= MAX_SIZE:
        raise OwnModelError(f"{file} takes {size} pixels a side: 8 to {MAX_SIZE} are possible.")
    if dims[0] and dims[0] > MAX_BATCH:
        raise OwnModelError(
            f"{file} takes {dims[0]} faces at once: up to {MAX_BATCH} are possible."
        )
    form = InputForm(value.name, dtype, layout, size, channels, dims[0])
    if dtype == np.uint8:
        return form
    mean, std = (_numbers(name, channels, fields, file) for name in ("mean", "std"))
    if min(std) <= 0:
        raise OwnModelError(f"The option std of {file} must be above 0.")
    given = fields.get("scale")
    scale = given if given is not None else (255 if max(mean) > 1 else 1)
    if scale not in (1, 255):
        raise OwnModelError(f"The option scale of {file} must be 1 or 255: what white is.")
    return InputForm(value.name, dtype, layout, size, channels, dims[0], float(scale), mean, std)


def _layout(dims: list[int | None], fields: Mapping[str, Any], file: str) -> Layout:
    layout = fields.get("layout")
    if layout is None and len(dims) == 3:
        return "NHW"
    if layout is None and len(dims) == 4:
        if dims[1] in (1, 3):
            return "NCHW"
        if dims[3] in (1, 3):
            return "NHWC"
    if layout in LAYOUTS and len(dims) == len(layout):
        return cast(Layout, layout)
    if len(dims) not in (3, 4):
        raise OwnModelError(f"{file} takes {len(dims)} dimensions: no batch of pictures.")
    raise OwnModelError(
        f"The order of the dimensions of {file} is not known: give the option layout, NCHW or NHWC."
    )


def _whole(name: str, fixed: int | None, fields: Mapping[str, Any], file: str) -> int:
    """A number that the file fixes, or else an option."""
    given = fields.get(name)
    if given is not None and (not isinstance(given, int) or isinstance(given, bool)):
        raise OwnModelError(f"The option {name} of {file} must be a whole number.")
    if fixed and given not in (None, fixed):
        raise OwnModelError(f"The option {name} of {file} must be {fixed}, not {given}.")
    if not fixed and given is None:
        raise OwnModelError(f"{file} does not say which {name} it takes: give the option {name}.")
    return int(fixed or given or 0)


def _numbers(name: str, channels: int, fields: Mapping[str, Any], file: str) -> tuple[float, ...]:
    given = fields.get(name)
    if given is None:
        raise OwnModelError(
            f"{file} takes numbers and does not say how pixels become them: give the option {name} "
            "(mean 0 and std 1 for grey values from 0 to 1)."
        )
    numbers = given if isinstance(given, (list, tuple)) else (given,)
    is_valid = all(isinstance(each, (int, float)) and math.isfinite(each) for each in numbers)
    if not is_valid or len(numbers) not in {1, channels}:
        raise OwnModelError(f"The option {name} of {file} must be 1 or {channels} numbers.")
    return tuple(float(each) for each in numbers)
