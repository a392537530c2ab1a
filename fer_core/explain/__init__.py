"""Heat maps: where in a face a variant found what speaks for an emotion, and whether that is true.

>>> import numpy as np
>>> from fer_core.explain import METHODS, explain
>>> list(METHODS)[:2]
['grad_cam', 'grad_cam_plus_plus']
>>> [found] = explain("multiclass", np.zeros((1, 48, 48), np.uint8), "happy")
>>> found.map.shape, found.emotion
((48, 48), 'happy')

The package can be called: `fer_core.explain(...)` is `fer_core.explain.explain(...)`.

Importing this package imports neither torch nor TensorFlow; the first map of a network does. How
maps are made and tested is told in docs/saliency.md.
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from fer_core.explain.layers import DEPTHS
from fer_core.explain.methods import METHODS, Method, default_depth, get_method, list_methods

if TYPE_CHECKING:
    from fer_core.explain.api import explain, heat_maps
    from fer_core.explain.explanation import Explanation, Contribution

__all__ = [
    "DEPTHS",
    "METHODS",
    "Explanation",
    "Method",
    "Contribution",
    "default_depth",
    "explain",
    "heat_maps",
    "get_method",
    "list_methods",
]


def __getattr__(name: str) -> Any:
    # These need NumPy and ONNX Runtime; the command line must start without them.
    if name in ("explain", "heat_maps"):
        from fer_core.explain import api

        return getattr(api, name)
    if name in ("Explanation", "Part"):
        from fer_core.explain import explanation

        return getattr(explanation, name)
    raise AttributeError(f"module 'fer_core.explain' has no attribute {name!r}")


class _Callable(ModuleType):
    """So that the front door has `explain` as a function beside the package of that name."""

    def __call__(self, *args: Any, **kwargs: Any) -> "list[Explanation]":
        from fer_core.explain.api import explain

        return explain(*args, **kwargs)


sys.modules[__name__].__class__ = _Callable
