"""The areas' intervals against SciPy's bootstrap of scikit-learn's areas."""

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics

from fer_core.evaluation import areas


def made_up(n: int = 150) -> tuple[np.ndarray, np.ndarray]:
    """Scores with ties."""
    random = np.random.default_rng(2)
    truth = random.random(n) < 0.3
    return truth, np.round(random.normal(size=n) + truth, 1)


@pytest.mark.parametrize(
    ("name", "area"),
    [("roc", metrics.roc_auc_score), ("average_precision", metrics.average_precision_score)],
)
def test_an_areas_interval_is_the_bootstrap_over_images(name: str, area: object) -> None:
    truth, scores = made_up()
    expected = stats.bootstrap(
        (truth, scores), area, paired=True, vectorized=False, method="percentile",
        n_resamples=500, random_state=0,
    ).confidence_interval  # fmt: skip
    found = getattr(areas.area_intervals(truth, scores), name)
    assert found == pytest.approx(tuple(expected), abs=0.02)


def test_one_draw_of_every_image_gives_scikit_learns_areas() -> None:
    truth, scores = made_up()
    levels = np.unique(scores)[::-1]
    counts = [
        np.array([[(truth == kind)[scores == level].sum() for level in levels]], np.float32)
        for kind in (True, False)
    ]
    found = areas._areas(*counts)[:, 0]
    expected = metrics.roc_auc_score(truth, scores), metrics.average_precision_score(truth, scores)
    assert found == pytest.approx(expected, abs=1e-6)
