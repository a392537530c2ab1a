"""FER Explorer's library: eight facial-expression-recognition variants behind one protocol.

>>> import numpy as np
>>> from fer_core import load
>>> load("multiclass").predict_proba(np.zeros((2, 48, 48), np.uint8)).shape
(2, 7)
"""

import os
from typing import TYPE_CHECKING, Any

from fer_core.emotions import EMOTIONS
from fer_core.registry import VARIANTS, ModelSpec, get

if TYPE_CHECKING:
    from fer_core.models.predictors import load

# ONNX Runtime's builds report to Microsoft what they are used for, unless this stands in the
# environment before they are imported: then no event, no device number and no connection is made.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

__version__ = "0.1.0"

__all__ = ["EMOTIONS", "VARIANTS", "ModelSpec", "get", "load"]


def __getattr__(name: str) -> Any:
    # `load` needs NumPy and ONNX Runtime; listing the variants must stay instant without them.
    if name == "load":
        from fer_core.models.predictors import load

        return load
    raise AttributeError(f"module 'fer_core' has no attribute {name!r}")
