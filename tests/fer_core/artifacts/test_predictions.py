"""Committed predictions are loaded intact, or raise one clear error."""

import numpy as np
import pytest

from fer_core.artifacts import predictions, store, summaries
from fer_core.artifacts.predictions import Predictions, load_predictions, split_predictions
from fer_core.artifacts.store import Artifacts
from fer_core.artifacts.summaries import evaluated_models
from fer_core.errors import ResultsError
from fer_core.registry import MODELS


@pytest.mark.parametrize("name", MODELS)
def test_all_of_both_test_splits(name: str) -> None:
    found = load_predictions(name)
    assert len(found) == 7178
    assert len(set(found.ids)) == 7178
    assert np.allclose(found.probabilities.sum(axis=1), 1, atol=5e-3)
    assert (found.scores is not None) == (name == "individual")
    parts = [split_predictions(name, split) for split in predictions.SPLITS]
    assert [len(part) for part in parts] == [3589, 3589]
    assert all(part.ids[0].startswith(s) for part, s in zip(parts, predictions.SPLITS, strict=True))
    summary = summaries.load_summary(MODELS[name])
    assert summary is not None
    assert parts[1].correct.mean() == pytest.approx(summary["splits"]["PrivateTest"]["accuracy"])


def test_models_answer_the_same_images_in_the_same_order() -> None:
    first, *others = [load_predictions(model.name) for model in evaluated_models()]
    for other in others:
        assert (other.ids == first.ids).all()
        assert (other.labels == first.labels).all()


def test_shared_arrays_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        load_predictions("multiclass").probabilities[0, 0] = 1


def test_select_keeps_rows_together() -> None:
    found = load_predictions("individual")
    few = found.select(found.labels == 1)
    assert set(few.labels) == {1}
    assert few.scores is not None
    row = int(np.flatnonzero(found.ids == few.ids[5])[0])
    assert (few.scores[5] == found.scores[row]).all()  # type: ignore[index]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\x93NUMPY"])
def test_a_damaged_file_is_named(content: bytes, no_artifacts: Artifacts) -> None:
    with pytest.raises(ResultsError, match="multiclass\\.npz is missing"):
        load_predictions("multiclass")
    file = no_artifacts.results / "multiclass.npz"
    file.write_bytes(content)
    store.record_checksums(file)  # as recorded, and yet no predictions
    with pytest.raises(ResultsError, match="multiclass\\.npz is damaged"):
        load_predictions("multiclass")
    whole = {"ids": np.array(["a"]), "labels": np.zeros(1, np.uint8)}
    np.savez(file, **whole)
    store.record_checksums(file)
    with pytest.raises(ResultsError, match="damaged"):
        load_predictions("multiclass")


def test_shapes_must_fit() -> None:
    with pytest.raises(ValueError, match="do not fit 2 ids"):
        Predictions(np.array(["a", "b"]), np.zeros(2, int), np.zeros((3, 7)))
