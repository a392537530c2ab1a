"""Prediction sets against a plain recomputation, and at the edges."""

import numpy as np
import pytest

import fer_core as fer
from fer_core import own_model
from fer_core.artifacts.predictions import Predictions, split_predictions
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import conformal
from fer_core.evaluation.evaluation_set import committed_set, user_set
from fer_core.registry import MODELS

HAPPY = {"happy": 0.5, "surprise": 0.3, "neutral": 0.1, "sad": 0.06, "fear": 0.02} | {
    "angry": 0.01,
    "disgust": 0.01,
}


def plain_limit(scores: np.ndarray, level: float) -> float:
    """The textbook's quantile of the scores 1 − p(label); above every score where n is small."""
    n, percent = len(scores), round(100 * level)
    rank = -(-(n + 1) * percent // 100)  # rounded up, in whole numbers
    return float(np.partition(scores, rank - 1)[rank - 1]) if rank <= n else 1.0


@pytest.mark.parametrize("name", ["multiclass", "keras_cnn"])
@pytest.mark.parametrize("level", conformal.LEVELS)
@pytest.mark.parametrize("per_emotion", [False, True])
def test_sets_equal_a_plain_recomputation(name: str, level: float, per_emotion: bool) -> None:
    public, private = (split_predictions(name, split) for split in ("PublicTest", "PrivateTest"))
    scores = 1 - public.probabilities[np.arange(len(public)), public.labels]
    limits = [
        plain_limit(scores[public.labels == i] if per_emotion else scores, level) for i in range(7)
    ]
    sets = 1 - private.probabilities <= np.array(limits) + 1e-9
    sets[np.arange(len(sets)), private.predicted] = True
    covered = sets[np.arange(len(sets)), private.labels]
    given = conformal.limits(public, level, per_emotion)
    measured = conformal.set_scores(private, given)
    assert measured.covered == covered.sum()
    assert measured.mean_size == pytest.approx(sets.sum(axis=1).mean())
    assert measured.singletons == (sets.sum(axis=1) == 1).sum()
    assert measured.size_interval.low < measured.mean_size < measured.size_interval.high
    for i, row in enumerate(conformal.set_scores_by_emotion(private, given).values()):
        assert (row.covered, row.n) == (
            covered[private.labels == i].sum(),
            (private.labels == i).sum(),
        )
    assert measured.coverage > level - 0.02  # as promised, up to chance


def test_on_the_faces_they_were_fitted_on_the_level_is_reached() -> None:
    public = split_predictions("multiclass", "PublicTest")
    measured = conformal.set_scores_by_emotion(public, conformal.limits(public, 0.9, True))
    assert all(row.coverage >= 0.9 for row in measured.values())


def test_the_most_probable_emotion_is_always_in_the_set() -> None:
    flat = np.array([[0.2, 0.16, 0.16, 0.12, 0.12, 0.12, 0.12]])
    assert conformal.membership(flat, (0.9,) * 7).tolist() == [[True] + [False] * 6]


def test_an_emotion_without_calibration_faces_is_in_every_set() -> None:
    public = split_predictions("multiclass", "PublicTest")
    without = public.select(public.labels != EMOTIONS.index("disgust"))
    limits = conformal.limits(without, 0.9, True)
    assert limits[EMOTIONS.index("disgust")] == 0
    assert all(limit > 0 for name, limit in zip(EMOTIONS, limits, strict=True) if name != "disgust")
    sets = conformal.membership(public.probabilities, limits)
    assert sets[:, EMOTIONS.index("disgust")].all()
    assert "disgust" not in conformal.set_scores_by_emotion(without, limits)


@pytest.mark.parametrize(("n", "rank"), [(8, None), (9, 1), (18, 1), (19, 2)])
def test_the_limit_is_a_probability_of_one_of_the_faces(n: int, rank: int | None) -> None:
    """The ⌈(n + 1) · 0.9⌉-th of n scores: of 8 there is no such one, of 19 it is the second
    highest, so the second lowest probability."""
    of_label = np.arange(1, n + 1) / (2 * n)
    probabilities = np.repeat((1 - of_label[:, None]) / 6, 7, axis=1)
    probabilities[:, 2] = of_label
    given = Predictions(np.array(["a"] * n), np.full(n, 2), probabilities)
    expected = 0 if rank is None else of_label[rank - 1]
    assert conformal.limits(given, 0.9) == (expected,) * 7


def test_a_level_is_between_none_and_all() -> None:
    for level in (0, 1, 90):
        with pytest.raises(ValueError, match="not between 0 and 1"):
            fer.prediction_set("multiclass", HAPPY, level)


def test_the_set_of_an_answer_begins_with_the_most_probable() -> None:
    public = split_predictions("multiclass", "PublicTest")
    [limit, *_] = conformal.limits(public, 0.9)
    expected = [name for name, p in HAPPY.items() if p >= limit]
    assert fer.prediction_set("multiclass", HAPPY) == expected
    assert expected[:2] == ["happy", "surprise"]
    wider = fer.prediction_set("multiclass", HAPPY, 0.95)
    assert wider is not None
    assert len(wider) > len(expected)


def test_a_model_that_votes_taught_is_calibrated_by_the_crowd() -> None:
    """What it is asked on a photo is what people say; FER2013's labels it was not taught."""
    crowd = committed_set("PublicTest", by_crowd=True).predictions("ferplus")
    assert conformal.answer_limits("ferplus") == conformal.limits(crowd, 0.9)
    assert conformal.answer_limits("ferplus") != conformal.limits(
        split_predictions("ferplus", "PublicTest"), 0.9
    )
    model = MODELS["ferplus"]
    assert not conformal.is_by_crowd(model, committed_set("PrivateTest"))
    assert conformal.is_by_crowd(MODELS["multiclass"], committed_set("PrivateTest", by_crowd=True))
    own = user_set("mine", {"ferplus": crowd}, MODELS)
    assert conformal.is_by_crowd(model, own)


def test_an_own_model_has_no_set(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = own_model.own_model_spec("mine")
    monkeypatch.setitem(MODELS, mine.name, mine)
    assert fer.prediction_set("mine", HAPPY) is None
    assert conformal.calibration_predictions(mine, by_crowd=False) is None
