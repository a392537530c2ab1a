"""python -m training.quantize: an int8 graph that answers like the other one."""

import numpy as np
import onnx
import pytest
from processor import exact_int8

from fer_core.artifacts import int8, weights_file
from fer_core.models.onnx_network import OnnxNetwork
from fer_core.models.precision import resolve
from fer_core.registry import MODELS, get_model_spec
from training import quantize
from training.engine.data import FerData


@exact_int8
@pytest.mark.usefixtures("copied_weights")
@pytest.mark.parametrize("name", ["multiclass", "keras_cnn"])
def test_the_graph_is_made_anew(name: str, chips: np.ndarray) -> None:
    model = get_model_spec(name)
    path = weights_file.int8_path(model)
    path.unlink()  # it is a link to the repository's file
    quantize.write_int8_graph(model, chips)
    graph = onnx.load(path, load_external_data=False).graph
    convolutions = [node for node in graph.node if node.op_type == "Conv"]
    whole = {n.output[0] for n in graph.node if n.op_type == "DequantizeLinear"}
    assert convolutions
    assert all(whole.issuperset(node.input) for node in convolutions)
    assert "BatchNormalization" not in {
        node.op_type for node in graph.node if set(node.input) & {c.output[0] for c in convolutions}
    }
    single, quantised = (OnnxNetwork(model, p).logits(chips) for p in quantize.PRECISIONS)
    np.testing.assert_allclose(quantised, single, atol=0.5)
    assert np.abs(quantised - single).max() > 0


def test_answers_are_compared_face_by_face(
    monkeypatch: pytest.MonkeyPatch, chips: np.ndarray
) -> None:
    answers = {"fp32": [0, 1, 2, 3, 4], "int8": [0, 1, 2, 5, 6]}

    class Predictor:
        def __init__(self, _: str, precision: str) -> None:
            self.predict_proba = lambda _: np.eye(7)[answers[precision]]

    monkeypatch.setattr(quantize, "load", Predictor)
    data = FerData(np.array(list("abcde")), np.array([0, 0, 2, 3, 6], np.uint8), chips)
    found = quantize.compare(get_model_spec("multiclass"), data)
    assert (found.n, found.same_answer, found.both_correct) == (5, 3, 2)
    assert (found.fp32_only, found.int8_only, found.loss) == (1, 1, 0)


@exact_int8
@pytest.mark.parametrize("name", [n for n, m in MODELS.items() if resolve(m, "int8") == "int8"])
def test_the_committed_comparison_is_of_the_committed_graph(name: str, fer2013: FerData) -> None:
    """Both graphs answer some faces, and agree as often as the committed numbers say."""
    committed = int8.comparison(get_model_spec(name))
    assert committed is not None
    public_test = fer2013.split(int8.SPLIT).select(np.arange(0, 3589, 30))
    again = quantize.compare(get_model_spec(name), public_test)
    agreement = committed.same_answer / committed.n
    assert again.same_answer / again.n == pytest.approx(agreement, abs=0.05)
