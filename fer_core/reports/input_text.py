"""What happens to a face before the first layer of a network, in words."""

from fer_core.artifacts import summaries
from fer_core.registry import ModelSpec, Preprocessing


def input_text(model: ModelSpec) -> str:
    """The input of a model: 'A grey face of 48 × 48 pixels; grey values from 0 to 1'."""
    preprocessing = _preprocessing(model)
    if preprocessing is None:
        return "The outputs of its members for a face"
    text = "A grey face of 48 × 48 pixels"
    if preprocessing.size != 48:
        text += f", enlarged to {preprocessing.size} × {preprocessing.size}"
    if preprocessing.channels > 1:
        text += f", the grey channel repeated {preprocessing.channels} times"
    text += "; grey values from 0 to 1"
    if (preprocessing.mean, preprocessing.std) != (0, 1):
        text += f", minus {preprocessing.mean:g}, divided by {preprocessing.std:g}"
    return text


def _preprocessing(model: ModelSpec) -> Preprocessing | None:
    """The preprocessing of the committed weights; their recipe may override the input size."""
    size = (summaries.load_summary(model) or {}).get("recipe", {}).get("size", 0)
    return None if model.preprocessing is None else model.preprocessing.at(size)
