"""Exported files answer as the library does: in ONNX Runtime, in its web build and in OpenCV."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import onnxruntime as ort
import pytest
from node import run_node

from fer_core import MODELS, pipeline
from fer_core.artifacts.predictions import Predictions, load_predictions
from fer_core.cli.app import main
from fer_core.imaging.sample_photo import sample_photo
from fer_core.models import predictors
from fer_core.models.precision import Precision, resolve
from training.engine.data import FerData

Export = Callable[..., Path]
CASES: list[tuple[str, Precision]] = [
    (name, precision)
    for name, model in MODELS.items()
    for precision in ("fp32", "int8")
    if resolve(model, precision) == precision
]


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Export]:
    """Export a model once, as one file with probabilities; all are some 400 MB."""
    folder = tmp_path_factory.mktemp("exported")

    def write(name: str, precision: Precision = "fp32") -> Path:
        path = folder / f"{name}.{precision}.onnx"
        words = ["export", name, "--out", str(path), "--one-file", "--probabilities"]
        if not path.exists():
            assert main([*words, *["--int8"] * (precision == "int8")]) == 0
        return path

    yield write
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def faces(chips: np.ndarray) -> np.ndarray:
    """The synthetic chips and the sample photo's face."""
    return np.concatenate([chips, pipeline.detect_faces(sample_photo()).chips])


def answer(path: Path, chips: np.ndarray, output: str = "probabilities") -> np.ndarray:
    session = ort.InferenceSession(path, providers=["CPUExecutionProvider"])
    [answers] = session.run([output], {"chips": chips})
    return answers


@pytest.mark.slow
@pytest.mark.parametrize(("name", "precision"), CASES)
def test_onnx_runtime_agrees(
    name: str, precision: Precision, export: Export, faces: np.ndarray
) -> None:
    predictor = predictors.load(name, precision)
    path = export(name, precision)
    np.testing.assert_allclose(answer(path, faces), predictor.predict_proba(faces), atol=1e-5)
    if isinstance(predictor, predictors.YesNoPredictor):
        scores = answer(path, faces, "scores")
        np.testing.assert_allclose(scores, predictor.scores(faces), atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_the_committed_predictions_are_given(name: str, export: Export, fer2013: FerData) -> None:
    """Committed in half precision. Those of an ensemble on PublicTest are of other fits, made
    without the face; so its rule is given its members' committed predictions."""
    public = fer2013.split("PublicTest").select(np.arange(0, 3500, 175))
    model = MODELS[name]
    members = [committed(member, public.ids) for member in model.members]
    if model.members:
        predictor = predictors.load(name)
        assert isinstance(predictor, predictors.EnsemblePredictor)
        expected = predictor.combine([each.one_vs_rest_scores for each in members])
    else:
        expected = committed(name, public.ids).probabilities
    tolerance = 5e-3 if members else 1e-3
    np.testing.assert_allclose(answer(export(name), public.chips), expected, atol=tolerance)


def committed(name: str, ids: np.ndarray) -> Predictions:
    """The committed predictions of these images, in this order."""
    predictions = load_predictions(name)
    rows = {each: row for row, each in enumerate(predictions.ids)}
    return predictions.select(np.array([rows[each] for each in ids]))


@pytest.mark.slow
def test_onnx_runtime_for_the_web_agrees(export: Export, faces: np.ndarray) -> None:
    (folder := export("multiclass").parent).joinpath("chips.bin").write_bytes(faces.tobytes())
    names = {name: export(name).name for name in MODELS}
    program = f"""
        import {{ readFileSync }} from "node:fs";
        import * as ort from "onnxruntime-web";
        ort.env.wasm.numThreads = 1;
        const faces = new Uint8Array(readFileSync("chips.bin"));
        const answers = {{}};
        for (const [name, file] of Object.entries({json.dumps(names)})) {{
          const session = await ort.InferenceSession.create(file);
          const chips = new ort.Tensor("uint8", faces, {list(faces.shape)});
          const {{ probabilities }} = await session.run({{ chips }});
          answers[name] = Array.from(probabilities.data);
          await session.release();
        }}
        console.log(JSON.stringify(answers));
    """
    answers = json.loads(run_node(program, folder))
    for name in MODELS:
        expected = predictors.load(name).predict_proba(faces)
        np.testing.assert_allclose(np.reshape(answers[name], (-1, 7)), expected, atol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_opencv_agrees_face_by_face(name: str, export: Export, faces: np.ndarray) -> None:
    network = cv2.dnn.readNetFromONNX(str(export(name)))
    answers = []
    for chip in faces:
        network.setInput(chip[None])
        answers.append(network.forward("probabilities")[0])
    np.testing.assert_allclose(answers, predictors.load(name).predict_proba(faces), atol=1e-4)
