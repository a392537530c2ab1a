"""Checksums are recorded, verified, and readable by `sha256sum`."""

import hashlib
from pathlib import Path

import pytest

from fer_core.artifacts import store, weights_file
from fer_core.artifacts.store import Artifacts
from fer_core.errors import NotTrainedError, WeightsError
from fer_core.registry import MODELS, list_networks
from training.engine.data import CHOICE_IMAGES, WITHOUT_TEST_COPIES


def test_record_then_check(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    path.write_bytes(b"weights")
    store.record_checksums(path)
    assert weights_file.verify(path) == path
    digest = hashlib.sha256(b"weights").hexdigest()
    assert (tmp_path / store.CHECKSUMS_FILE).read_text() == f"{digest}  a.safetensors\n"


def test_changed_unlisted_or_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    with pytest.raises(NotTrainedError, match="not trained yet"):
        weights_file.verify(path)
    path.write_bytes(b"weights")
    with pytest.raises(WeightsError, match=r"a\.safetensors is damaged"):
        weights_file.verify(path)
    store.record_checksums(path)
    path.write_bytes(b"Weights")
    with pytest.raises(WeightsError, match=r"a\.safetensors is damaged"):
        weights_file.verify(path)


def test_recording_forgets_files_that_are_gone(tmp_path: Path) -> None:
    old, new = tmp_path / "old.onnx", tmp_path / "new.onnx"
    old.write_bytes(b"1")
    store.record_checksums(old)
    old.unlink()
    new.write_bytes(b"2")
    store.record_checksums(new)
    assert list(store.read_checksums(tmp_path)) == ["new.onnx"]


def test_every_committed_file_is_listed_and_no_other() -> None:
    expected = {path.name for model in MODELS.values() for path in weights_file.files(model)}
    int8_graphs = [weights_file.int8_path(MODELS[name]) for name in list_networks()]
    expected |= {path.name for path in int8_graphs if path.is_file()}
    expected |= {f"{name}.log.csv" for name in list_networks()}
    assert set(store.read_checksums(store.artifacts().weights)) == expected


@pytest.mark.parametrize("name", list_networks())
def test_weights_have_their_provenance(name: str) -> None:
    provenance = weights_file.read_provenance(weights_file.path(MODELS[name]))
    assert provenance["variant"] == name
    by_votes = provenance["recipe"].get("by_votes")
    assert provenance["trained_on"] == (WITHOUT_TEST_COPIES if by_votes else "Training")
    assert provenance["chosen_on"] in ("PublicTest", CHOICE_IMAGES)
    assert provenance["minutes"] > 0
    assert provenance["recipe"]["epochs"] >= 1
    assert (store.artifacts().weights / f"{name}.log.csv").is_file()


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "w.json"
    assert weights_file.file_state(file, None) == "missing"
    file.write_text("one")
    digest = store.sha256(file)
    assert weights_file.file_state(file, digest) == "matches"
    file.write_text("other")
    assert weights_file.file_state(file, digest) == "differs"


@pytest.mark.parametrize("name", sorted(set(MODELS) - set(list_networks())))
def test_fitted_parameters_of_ensembles(name: str) -> None:
    numbers = weights_file.load_fitted(MODELS[name])
    assert {"slope", "offset"} <= set(numbers) or {"coefficients", "intercept"} <= set(numbers)


def test_missing_and_damaged_parameters_raise(no_artifacts: Artifacts) -> None:
    file = no_artifacts.weights / "stacking.json"
    with pytest.raises(NotTrainedError):
        weights_file.load_fitted(MODELS["stacking"])
    file.write_text("[]")
    store.record_checksums(file)
    with pytest.raises(WeightsError, match="damaged"):
        weights_file.load_fitted(MODELS["stacking"])
