"""The protocol, over the whole registry, with the committed weights."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from fer_core import MODELS, get_model_spec, pipeline
from fer_core.artifacts import summaries
from fer_core.errors import NotTrainedError, WeightsError
from fer_core.models.onnx_network import OnnxNetwork
from fer_core.models.predictors import load, load_yes_no
from training.engine.data import FerData

NETWORKS = [name for name, variant in MODELS.items() if not variant.members]


@pytest.mark.parametrize("name", MODELS)
class TestProtocol:
    def test_probabilities(self, name: str, chips: np.ndarray) -> None:
        found = load(name).predict_proba(chips)
        assert found.shape == (len(chips), 7)
        assert found.dtype == np.float32
        assert (found >= 0).all()
        np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)

    def test_one_face_equals_a_batch_of_one(self, name: str, chips: np.ndarray) -> None:
        alone = np.concatenate([load(name).predict_proba(chips[i : i + 1]) for i in range(5)])
        np.testing.assert_allclose(alone, load(name).predict_proba(chips), atol=1e-4)

    def test_repeated_calls_agree(self, name: str, chips: np.ndarray) -> None:
        predictor = load(name)
        np.testing.assert_array_equal(
            predictor.predict_proba(chips), predictor.predict_proba(chips)
        )

    def test_different_chips_get_different_answers(self, name: str, chips: np.ndarray) -> None:
        assert np.ptp(load(name).predict_proba(chips), axis=0).max() > 1e-3

    def test_no_chips_no_answers(self, name: str) -> None:
        assert load(name).predict_proba(np.zeros((0, 48, 48), np.uint8)).shape == (0, 7)

    def test_wrong_shape_is_refused(self, name: str) -> None:
        with pytest.raises(ValueError, match=r"\(N, 48, 48\) uint8"):
            load(name).predict_proba(np.zeros((1, 64, 64), np.uint8))
        with pytest.raises(ValueError, match=r"\(N, 48, 48\) uint8"):
            load(name).predict_proba(np.zeros((1, 48, 48), np.float32))

    def test_loaded_once(self, name: str) -> None:
        assert load(name) is load(name)

    def test_threads_get_their_own_answers(self, name: str, chips: np.ndarray) -> None:
        expected = [load(name).predict_proba(chips[i : i + 1]) for i in range(5)]
        with ThreadPoolExecutor(4) as pool:
            jobs = [
                pool.submit(load(name).predict_proba, chips[i % 5 : i % 5 + 1]) for i in range(20)
            ]
        for i, job in enumerate(jobs):
            np.testing.assert_allclose(job.result(), expected[i % 5], atol=1e-5)

    def test_committed_predictions_are_those_of_the_committed_weights(
        self, name: str, fer2013: FerData
    ) -> None:
        private = fer2013.split("PrivateTest")
        chosen = slice(None, None, 120)
        saved = np.load(summaries.path(get_model_spec(name)).with_suffix(".npz"))
        rows = {image: i for i, image in enumerate(saved["ids"])}
        expected = saved["probabilities"][[rows[image] for image in private.ids[chosen]]]
        found = load(name).predict_proba(private.chips[chosen])
        np.testing.assert_allclose(found, expected, atol=2e-3)


def test_yes_no_scores_are_independent_probabilities(chips: np.ndarray) -> None:
    scores = load_yes_no("individual").scores(chips)
    assert scores.shape == (5, 7)
    assert ((scores >= 0) & (scores <= 1)).all()
    assert np.abs(scores.sum(axis=1) - 1).max() > 1e-3
    share = scores / scores.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(load("individual").predict_proba(chips), share, atol=1e-6)


@pytest.mark.parametrize("name", NETWORKS)
def test_damaged_file_is_refused_by_name(name: str, copied_weights: Path) -> None:
    broken = copied_weights / f"{name}.safetensors"
    content = bytearray(broken.read_bytes())
    content[-100] ^= 1
    broken.unlink()
    broken.write_bytes(content)
    with pytest.raises(WeightsError, match=broken.name):
        OnnxNetwork(get_model_spec(name))
    broken.unlink()
    with pytest.raises(NotTrainedError, match="not trained yet"):
        OnnxNetwork(get_model_spec(name))


def test_the_yes_no_networks_run_once_a_face(
    chips: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scores and probabilities come from the same run: the time shown is not counted twice."""
    runs = []
    logits = OnnxNetwork.logits
    monkeypatch.setattr(OnnxNetwork, "logits", lambda self, c: runs.append(1) or logits(self, c))
    [answer, *_] = pipeline.classify_chips(chips, ["individual"])
    assert len(runs) == 1
    individual = answer["individual"]
    assert individual.scores is not None
    expected = np.array(list(individual.scores.values())) / sum(individual.scores.values())
    assert list(individual.probabilities.values()) == pytest.approx(list(expected), abs=1e-6)


def test_a_network_that_several_models_need_runs_once(
    chips: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = {name: load(name).predict_proba(chips) for name in MODELS}
    runs = []
    logits = OnnxNetwork.logits
    monkeypatch.setattr(
        OnnxNetwork, "logits", lambda self, c: runs.append(self._file) or logits(self, c)
    )
    ensembles_first = sorted(MODELS, key=lambda name: not get_model_spec(name).members)
    answers = pipeline.classify_chips(chips, ensembles_first)
    assert sorted(runs) == sorted(f"{name}.onnx" for name in NETWORKS)
    for name in MODELS:
        found = [list(answer[name].probabilities.values()) for answer in answers]
        np.testing.assert_array_equal(np.array(found, np.float32), expected[name])

    runs.clear()
    seconds = itertools.count()
    monkeypatch.setattr(pipeline, "time", SimpleNamespace(perf_counter=lambda: next(seconds)))
    known = {name: [answer[name] for answer in answers] for name in NETWORKS}
    [answer, *_] = pipeline.classify_chips(chips, ["stacking"], known)
    assert not runs
    assert list(answer) == ["stacking"]
    members = [known[name][0] for name in get_model_spec("stacking").members]
    own = 1000 / len(chips)  # a second for all of them
    assert answer["stacking"].milliseconds == pytest.approx(
        sum(member.milliseconds for member in members) + own
    )
