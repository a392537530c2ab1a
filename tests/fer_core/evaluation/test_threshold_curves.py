"""One-vs-rest curves and the point of a threshold."""

import numpy as np
import pytest
from sklearn import metrics as sk

from fer_core.evaluation import thresholds


@pytest.fixture(scope="module")
def case() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(4)
    truth = random.random(500) < 0.2
    return truth, np.round(np.clip(random.normal(0.3 + 0.3 * truth, 0.2), 0, 1), 2)  # with ties


def test_areas(case: tuple[np.ndarray, np.ndarray]) -> None:
    roc, pr = thresholds.roc(*case), thresholds.precision_recall(*case)
    assert roc.area == pytest.approx(sk.auc(roc.x, roc.y))
    assert roc.area == pytest.approx(sk.roc_auc_score(*case))
    assert pr.area == pytest.approx(sk.average_precision_score(*case))
    assert (np.diff(roc.x) >= 0).all()
    assert (np.diff(pr.x) >= 0).all()


@pytest.mark.parametrize("threshold", [0.0, 0.31, 0.5, 1.0, 1.1])
def test_a_threshold_is_scikit_learns(
    case: tuple[np.ndarray, np.ndarray], threshold: float
) -> None:
    truth, scores = case
    yes = scores >= threshold
    found = thresholds.at_threshold(truth, scores, threshold)
    tn, fp, fn, tp = sk.confusion_matrix(truth, yes, labels=[False, True]).ravel()
    assert tuple(found) == (tp, fp, fn, tn)
    assert found.recall == pytest.approx(sk.recall_score(truth, yes))
    assert found.precision == pytest.approx(sk.precision_score(truth, yes, zero_division=0))
    assert found.f1 == pytest.approx(sk.f1_score(truth, yes, zero_division=0))
    assert found.specificity == pytest.approx(sk.recall_score(~truth, ~yes))
    assert found.accuracy == pytest.approx(sk.accuracy_score(truth, yes))
    assert found.balanced_accuracy == pytest.approx(sk.balanced_accuracy_score(truth, yes))


def test_always_no_scores_like_no_skill(case: tuple[np.ndarray, np.ndarray]) -> None:
    """The study's lesson: it reaches the no-skill accuracy and finds nothing."""
    never = thresholds.at_threshold(*case, threshold=1.1)
    assert never.accuracy == never.no_skill == 1 - case[0].mean()
    assert never.recall == 0
    assert never.balanced_accuracy == 0.5


def test_the_point_lies_on_both_curves(case: tuple[np.ndarray, np.ndarray]) -> None:
    found = thresholds.at_threshold(*case, threshold=0.5)
    roc, pr = thresholds.roc(*case), thresholds.precision_recall(*case)
    assert np.interp(1 - found.specificity, roc.x, roc.y) == pytest.approx(found.recall, abs=1e-6)
    nearest = np.abs(pr.x - found.recall) + np.abs(pr.y - found.precision)
    assert nearest.min() == pytest.approx(0, abs=1e-9)
