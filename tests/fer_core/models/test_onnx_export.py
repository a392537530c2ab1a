"""Graphs for other programs; tests/fer_core/cli/test_export_elsewhere.py runs all of them."""

import numpy as np
import onnx
import onnxruntime as ort
import pytest

from fer_core.models import onnx_export
from fer_core.models.ensembles import RULES
from fer_core.models.onnx_network import OnnxNetwork
from fer_core.registry import MODELS


def test_a_network_ends_with_its_logits_unless_asked(chips: np.ndarray) -> None:
    graph = onnx_export.build(MODELS["multiclass"])
    session = ort.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    [logits] = session.run(["logits"], {"chips": chips})
    np.testing.assert_allclose(logits, OnnxNetwork(MODELS["multiclass"]).logits(chips), atol=1e-5)


@pytest.mark.parametrize("name", ["individual", "ensemble_full", "keras_cnn"])
def test_a_graph_is_valid_and_has_one_input(name: str) -> None:
    graph = onnx_export.build(MODELS[name], probabilities=True)
    onnx.checker.check_model(graph, full_check=True)
    assert [value.name for value in graph.graph.input] == ["chips"]
    scores = ["scores"] if MODELS[name].yes_no else []
    assert [value.name for value in graph.graph.output] == ["probabilities", *scores]


@pytest.mark.usefixtures("copied_weights")  # hard links, where the system has them
def test_weights_may_be_hard_links() -> None:
    assert onnx_export.build(MODELS["multiclass"]).graph.initializer


def test_every_rule_of_an_ensemble_can_be_exported() -> None:
    assert onnx_export.RULES.keys() == RULES.keys()
