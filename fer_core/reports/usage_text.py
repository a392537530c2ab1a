"""How to use a model in a program: code that runs as it stands, and what goes in and out."""

from fer_core.artifacts import weights_file
from fer_core.emotions import EMOTIONS
from fer_core.registry import MODELS, ModelSpec
from fer_core.reports.format import join_words
from fer_core.reports.markdown import bullet_list

HEADING = "Use it in your code"
LICENCE_ID = "MIT"  # of the SPDX list
LICENCE = f"{LICENCE_ID}, for code and weights"
INTENDED_USE = (
    "photos of one face, cut close and mostly from the front, as in FER2013: 48 × 48 grey pixels, "
    "found by web search, labelled by strangers"
)
NOT_INTENDED = (
    "Not tested on video, drawings or animals, nor by age, origin or gender, which FER2013 does "
    "not record. Not for judging people"
)
DOMAIN = f"{INTENDED_USE}. {NOT_INTENDED}"
ONNX_FILE = "model.onnx"  # what the programs call an exported file
#: Languages of the programs for an exported file, as Markdown calls them → title.
LANGUAGES = {"python": "Python", "csharp": "C#", "javascript": "JavaScript"}


def interface(model: ModelSpec) -> str:
    """Input, output, labels in order, licence and domain of validity, as a list in Markdown."""
    rows = {"Input": "`(N, 48, 48)` uint8, one grey face each; scaling is part of the model"}
    rows["Output"] = "`(N, 7)` float32, probabilities that sum to 1"
    if not model.members:
        function = "a sigmoid" if model.yes_no else "the softmax"
        rows["Output"] += f"; of the committed ONNX graph: logits, before {function}"
    rows["Labels, in order"] = ", ".join(EMOTIONS)
    rows["Licence"] = LICENCE
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


def export_command(model: ModelSpec) -> str:
    """The command that writes the file which the programs of `onnx_code` open."""
    options = f"--out {ONNX_FILE} --one-file --probabilities"
    return f"python -m fer_core export {model.name} {options}"


def onnx_code(language: str) -> str:
    """A short program for a model's exported file and one face that was already cut out.

    Args:
        language: One of `LANGUAGES`.
    """
    template = {"python": _PYTHON, "csharp": _CSHARP, "javascript": _JAVASCRIPT}[language]
    return template.replace("LABELS", " ".join(EMOTIONS)).replace("FILE", ONNX_FILE)


def onnx_note(model: ModelSpec) -> str:
    """What a network's committed files are, or which graphs that of an ensemble is made of."""
    if model.members:
        members = join_words([MODELS[member].title for member in model.members])
        return f"The exported graph includes the members, {members}."
    function = "a sigmoid and division by the sum" if model.yes_no else "a softmax"
    return (
        f"The committed files need no command, but give `logits`, before {function}. Keep both in "
        f"one folder: `{model.name}.onnx` holds the graph, `{weights_file.path(model).name}` its "
        "weights in half precision."
    )


def section(model: ModelSpec) -> str:
    """Everything above as Markdown, for the card that is downloaded."""
    blocks = [
        interface(model),
        f"```python\n{python_code(model)}```",
        "Without this library, from a file that the command line writes:",
        f"```sh\n{export_command(model)}\n```",
    ]
    blocks += [
        f"{title}:\n\n```{language}\n{onnx_code(language)}```"
        for language, title in LANGUAGES.items()
    ]
    return "\n\n".join([*blocks, onnx_note(model)])


_PYTHON = """\
import numpy as np
import onnxruntime
from PIL import Image

labels = "LABELS".split()
session = onnxruntime.InferenceSession("FILE")
# One face, cut close.
face = Image.open("face.png").convert("L").resize((48, 48))
chips = np.asarray(face)[None]
[probabilities] = session.run(["probabilities"], {"chips": chips})
print(labels[probabilities[0].argmax()], probabilities[0])
"""

_CSHARP = """\
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

var labels = "LABELS".Split();
using var session = new InferenceSession("FILE");
byte[] face = File.ReadAllBytes("face.gray");  // 48 × 48 bytes
var chips = new DenseTensor<byte>(face, new[] { 1, 48, 48 });
using var answers = session.Run(
    new[] { NamedOnnxValue.CreateFromTensor("chips", chips) });
float[] row = answers.First().AsEnumerable<float>().ToArray();
Console.WriteLine(labels[Array.IndexOf(row, row.Max())]);
"""

_JAVASCRIPT = """\
import * as ort from "onnxruntime-web";

const labels = "LABELS".split(" ");
const session = await ort.InferenceSession.create("FILE");
export async function classify(rgba) {  // 48 × 48 of getImageData
  const grey = Uint8Array.from({ length: 48 * 48 }, (_, i) => Math.round(
    0.299 * rgba[4 * i] + 0.587 * rgba[4 * i + 1] + 0.114 * rgba[4 * i + 2]));
  const chips = new ort.Tensor("uint8", grey, [1, 48, 48]);
  const { probabilities } = await session.run({ chips });
  return labels.map((label, i) => [label, probabilities.data[i]]);
}
"""
