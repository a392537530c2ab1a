"""A user's own ONNX file as a predictor like those of the registry."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime as ort

from fer_core import own_model
from fer_core.arrays import as_chips
from fer_core.emotions import EMOTIONS, emotion_named
from fer_core.errors import FerError
from fer_core.models.base import Predictor
from fer_core.models.own_onnx_file import FIELDS, OwnModelError, read, stored_fields
from fer_core.models.own_onnx_input import Layout, input_form
from fer_core.onnx_session import providers, session_options
from fer_core.probability import softmax
from fer_core.registry import ModelSpec

BATCH_SIZE: Final = 64  # chips per run; bounds the memory
PROBE_FACES: Final = 4
SUM_TOLERANCE: Final = 0.01  # within which rows are probabilities, also of half precision
SCORES_NOTE: Final = (
    "Its outputs lie between 0 and 1 and do not sum to 1: they are taken as independent scores, "
    "and divided by their sum."
)
SMALLEST: Final = np.finfo(np.float32).tiny


@dataclass(frozen=True)
class OwnOnnx:
    """An own ONNX file and its options; it can be sent to another process.

    What is None is read from the file's metadata, or from a .json file of the same name beside it.

    Attributes:
        path: Path of the file.
        labels: Names of its outputs in their order; other classes than the seven are left out.
        size: Side length of its input in pixels.
        channels: Of its input, 1 or 3.
        mean: Subtracted from pixels, one number or one per channel.
        std: Divides the difference, likewise.
        scale: What white is before that: 1, the default, or 255, the default where `mean` is
            above 1.
        layout: Order of its input's dimensions.
        title: Display name; the file's name by default.
    """

    path: str
    labels: tuple[str, ...] | None = None
    size: int | None = None
    channels: int | None = None
    mean: tuple[float, ...] | None = None
    std: tuple[float, ...] | None = None
    scale: float | None = None
    layout: Layout | None = None
    title: str | None = None

    @property
    def name(self) -> str:
        """The identifier that its record has; the file is not read."""
        return self.spec().name

    def spec(self, stored_title: str = "") -> ModelSpec:
        """The model's record, with the title that the file has stored where no other is given."""
        stem = Path(self.path).stem
        return own_model.own_model_spec(stem, self.title or stored_title, self.path)


class OwnOnnxPredictor(Predictor):
    """A foreign network; see `load_own_onnx`.

    Attributes:
        form: What its input is.
        has_probabilities: Whether its outputs are probabilities or independent scores, not logits.
        notes: What its user should know, such as classes left out; sentences.
    """

    def __init__(self, own: OwnOnnx, model: ModelSpec | None = None) -> None:
        path = Path(own.path)
        graph = read(path)
        fields = stored_fields(path, graph)
        fields |= {key: v for key in FIELDS if (v := getattr(own, key)) is not None}
        self.model = model or own.spec(str(fields.get("title") or ""))
        self.precision = "fp32"
        self._file = path.name
        try:
            self._session = ort.InferenceSession(path, session_options(), providers=providers())
        except Exception as error:  # ONNX Runtime raises private types
            raise OwnModelError(f"{path.name} cannot be loaded by ONNX Runtime.") from error
        inputs = self._session.get_inputs()
        names = [output.name for output in self._session.get_outputs()]
        if len(inputs) != 1 or not names:
            raise OwnModelError(
                f"{path.name} has {len(inputs)} inputs and {len(names)} outputs; one of each is "
                "needed."
            )
        self.form = input_form(inputs[0], fields, path.name)
        self._output = "probabilities" if "probabilities" in names else names[0]
        probe = self._run(_probe_chips())
        self._columns, self.notes = _columns(fields.get("labels"), probe.shape[1], path.name)
        self.has_probabilities = bool(((probe >= 0) & (probe <= 1 + SUM_TOLERANCE)).all())
        if self.has_probabilities and (abs(probe.sum(axis=1) - 1) > SUM_TOLERANCE).any():
            self.notes += (SCORES_NOTE,)

    def predict_proba(self, chips: np.ndarray) -> np.ndarray:
        return softmax(self.decision_function(chips))

    def decision_function(self, chips: np.ndarray) -> np.ndarray:
        """As of `Predictor`; the logarithms of probabilities and scores."""
        outputs = self._run(as_chips(chips))[:, self._columns]
        if not self.has_probabilities:
            return outputs
        logarithms: np.ndarray = np.log(np.maximum(outputs, SMALLEST))
        return logarithms

    def features(self, chips: np.ndarray) -> np.ndarray:
        """Raise `FerError`: where a foreign network's features are is not known."""
        raise FerError(f"The features of {self.model.title} are not available.")

    def _run(self, chips: np.ndarray) -> np.ndarray:
        """Outputs (N, K) float32 of chips, in batches as large as the network takes."""
        step = self.form.batch or BATCH_SIZE
        rows = chips if len(chips) else np.zeros((1, 48, 48), np.uint8)
        outputs = [self._run_batch(rows[i : i + step]) for i in range(0, len(rows), step)]
        result = np.concatenate(outputs)[: len(chips)]
        if not np.isfinite(result).all():
            raise OwnModelError(f"{self._file} answered with NaN or infinite numbers.")
        return result

    def _run_batch(self, chips: np.ndarray) -> np.ndarray:
        padding = (self.form.batch or len(chips)) - len(chips)
        padded = np.concatenate([chips, np.zeros((padding, 48, 48), np.uint8)])
        try:
            [output] = self._session.run([self._output], {self.form.name: self.form.tensor(padded)})
            return np.asarray(output, np.float32).reshape(len(padded), -1)[: len(chips)]
        except Exception as error:  # ONNX Runtime raises private types
            raise OwnModelError(
                f"{self._file} cannot be run: memory is short, or its input is another than the "
                f"options say ({self.form.layout}, {self.form.size} pixels)."
            ) from error


def load_own_onnx(
    path: str | Path,
    *,
    labels: Sequence[str] | None = None,
    size: int | None = None,
    channels: int | None = None,
    mean: float | Sequence[float] | None = None,
    std: float | Sequence[float] | None = None,
    scale: float | None = None,
    layout: Layout | None = None,
    title: str | None = None,
) -> OwnOnnxPredictor:
    """Load a user's own ONNX file as a predictor; arguments as of `OwnOnnx`.

    Its input is uint8 or float, with 1 or 3 channels, and its output logits, probabilities
    or independent scores: which of them is told by the answers to a few made-up faces.

    Raises:
        OwnModelError: The file cannot be used, or an option is missing, which the sentence names.
    """
    return OwnOnnxPredictor(
        OwnOnnx(
            str(path),
            tuple(labels) if labels is not None else None,
            size,
            channels,
            _tuple(mean),
            _tuple(std),
            scale,
            layout,
            title,
        )
    )


_REGISTERED: dict[str, OwnOnnx] = {}


def register(own: OwnOnnx) -> OwnOnnxPredictor:
    """Add an own file to the registry of this process, so that `predictors.load` finds it.

    For the operator of an app and for commands, never for what a visitor sends.

    Returns:
        The loaded file; `predictors.load` loads it anew by its name, when it is asked.

    Raises:
        OwnModelError: The file cannot be used, or another one has this name.
    """
    predictor = OwnOnnxPredictor(own)
    model = predictor.model
    try:
        own_model.register(model)
    except ValueError as error:
        raise OwnModelError(
            f"{own.path} needs another file name: {model.name} is taken."
        ) from error
    _REGISTERED[model.name] = own
    return predictor


def load_registered(model: ModelSpec) -> OwnOnnxPredictor:
    """Load the file of a model that was registered here."""
    return OwnOnnxPredictor(_REGISTERED[model.name], model)


def list_own_models(folder: Path) -> list[OwnOnnx]:
    """The ONNX files in a folder, by name; options are in them or in .json files beside them.

    Raises:
        OwnModelError: The folder cannot be listed.
    """
    try:
        files = sorted(file for file in folder.iterdir() if file.suffix.lower() == ".onnx")
    except OSError as error:
        raise OwnModelError(f"{folder} cannot be listed: {error.strerror}.") from error
    return [OwnOnnx(str(file)) for file in files if not file.name.startswith(".")]


def _tuple(numbers: float | Sequence[float] | None) -> tuple[float, ...] | None:
    if numbers is None or isinstance(numbers, Sequence):
        return None if numbers is None else tuple(numbers)
    return (numbers,)


def _probe_chips() -> np.ndarray:
    random = np.random.default_rng(0)
    noise: np.ndarray = random.integers(0, 256, (PROBE_FACES, 48, 48), np.uint8)
    return noise


def _columns(labels: object, n_outputs: int, file: str) -> tuple[list[int], tuple[str, ...]]:
    """The output of each emotion, and notes."""
    if labels is None:
        raise OwnModelError(
            f"{file} does not name its {n_outputs} outputs: give the option labels, in their order."
        )
    if not isinstance(labels, (list, tuple)) or len(labels) != n_outputs:
        raise OwnModelError(f"The option labels of {file} must name its {n_outputs} outputs.")
    places: dict[str, int] = {}
    left_out = []
    for place, label in enumerate(map(str, labels)):
        emotion = emotion_named(label)
        if emotion is None:
            left_out.append(label)
        elif emotion in places:
            raise OwnModelError(f"Two labels of {file} stand for {emotion}.")
        else:
            places[emotion] = place
    if missing := [emotion for emotion in EMOTIONS if emotion not in places]:
        raise OwnModelError(f"{file} has no output for {', '.join(missing)}; all seven are needed.")
    note = (
        f"Outputs that are left out, the other seven adding up to 1: {', '.join(left_out)}."
        if left_out
        else ""
    )
    return [places[emotion] for emotion in EMOTIONS], (note,) if note else ()
