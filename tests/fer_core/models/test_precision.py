"""Single precision and int8: which is used, and that both are of the same weights."""

from pathlib import Path

import numpy as np
import pytest
from processor import exact_int8

from fer_core import MODELS, get_model_spec, pipeline
from fer_core.artifacts import int8, store, weights_file
from fer_core.errors import WeightsError
from fer_core.models import precision
from fer_core.models.onnx_network import OnnxNetwork
from fer_core.models.precision import resolve
from fer_core.models.predictors import load
from training.engine.data import FerData

INT8_MODELS = [name for name, model in MODELS.items() if resolve(model, "int8") == "int8"]
INT8_NETWORKS = [name for name in INT8_MODELS if not get_model_spec(name).members]


@pytest.fixture
def fast_int8(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "has_fast_int8", lambda: True)


def test_every_kind_of_model_has_int8() -> None:
    assert {get_model_spec(name).predictor for name in INT8_MODELS} == {
        "network",
        "yes_no",
        "combination",
    }
    assert set(int8.load_comparisons()) == set(INT8_MODELS)


@pytest.mark.usefixtures("fast_int8")
@pytest.mark.parametrize("name", MODELS)
def test_auto_is_int8_where_it_loses_little(name: str) -> None:
    comparison = int8.comparison(get_model_spec(name))
    expected = "int8" if comparison and comparison.loss <= 0.003 else "fp32"
    assert resolve(get_model_spec(name), "auto") == expected
    assert resolve(get_model_spec(name), "fp32") == "fp32"


def test_auto_is_single_precision_where_that_is_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "has_fast_int8", lambda: False)
    assert {resolve(model, "auto") for model in MODELS.values()} == {"fp32"}
    assert resolve(get_model_spec("multiclass"), "int8") == "int8"


def test_an_unknown_precision_is_refused() -> None:
    with pytest.raises(ValueError, match="auto or fp32 or int8, not 'fp16'"):
        load("multiclass", "fp16")  # type: ignore[arg-type]


@pytest.mark.usefixtures("fast_int8")
def test_a_comparison_of_other_weights_does_not_count(copied_results: Path) -> None:
    model = get_model_spec("multiclass")
    content = (copied_results / "int8.json").read_text()
    assert resolve(model, "auto") == "int8"
    checksum = int8.load_comparisons()["multiclass"].sha256
    (copied_results / "int8.json").write_text(content.replace(checksum, "0" * 64))
    store.record_checksums(copied_results / "int8.json")
    assert int8.comparison(model) is None
    assert {resolve(get_model_spec(n), "auto") for n in ("multiclass", "stacking")} == {"fp32"}
    (copied_results / "int8.json").unlink()
    store.artifacts().clear_cache()
    assert resolve(model, "auto") == "fp32"


@pytest.mark.parametrize("name", INT8_NETWORKS)
def test_the_graph_computes_with_the_bytes_of_the_weights_file(
    name: str, chips: np.ndarray, copied_weights: Path
) -> None:
    """With zeros in the place of its tensors it gives every face the same answer."""
    model = get_model_spec(name)
    tensors = copied_weights / f"{name}.safetensors"
    content = tensors.read_bytes()
    assert weights_file.int8_path(model).stat().st_size < len(content) / 20
    assert np.ptp(OnnxNetwork(model, "int8").logits(chips), axis=0).max() > 0.1
    start = 8 + int.from_bytes(content[:8], "little")
    tensors.unlink()
    tensors.write_bytes(content[:start] + bytes(len(content) - start))
    with pytest.raises(WeightsError, match=tensors.name):
        OnnxNetwork(model, "int8")
    store.record_checksums(tensors)
    assert np.ptp(OnnxNetwork(model, "int8").logits(chips), axis=0).max() == 0


@exact_int8
@pytest.mark.parametrize("name", INT8_MODELS)
def test_both_precisions_say_nearly_the_same(name: str, fer2013: FerData) -> None:
    chips = fer2013.split("PublicTest").chips[::120]
    single, whole = (load(name, p).predict_proba(chips) for p in ("fp32", "int8"))
    assert np.abs(single - whole).mean() < 0.02
    assert not np.array_equal(single, whole)


def test_answers_say_their_precision_and_members_match(chips: np.ndarray) -> None:
    names = ["stacking", *get_model_spec("stacking").members]
    single = pipeline.classify_chips(chips, names)[0]
    known = {name: [answer] * len(chips) for name, answer in single.items()}
    whole = pipeline.classify_chips(chips, names, known, precision="int8")[0]
    assert {answer.precision for answer in single.values()} == {"fp32"}
    assert {answer.precision for answer in whole.values()} == {"int8"}
    assert whole["stacking"].as_dict()["precision"] == "int8"
    expected = load("stacking", "int8").predict_proba(chips)[0]
    np.testing.assert_allclose(list(whole["stacking"].probabilities.values()), expected, atol=1e-6)
