"""Accuracy kept, ranking and rank swaps on planted answers, and the committed results."""

from pathlib import Path

import numpy as np
import pytest
from planted_robustness import FACES, PLANTED, planted_results

from fer_core.artifacts import store
from fer_core.artifacts.predictions import split_predictions
from fer_core.errors import ResultsError
from fer_core.evaluation import robustness, robustness_results
from fer_core.evaluation.uncertainty import wilson_interval

MODELS = tuple(PLANTED)


def test_a_curve_has_accuracy_interval_and_confidence() -> None:
    points = robustness.curve(planted_results(), "multiclass", "blur")
    assert [point.accuracy for point in points] == pytest.approx(list(PLANTED["multiclass"][0]))
    assert points[2].interval == wilson_interval(FACES // 2, FACES)
    assert [point.amount for point in points] == [0, 0.4, 0.7, 1, 1.4, 2]


def test_models_are_ranked_by_the_share_of_their_own_accuracy() -> None:
    places = robustness.ranking(planted_results(), MODELS, ("blur",))
    assert [place.name for place in places] == ["keras_cnn", "resnet101", "multiclass"]
    for place in places:
        clean, *corrupted = PLANTED[place.name][0]
        assert place.value == pytest.approx(np.mean(corrupted) / clean, abs=1e-6)
        assert place.interval.low < place.value < place.interval.high
    assert not places[2].tied


def test_the_average_is_that_over_the_corruptions() -> None:
    results = planted_results()
    both = {p.name: p.value for p in robustness.ranking(results, MODELS, ("blur", "noise"))}
    for name in MODELS:
        single = [
            {p.name: p.value for p in robustness.ranking(results, MODELS, (corruption,))}[name]
            for corruption in ("blur", "noise")
        ]
        assert both[name] == pytest.approx(np.mean(single))


def test_the_hardest_corruption_comes_first() -> None:
    noise, blur = robustness.effects(planted_results(), MODELS)
    assert (noise.name, blur.name) == ("noise", "blur")
    kept = [np.mean(PLANTED[name][1][1:]) / PLANTED[name][1][0] for name in MODELS]
    assert noise.severity == pytest.approx(1 - np.mean(kept))


def test_planted_swaps_are_found_at_their_first_severity_beyond_chance() -> None:
    [swap] = robustness.rank_swaps(planted_results(), MODELS, "blur")
    assert (swap.better_clean, swap.better_corrupted) == ("multiclass", "keras_cnn")
    assert swap.severity == 3  # 0.50 against 0.60 at the second could be chance after correction
    assert swap.clean.difference == pytest.approx(0.2)
    assert swap.corrupted.difference == pytest.approx(-0.2)
    assert robustness.rank_swaps(planted_results(), MODELS, "noise") == []


def test_saved_results_are_read_again(copied_results: Path) -> None:
    planted = planted_results()
    robustness_results.save(planted)
    again = robustness_results.load()
    assert np.array_equal(again.correct, planted.correct)
    assert again.confidence == pytest.approx(planted.confidence, abs=1e-6)
    assert again.corruptions == planted.corruptions
    assert again.current_models == list(MODELS)


def test_a_damaged_file_is_one_sentence(copied_results: Path) -> None:
    robustness_results.save(planted_results())
    path = robustness_results.files()[1]
    path.write_bytes(path.read_bytes()[:200])
    store.record_checksums(path)
    with pytest.raises(ResultsError, match=r"robustness\.npz is damaged"):
        robustness_results.load()


def test_the_committed_answers_to_clean_faces_are_the_committed_predictions() -> None:
    results = robustness_results.load()
    for name in results.current_models:
        predictions = split_predictions(name, robustness_results.SPLIT)
        rows = {image: row for row, image in enumerate(predictions.ids.tolist())}
        faces = predictions.select(np.array([rows[image] for image in results.ids.tolist()]))
        assert np.array_equal(faces.labels, results.labels)
        for corruption in results.corruptions:
            assert np.array_equal(results.correct_of(name, corruption)[0], faces.correct)
