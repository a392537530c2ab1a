"""No page shows, or fails because of, results of other weights or of other images."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from apptest import PAGES, open_page, text_of
from outdated import committed_ids, evaluate_on, retrain


def two_other_ids(ids: np.ndarray) -> np.ndarray:
    """One unknown id a split, as in a copy of FER2013 with other names."""
    other = ids.astype("U40")
    other[[7, -7]] = "PublicTest_row30002", "PrivateTest_row35743"
    return other


def few(ids: np.ndarray) -> np.ndarray:
    """The first 56 images of each split, as in a copy with few faces."""
    return np.concatenate([ids[np.char.startswith(ids, s)][:56] for s in ("Public", "Private")])


@pytest.mark.parametrize(
    ("images", "problem"),
    [
        (two_other_ids, "on different images than other models"),
        (few, "on 56 images of PublicTest instead of 3,589"),
    ],
)
@pytest.mark.parametrize("page", PAGES)
def test_one_model_on_other_images(
    page: str,
    images: Callable[[np.ndarray], np.ndarray],
    problem: str,
    copied_results: Path,
) -> None:
    evaluate_on("keras_cnn", images(committed_ids(copied_results)))
    app = open_page(page)
    assert not app.exception
    text = text_of(app).replace("\\", "")
    assert f"keras_cnn was evaluated {problem}: run `python -m training.evaluate" in text
    if page == "pages/leaderboard.py":
        assert "ResNet-101" in app.dataframe[0].value["Model"].tolist()
        assert "Keras CNN from scratch" not in app.dataframe[0].value["Model"].tolist()


@pytest.mark.parametrize("page", PAGES)
def test_a_model_trained_anew(page: str, copied_weights: Path) -> None:
    retrain("multiclass")
    app = open_page(page)
    assert not app.exception
    text = text_of(app).replace("\\", "")
    assert "multiclass was trained anew since it was evaluated: run" in text
    assert "stacking is made of multiclass, which was trained anew" in text
    assert "keras_cnn was trained anew" not in text


def test_no_old_accuracy_beside_an_answer_of_new_weights(copied_weights: Path) -> None:
    retrain("multiclass")
    app = open_page("pages/classify.py")
    app.button(key="sample").click().run()
    assert any("right on" in caption.value for caption in app.caption)
    app.selectbox(key="model").select("multiclass").run()
    assert not app.exception
    assert not any("right on" in caption.value for caption in app.caption)
    assert any("trained anew since it was evaluated" in caption.value for caption in app.caption)
