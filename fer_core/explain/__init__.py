"""Heat maps: where in a face a model finds evidence for an emotion, and how faithful the map is.

>>> import numpy as np
>>> from fer_core.explain import METHODS, explain
>>> list(METHODS)[:2]
['layer_cam', 'grad_cam']
>>> [explanation] = explain("multiclass", np.zeros((1, 48, 48), np.uint8), "happy")
>>> explanation.map.shape, explanation.emotion
((48, 48), 'happy')

The package is callable: `fer_core.explain(...)` is `fer_core.explain.explain(...)`.

Importing this package imports neither torch nor TensorFlow; the first map does. docs/saliency.md
describes how maps are computed and tested.
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from fer_core.explain.layers import DEPTHS
from fer_core.explain.methods import METHODS, Method, default_depth, get_method, list_methods

if TYPE_CHECKING:
    from fer_core.explain.api import explain, heat_maps
    from fer_core.explain.explanation import Contribution, Explanation

__all__ = [
    "DEPTHS",
    "METHODS",
    "Contribution",
    "Explanation",
    "Method",
    "default_depth",
    "explain",
    "get_method",
    "heat_maps",
    "list_methods",
]


def __getattr__(name: str) -> Any:
    # Lazy: these need NumPy and ONNX Runtime, and the command line must start without them.
    if name in ("explain", "heat_maps"):
        from fer_core.explain import api

        return getattr(api, name)
    if name in ("Contribution", "Explanation"):
        from fer_core.explain import explanation

        return getattr(explanation, name)
    raise AttributeError(f"module 'fer_core.explain' has no attribute {name!r}")


class _Callable(ModuleType):
    """A package that can be called, so that `fer_core.explain` is a function as well."""

    def __call__(self, *args: Any, **kwargs: Any) -> "list[Explanation]":
        from fer_core.explain.api import explain

        return explain(*args, **kwargs)


sys.modules[__name__].__class__ = _Callable
