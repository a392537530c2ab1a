"""Explanation results: made-up files, and the committed ones."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from fer_core.artifacts import store, summaries, weights_file
from fer_core.artifacts.store import artifacts
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation import explanation_results, explanations
from fer_core.evaluation.explanation_results import (
    MIN_FACES,
    ExplanationResults,
    MeanMaps,
    ModelResults,
)
from fer_core.evaluation.explanations import CENTRE_BASELINE, COLUMNS, Measurement
from fer_core.explain import regions
from fer_core.explain.methods import METHODS, default_depth
from fer_core.registry import MODELS
from training.saliency import FEW_FACES_PER_EMOTION, MEAN_MAP_METHODS

STALE = "stale: run python -m training.saliency"


def measurement(differences: np.ndarray, flat: int = 0, depth: int = 2) -> Measurement:
    """Faces with these differences from random, and `flat` more with a flat map."""
    faces = np.full((len(differences) + flat, len(COLUMNS)), np.nan)
    faces[: len(differences)] = 0.5
    faces[: len(differences), 2] = 0.1
    faces[: len(differences), 1] = 0.1 + differences
    faces[:, 5] = np.arange(len(faces)) >= len(differences)
    return Measurement(depth, faces.astype(np.float32))


def mean(**changes: object) -> MeanMaps:
    maps = np.random.default_rng(3).random((7, 48, 48)).astype(np.float32)
    fields = {"depth": 3, "maps": maps, "n": np.full(7, 2), "flat": np.zeros(7, int)}
    return MeanMaps(**(fields | changes))  # type: ignore[arg-type]


def made_up(**changes: object) -> ModelResults:
    differences = np.random.default_rng(3).random(4) * 0.4
    fields = {
        "weights": explanation_results.current_checksums("multiclass"),
        "provenance": {"date": "2026-01-01"},
        "measurements": {"grad_cam": measurement(differences, flat=1)},
        "mean_maps": {"grad_cam": mean()},
    }
    return ModelResults(**(fields | changes))  # type: ignore[arg-type]


def ids(n: int) -> np.ndarray:
    return np.array([f"PublicTest_{i}" for i in range(n)])


def test_summary_on_hand_made_faces() -> None:
    found = explanations.summarise(measurement(np.array([0.0, 0.1, 0.2, 0.5]), flat=2))
    assert (found.n, found.flat, found.depth) == (4, 2, 2)
    assert found.difference == pytest.approx(0.2)
    assert found.confidence_drop == pytest.approx(0.3)
    assert found.random_drop == pytest.approx(0.1)
    assert found.interval.low < 0.2 < found.interval.high
    nothing = explanations.summarise(measurement(np.empty(0), flat=3))
    assert (nothing.n, nothing.flat, nothing.difference) == (0, 3, 0)


def test_interval_is_scipy_s_bootstrap() -> None:
    values = np.random.default_rng(1).gamma(2, 0.1, 35)
    found = explanations.mean_interval(values)
    expected = stats.bootstrap(
        (values,), np.mean, n_resamples=20000, method="percentile", rng=np.random.default_rng(2)
    ).confidence_interval
    assert found == pytest.approx((expected.low, expected.high), abs=0.004)


def test_the_best_method_and_those_as_good() -> None:
    base = np.random.default_rng(5).normal(0, 0.01, 40)
    best = explanations.most_faithful(
        {
            CENTRE_BASELINE: measurement(base + 0.05),
            "grad_cam": measurement(base + 0.2),
            "layer_cam": measurement(base + np.tile([0.1, 0.29], 20)),
            "eigen_cam": measurement(base + 0.1),
            "score_cam": measurement(np.empty(0), flat=40),
        }
    )
    assert best == ("grad_cam", True, True, ("layer_cam",))
    even = explanations.most_faithful({"grad_cam": measurement(base - base.mean())})
    assert even == ("grad_cam", False, None, ())
    assert explanations.most_faithful({CENTRE_BASELINE: measurement(base)}) is None


def test_counts_over_models() -> None:
    random = np.random.default_rng(3)
    good, none = (measurement(random.normal(middle, 0.1, 80)) for middle in (0.3, 0.0))
    centre = measurement(random.normal(0.1, 0.1, 80))
    by_model = {
        "first": {CENTRE_BASELINE: centre, "grad_cam": good},
        "second": {CENTRE_BASELINE: centre, "grad_cam": centre, "layer_cam": none},
        "third": {"grad_cam": good},
    }
    tests = explanations.centre_tests(by_model)
    assert [(test.model_name, test.method) for test in tests] == [
        ("first", "grad_cam"),
        ("second", "grad_cam"),
        ("second", "layer_cam"),
    ]
    assert [test.beats_centre for test in tests] == [True, False, False]
    gains = good.differences - centre.differences
    p_value = stats.ttest_rel(good.differences, centre.differences).pvalue
    assert tests[0].comparison == (80, pytest.approx(gains.mean()), pytest.approx(p_value))
    assert tests[0].corrected_p == pytest.approx(3 * p_value)
    assert tests[1].comparison == (80, 0, 1)  # the same map
    assert tests[2].comparison.gain < 0
    assert not tests[2].comparison.is_better  # significantly worse is not better
    models = [by_model["first"], by_model["third"]]
    difference = explanations.summarise(good).difference
    assert explanations.mean_difference(models, "grad_cam") == pytest.approx(difference)
    assert explanations.mean_difference(models, "score_cam") == 0


@pytest.fixture
def summary_path(no_results: Path) -> Path:
    """Path of the summary to write."""
    return no_results / "saliency.json"


def test_written_results_are_read(summary_path: Path) -> None:
    given = made_up()
    other = made_up(mean_maps={"layer_cam": mean()})
    explanation_results.save_results(
        ExplanationResults(ids(5), 60, {"multiclass": given, "resnet101": other})
    )
    found = explanation_results.load_results()
    assert explanation_results.load_results() is found
    back = found.models["multiclass"]
    assert found.ids.tolist() == ids(5).tolist()
    assert found.max_faces == 60
    assert back.weights == given.weights
    assert set(back.mean_maps) == {"grad_cam"}
    assert set(found.models["resnet101"].mean_maps) == {"layer_cam"}
    assert back.mean_maps["grad_cam"].depth == 3
    np.testing.assert_allclose(
        back.mean_maps["grad_cam"].maps, given.mean_maps["grad_cam"].maps, atol=1e-3
    )
    assert back.mean_maps["grad_cam"].n.tolist() == [2] * 7
    np.testing.assert_array_equal(
        back.measurements["grad_cam"].faces, given.measurements["grad_cam"].faces
    )
    assert not back.mean_maps["grad_cam"].maps.flags.writeable
    assert not explanation_results.is_stale(back, "multiclass")
    assert explanation_results.is_stale(back, "resnet101")
    assert {path.name for path in summary_path.parent.iterdir()} == {
        "SHA256SUMS",
        "saliency.json",
        "saliency_faces.npz",
        "saliency_maps.npz",
    }


def test_an_ensemble_is_stale_when_a_member_changed() -> None:
    now = explanation_results.current_checksums("stacking")
    assert set(now) == {"stacking.json", "individual.safetensors", "multiclass.safetensors"}
    changed = made_up(weights=now | {"multiclass.safetensors": "0"})
    assert explanation_results.is_stale(changed, "stacking")


def test_missing_and_damaged_files_are_one_sentence(summary_path: Path) -> None:
    with pytest.raises(ResultsError, match=r"saliency.json is missing: run python -m training"):
        explanation_results.load_results()
    good = ExplanationResults(ids(5), 60, {"multiclass": made_up()})
    for path in explanation_results.files():
        explanation_results.save_results(good)
        path.write_bytes(path.read_bytes()[:40])
        artifacts().clear_cache()
        with pytest.raises(ResultsError, match="damaged"):
            explanation_results.load_results()
        path.unlink()
        with pytest.raises(ResultsError, match=f"{path.name} is missing"):
            explanation_results.load_results()
    for text in ("[]", "{}", '{"max_faces": 1, "models": {"multiclass": {}}}'):
        explanation_results.save_results(good)
        summary_path.write_text(text, encoding="utf-8")
        artifacts().clear_cache()
        with pytest.raises(ResultsError, match="damaged"):
            explanation_results.load_results()


def test_arrays_of_other_faces_are_refused(summary_path: Path) -> None:
    explanation_results.save_results(ExplanationResults(ids(6), 60, {"multiclass": made_up()}))
    with pytest.raises(ResultsError, match="damaged"):
        explanation_results.load_results()
    with pytest.raises(ValueError, match="maps"):
        mean(n=np.zeros(6, np.int32))


@pytest.fixture(scope="module")
def committed() -> ExplanationResults:
    if not explanation_results.files()[0].is_file():
        pytest.skip("not measured: run python -m training.saliency")
    return explanation_results.load_results()


def test_every_model_and_method_is_recorded(committed: ExplanationResults) -> None:
    assert list(committed.models) == list(MODELS)
    for name, found in committed.models.items():
        expected = {m.name for m in METHODS.values() if name in m.model_names}
        assert set(found.measurements) == expected | {CENTRE_BASELINE}, STALE
        for method in expected:
            assert found.measurements[method].depth == default_depth(name, method), STALE
        assert set(found.mean_maps) == expected & set(MEAN_MAP_METHODS), STALE
        for method, means in found.mean_maps.items():
            assert means.depth == default_depth(name, method), STALE


@pytest.mark.parametrize("name", MODELS)
def test_recorded_numbers_are_of_the_committed_weights(
    committed: ExplanationResults, name: str
) -> None:
    found = committed.models[name]
    assert not explanation_results.is_stale(found, name), STALE
    summary = summaries.load_summary(MODELS[name])
    assert summary is not None
    assert found.weights[weights_file.path(MODELS[name]).name] == summary["sha256"]
    assert set(found.weights.values()) <= set(
        store.read_checksums(weights_file.path(MODELS[name]).parent).values()
    )


@pytest.mark.parametrize("name", MODELS)
def test_recorded_arrays_are_in_range(committed: ExplanationResults, name: str) -> None:
    found = committed.models[name]
    for means in found.mean_maps.values():
        assert means.maps.shape == (7, 48, 48)
        assert 0 <= means.maps.min() <= means.maps.max() <= 1
        assert (means.n >= 0).all()
        assert (means.n + means.flat <= committed.max_faces).all()
        assert (means.maps.any(axis=(1, 2)) == (means.n >= MIN_FACES)).all()
        for heat in means.maps[means.n >= MIN_FACES]:
            assert sum(regions.heat_fractions(heat).values()) == pytest.approx(1)
    for measured in found.measurements.values():
        rows = measured.faces[measured.faces[:, 5] == 0]
        assert np.isfinite(rows[:, :3]).all()
        assert np.isfinite(rows[:, 3:5]).all(axis=1).sum() >= FEW_FACES_PER_EMOTION  # with curves
        assert (np.nan_to_num(np.abs(rows)) <= 1).all()
        assert np.isnan(measured.faces[measured.faces[:, 5] == 1, :5]).all()


def test_the_summary_file_is_that_of_the_faces(committed: ExplanationResults) -> None:
    content = json.loads(explanation_results.files()[0].read_text())
    assert content["split"] == "PublicTest"
    assert content["faces"] == len(committed.ids)
    assert all(image.startswith("PublicTest_") for image in committed.ids)
    for name, found in committed.models.items():
        for method, measured in found.measurements.items():
            row = content["models"][name]["methods"][method]
            summary = explanations.summarise(measured)
            assert row["difference"] == pytest.approx(summary.difference, abs=1e-6)
            assert row["interval"] == pytest.approx(summary.interval, abs=1e-6)
            slow = method in METHODS and METHODS[method].is_slow
            expected = FEW_FACES_PER_EMOTION * len(EMOTIONS) if slow else len(committed.ids)
            assert row["n"] + row["flat"] == expected
        for method, means in found.mean_maps.items():
            counts = content["models"][name]["means"][method]
            assert counts["n"] == dict(zip(EMOTIONS, means.n.tolist(), strict=True))


def test_the_files_are_small(committed: ExplanationResults) -> None:
    assert sum(path.stat().st_size for path in explanation_results.files()) < 1_000_000
