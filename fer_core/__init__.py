"""FER Explorer's library: facial-expression-recognition models behind one interface.

>>> import fer_core as fer
>>> from fer_core.imaging.sample_photo import sample_photo
>>> photo = fer.analyze(sample_photo(), "multiclass")
>>> photo.faces[0].answers["multiclass"].emotion
'happy'
>>> chips = fer.detect_faces(sample_photo()).chips
>>> chips.shape, str(fer.load_model("multiclass").predict(chips)[0])
((1, 48, 48), 'happy')

The names in `__all__` are the public API; everything else is internal. Importing the package does
not import NumPy, ONNX Runtime, torch or TensorFlow; names that need them import them on first use.
"""

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if sys.version_info < (3, 11):  # noqa: UP036 (one sentence instead of a syntax error)
    message = f"FER Explorer needs Python 3.11 or newer; this is {sys.version.split()[0]}."
    if sys.argv[:1] == ["-m"]:  # python -m fer_core
        sys.exit(message)
    raise ImportError(message)

from fer_core.emotions import EMOTIONS
from fer_core.errors import (
    DataError,
    FerError,
    ImageError,
    MissingPackageError,
    NotTrainedError,
    ResultsError,
    UnknownModelError,
    VideoError,
    WeightsError,
)
from fer_core.registry import MODELS, ModelSpec, get_model_spec, list_models

if TYPE_CHECKING:
    from fer_core import explain
    from fer_core.analysis import analyze, analyze_video
    from fer_core.evaluation.conformal import prediction_set
    from fer_core.models.create import create_model, network_input
    from fer_core.models.predictors import load as load_model
    from fer_core.own_sets.evaluate import evaluate
    from fer_core.own_sets.results_file import load_results
    from fer_core.pipeline import detect_faces
    from fer_core.quality import face_quality

# ONNX Runtime builds may send usage telemetry to Microsoft. Setting this before the import disables
# it: no event, no device identifier, no connection.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

__version__ = "0.1.0"

__all__ = [
    "EMOTIONS",
    "MODELS",
    "DataError",
    "FerError",
    "ImageError",
    "MissingPackageError",
    "ModelSpec",
    "NotTrainedError",
    "ResultsError",
    "UnknownModelError",
    "VideoError",
    "WeightsError",
    "analyze",
    "analyze_video",
    "create_model",
    "detect_faces",
    "evaluate",
    "explain",
    "face_quality",
    "get_model_spec",
    "list_models",
    "load_model",
    "load_results",
    "network_input",
    "prediction_set",
]
_LAZY_IMPORTS = {
    "analyze": ("fer_core.analysis", "analyze"),
    "analyze_video": ("fer_core.analysis", "analyze_video"),
    "create_model": ("fer_core.models.create", "create_model"),
    "detect_faces": ("fer_core.pipeline", "detect_faces"),
    "evaluate": ("fer_core.own_sets.evaluate", "evaluate"),
    "face_quality": ("fer_core.quality", "face_quality"),
    "load_model": ("fer_core.models.predictors", "load"),
    "load_results": ("fer_core.own_sets.results_file", "load_results"),
    "network_input": ("fer_core.models.create", "network_input"),
    "prediction_set": ("fer_core.evaluation.conformal", "prediction_set"),
}


def __getattr__(name: str) -> Any:
    if name == "explain":  # a callable package
        return import_module("fer_core.explain")
    if name in _LAZY_IMPORTS:
        module, attribute = _LAZY_IMPORTS[name]
        return getattr(import_module(module), attribute)
    raise AttributeError(f"module 'fer_core' has no attribute {name!r}")
