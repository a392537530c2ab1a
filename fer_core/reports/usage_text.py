"""How to use a model in a program: code that runs as it stands, and what goes in and out."""

from fer_core.artifacts import weights_file
from fer_core.emotions import EMOTIONS
from fer_core.registry import MODELS, ModelSpec
from fer_core.reports.format import join_words
from fer_core.reports.markdown import bullet_list

HEADING = "Use it in your code"
DOMAIN = (
    "photos of one face, cut close and mostly from the front, as in FER2013: 48 × 48 grey pixels, "
    "found by web search, labelled by strangers. Not tested on video, drawings or animals, nor by "
    "age, origin or gender, which FER2013 does not record. Not for judging people"
)


def interface(model: ModelSpec) -> str:
    """Input, output, labels in order, licence and domain of validity, as a list in Markdown."""
    rows = {"Input": "`(N, 48, 48)` uint8, one grey face each; scaling is part of the model"}
    rows["Output"] = "`(N, 7)` float32, probabilities that sum to 1"
    if not model.members:
        function = "a sigmoid" if model.yes_no else "the softmax"
        rows["Output"] += f"; of the ONNX graph: logits, before {function}"
    rows["Labels, in order"] = ", ".join(EMOTIONS)
    rows["Licence"] = "MIT, for code and weights"
    rows["Made for"] = DOMAIN
    return bullet_list(rows.items())


def python_code(model: ModelSpec) -> str:
    """A program that uses this project's library: it finds the faces of a photo."""
    return f'''\
import fer_core as fer

faces = fer.detect_faces("photo.jpg")  # a path, bytes or an array
model = fer.load_model("{model.name}")
probabilities = model.predict_proba(faces.chips)  # (N, 7)
for face, row in zip(faces.faces, probabilities):
    print(face.box, fer.EMOTIONS[row.argmax()], f"{{row.max():.0%}}")
'''


def onnx_code(model: ModelSpec) -> str:
    """A program that needs NumPy, Pillow and ONNX Runtime only, for a face already cut out.

    Raises:
        ValueError: The model is an ensemble, which has no graph of its own.
    """
    if model.members:
        raise ValueError(f"{model.name} is an ensemble")
    weights = weights_file.path(model).name
    if model.yes_no:
        formula = """\
scores = 1 / (1 + np.exp(-logits))  # seven answers of their own
probabilities = scores / scores.sum(axis=1, keepdims=True)"""
    else:
        formula = """\
powers = np.exp(logits - logits.max(axis=1, keepdims=True))
probabilities = powers / powers.sum(axis=1, keepdims=True)"""
    return f"""\
import numpy as np
import onnxruntime
from PIL import Image

labels = "{" ".join(EMOTIONS)}".split()
# The folder also holds {weights}.
session = onnxruntime.InferenceSession("{model.name}.onnx")
# One face, cut close.
face = Image.open("face.png").convert("L").resize((48, 48))
logits = session.run(None, {{"chips": np.asarray(face)[None]}})[0]
{formula}
print(labels[probabilities[0].argmax()], probabilities[0])
"""


def onnx_note(model: ModelSpec) -> str:
    """What the files of the graph are, or why there are none."""
    if model.members:
        members = join_words([MODELS[member].title for member in model.members])
        return (
            f"An ensemble has no graph of its own: it combines the outputs of {members}, whose "
            "cards have theirs. The library combines them."
        )
    return (
        f"Keep both files in one folder: `{model.name}.onnx` holds the graph, "
        f"`{weights_file.path(model).name}` its weights in half precision."
    )


def section(model: ModelSpec) -> str:
    """Everything above as Markdown, for the card that is downloaded."""
    programs = [python_code(model), *([] if model.members else [onnx_code(model)])]
    blocks = "\n\n".join(f"```python\n{program}```" for program in programs)
    return f"{interface(model)}\n\n{blocks}\n\n{onnx_note(model)}"
