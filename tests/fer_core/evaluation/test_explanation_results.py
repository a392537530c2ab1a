"""What is recorded of the heat maps: made-up files, and the committed ones."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from fer_core.artifacts import summaries, weights_file
from fer_core.artifacts.store import artifacts
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation import explanation_results, explanations
from fer_core.evaluation.explanation_results import MIN_FACES, ModelResults, MeanMaps, ExplanationResults
from fer_core.evaluation.explanations import CENTRE_BASELINE, COLUMNS, Measurement
from fer_core.explain import regions
from fer_core.explain.methods import METHODS, default_depth
from fer_core.registry import MODELS
from training.saliency import MEAN_MAP_METHODS

STALE = "stale: run python -m training.saliency"


def measurement(gains: np.ndarray, flat: int = 0, depth: int = 2) -> Measurement:
    """Faces with those gains over random, and `flat` more whose map was flat."""
    faces = np.full((len(gains) + flat, len(COLUMNS)), np.nan)
    faces[: len(gains)] = 0.5
    faces[: len(gains), 2] = 0.1
    faces[: len(gains), 1] = 0.1 + gains
    faces[:, 5] = np.arange(len(faces)) >= len(gains)
    return Measurement(depth, faces.astype(np.float32))


def mean(**changes: object) -> MeanMaps:
    maps = np.random.default_rng(3).random((7, 48, 48)).astype(np.float32)
    told = {"depth": 3, "maps": maps, "n": np.full(7, 2), "flat": np.zeros(7, int)}
    return MeanMaps(**(told | changes))  # type: ignore[arg-type]


def made_up(**changes: object) -> ModelResults:
    gains = np.random.default_rng(3).random(4) * 0.4
    told = {
        "weights": explanation_results.current_checksums("multiclass"),
        "made": {"date": "2026-01-01"},
        "measured": {"grad_cam": measurement(gains, flat=1)},
        "means": {"grad_cam": mean()},
    }
    return ModelResults(**(told | changes))  # type: ignore[arg-type]


def ids(n: int) -> np.ndarray:
    return np.array([f"PublicTest_{i}" for i in range(n)])


def test_summary_on_hand_made_faces() -> None:
    gains = np.array([0.0, 0.1, 0.2, 0.5])
    found = explanations.summarise(measurement(gains, flat=2))
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


def test_what_is_counted_over_variants() -> None:
    random = np.random.default_rng(3)
    good, none = (measurement(random.normal(middle, 0.1, 80)) for middle in (0.3, 0.0))
    centre = measurement(random.normal(0.1, 0.1, 80))
    told = [{CENTRE_BASELINE: centre, "grad_cam": good}, {"grad_cam": good, "layer_cam": none}]
    assert explanations.count_faithful_pairs(told) == (3, 2, 1)
    assert explanations.count_above_centre(told, "grad_cam") == (1, 1)
    assert explanations.count_above_centre(told, "layer_cam") == (0, 0)
    gain = explanations.summarise(good).difference
    assert explanations.mean_difference(told, "grad_cam") == pytest.approx(gain)
    assert explanations.mean_difference(told, "score_cam") == 0


@pytest.fixture
def place(no_results: Path) -> Path:
    """Where the summary will lie."""
    return no_results / "saliency.json"


def test_what_is_written_is_read(place: Path) -> None:
    given = made_up()
    other = made_up(mean_maps={"layer_cam": mean()})
    explanation_results.save_results(ExplanationResults(ids(5), 60, {"multiclass": given, "resnet101": other}))
    found = explanation_results.load_results()
    assert explanation_results.load_results() is found
    back = found.models["multiclass"]
    assert found.ids.tolist() == ids(5).tolist()
    assert found.max_faces == 60
    assert back.weights == given.weights
    assert set(back.mean_maps) == {"grad_cam"}
    assert set(found.models["resnet101"].mean_maps) == {"layer_cam"}
    assert back.mean_maps["grad_cam"].depth == 3
    np.testing.assert_allclose(back.mean_maps["grad_cam"].maps, given.mean_maps["grad_cam"].maps, atol=1e-3)
    assert back.mean_maps["grad_cam"].n.tolist() == [2] * 7
    np.testing.assert_array_equal(back.measurements["grad_cam"].faces, given.measurements["grad_cam"].faces)
    assert not back.mean_maps["grad_cam"].maps.flags.writeable
    assert not explanation_results.is_stale(back, "multiclass")
    assert explanation_results.is_stale(back, "resnet101")
    assert {path.name for path in place.parent.iterdir()} == {
        "SHA256SUMS",
        "saliency.json",
        "saliency_faces.npz",
        "saliency_maps.npz",
    }


def test_a_composite_is_stale_when_a_part_changed() -> None:
    now = explanation_results.current_checksums("stacking")
    assert set(now) == {"stacking.json", "individual.safetensors", "multiclass.safetensors"}
    changed = made_up(weights=now | {"multiclass.safetensors": "0"})
    assert explanation_results.is_stale(changed, "stacking")


def test_missing_and_damaged_files_are_one_sentence(place: Path) -> None:
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
    for text in ("[]", "{}", '{"maps_at_most": 1, "variants": {"multiclass": {}}}'):
        explanation_results.save_results(good)
        place.write_text(text)
        artifacts().clear_cache()
        with pytest.raises(ResultsError, match="damaged"):
            explanation_results.load_results()


def test_arrays_of_other_faces_are_refused(place: Path) -> None:
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


def test_every_variant_and_method_is_recorded(committed: ExplanationResults) -> None:
    assert list(committed.models) == list(MODELS)
    for name, found in committed.models.items():
        expected = {m.name for m in METHODS.values() if name in m.models}
        assert set(found.measurements) == expected | {CENTRE_BASELINE}, STALE
        for method in expected:
            assert found.measurements[method].depth == default_depth(name, method), STALE
        assert set(found.mean_maps) == expected & set(MEAN_MAP_METHODS), STALE
        for method, each in found.mean_maps.items():
            assert each.depth == default_depth(name, method), STALE


@pytest.mark.parametrize("name", MODELS)
def test_recorded_numbers_are_of_the_committed_weights(committed: ExplanationResults, name: str) -> None:
    found = committed.models[name]
    assert not explanation_results.is_stale(found, name), STALE
    summary = summaries.load_summary(MODELS[name])
    assert summary is not None
    assert found.weights[weights_file.path(MODELS[name]).name] == summary["sha256"]
    assert set(found.weights.values()) <= set(
        weights_file.read_sums(weights_file.path(MODELS[name]).parent).values()
    )


@pytest.mark.parametrize("name", MODELS)
def test_recorded_arrays_are_in_range(committed: ExplanationResults, name: str) -> None:
    found = committed.models[name]
    for each in found.mean_maps.values():
        assert each.maps.shape == (7, 48, 48)
        assert 0 <= each.maps.min() <= each.maps.max() <= 1
        assert (each.n >= 0).all()
        assert (each.n + each.flat <= committed.max_faces).all()
        assert (each.maps.any(axis=(1, 2)) == (each.n >= MIN_FACES)).all()
        for heat in each.maps[each.n >= MIN_FACES]:
            assert sum(regions.heat_fractions(heat).values()) == pytest.approx(1)
    for measured in found.measurements.values():
        kept = measured.faces[measured.faces[:, 5] == 0]
        assert np.isfinite(kept).all()
        assert (np.abs(kept) <= 1).all()
        assert np.isnan(measured.faces[measured.faces[:, 5] == 1, :5]).all()


def test_the_summary_file_is_that_of_the_faces(committed: ExplanationResults) -> None:
    told = json.loads(explanation_results.files()[0].read_text())
    assert told["split"] == "PublicTest"
    assert told["faces"] == len(committed.ids)
    assert all(image.startswith("PublicTest_") for image in committed.ids)
    for name, found in committed.models.items():
        for method, measured in found.measurements.items():
            row = told["variants"][name]["methods"][method]
            summary = explanations.summarise(measured)
            assert row["difference"] == pytest.approx(summary.difference, abs=1e-6)
            assert row["interval"] == pytest.approx(summary.interval, abs=1e-6)
            assert row["n"] + row["flat"] == len(committed.ids)
        for method, each in found.mean_maps.items():
            counts = told["variants"][name]["means"][method]
            assert counts["n"] == dict(zip(EMOTIONS, each.n.tolist(), strict=True))


def test_the_files_are_small(committed: ExplanationResults) -> None:
    assert sum(path.stat().st_size for path in explanation_results.files()) < 1_000_000
