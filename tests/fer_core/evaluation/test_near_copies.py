"""Scores with and without a copy in Training, against counts made without the library."""

import csv

import numpy as np
import pytest
from sklearn import metrics
from statsmodels.stats.proportion import proportion_confint

from fer_core.artifacts import summaries
from fer_core.artifacts.predictions import SPLITS, Predictions, split_predictions
from fer_core.datasets import near_copies as datasets
from fer_core.datasets.near_copies import NearCopy
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import classification, near_copies, per_class, thresholds
from fer_core.evaluation.evaluation_set import committed_set
from fer_core.evaluation.near_copies import Share, select_predictions
from fer_core.evaluation.scores import compute_scores
from fer_core.registry import MODELS

IDS = np.array(["PrivateTest_1", "PrivateTest_2", "PrivateTest_3", "PrivateTest_4"])


def saved(name: str, split: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels, answers and whether there is a copy, read without the library."""
    with np.load(summaries.path(MODELS[name]).with_suffix(".npz")) as file:
        rows = np.char.startswith(file["ids"], split)
        ids, labels = file["ids"][rows], file["labels"][rows]
        answers = file["probabilities"][rows].astype(float).argmax(axis=1)
    with datasets.near_copies_path().open() as file:
        found = {r["test_id"] for r in csv.DictReader(file) if float(r["correlation"]) >= 0.95}
    return labels, answers, np.array([i in found for i in ids.tolist()])


@pytest.mark.parametrize("split", SPLITS)
def test_accuracy_and_recall_equal_scikit_learn(split: str) -> None:
    labels, answers, copied = saved("multiclass", split)
    accuracy = near_copies.accuracy("multiclass", split)
    for share, mask in ((accuracy.copied, copied), (accuracy.other, ~copied)):
        assert share.n == mask.sum()
        assert share.value == pytest.approx(metrics.accuracy_score(labels[mask], answers[mask]))
        expected = proportion_confint(share.hits, share.n, method="wilson")
        assert share.interval == pytest.approx(expected)
    recall = near_copies.recall("multiclass", split)
    for kind, mask in (("copied", copied), ("other", ~copied)):
        expected = metrics.recall_score(labels[mask], answers[mask], average=None)
        found = [getattr(recall[name], kind).value for name in EMOTIONS]
        assert found == pytest.approx(expected.tolist())
    assert accuracy.all.value == pytest.approx((labels == answers).mean())


@pytest.mark.parametrize("split", SPLITS)
def test_every_number_without_copies_is_of_the_same_faces(split: str) -> None:
    labels, answers, copied = saved("individual", split)
    n = int((~copied).sum())
    expected = metrics.confusion_matrix(labels[~copied], answers[~copied])
    assert (
        classification.matrix_of(select_predictions("individual", split, "no_copy")) == expected
    ).all()
    assert compute_scores(select_predictions("individual", split, "no_copy")).n == n
    assert committed_set(split, "no_copy").compare("individual", "resnet101").n == n
    assert (
        sum(row.faces for row in per_class.rows(select_predictions("individual", split, "no_copy")))
        == n
    )
    question = thresholds.one_vs_rest(select_predictions("individual", split, "no_copy"), "fear")
    assert question.truth.sum() == (labels[~copied] == EMOTIONS.index("fear")).sum()
    # and all faces stay all faces
    assert compute_scores(split_predictions("individual", split)).n == len(labels)


def test_shares_add_up() -> None:
    shares = near_copies.copy_shares("PrivateTest")
    assert sum(share.n for share in shares.values()) == 3589
    assert near_copies.total_share("PrivateTest").hits == len(
        near_copies.labelled_copies("PrivateTest")
    )


@pytest.fixture
def four_faces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four faces labelled angry; three with a copy: angry (identical), sad and fear."""
    labels = np.zeros(4, int)
    answers = np.eye(7)[[0, EMOTIONS.index("sad"), 0, 0]]
    predictions = Predictions(IDS, labels, answers)
    copies = {
        i: NearCopy(i, "Training_1", correlation, False, label)
        for i, correlation, label in zip(
            IDS.tolist(), (1.0, 0.97, 0.96), ("angry", "sad", "fear"), strict=False
        )
    }
    monkeypatch.setattr(near_copies, "split_predictions", lambda *_: predictions)
    monkeypatch.setattr(near_copies, "load_copies", lambda: copies)


@pytest.mark.usefixtures("four_faces")
def test_conflicts_count_whose_label_is_answered() -> None:
    conflicts = near_copies.conflicts("any", "PrivateTest")
    assert conflicts == (1, 1, 0)
    assert conflicts.n == 2
    assert conflicts.training_share == Share(1, 2)


@pytest.mark.usefixtures("four_faces")
def test_labels_are_compared_with_and_without_identical_images() -> None:
    assert near_copies.same_label("PrivateTest", identical=True) == Share(1, 3)
    assert near_copies.same_label("PrivateTest", identical=False) == Share(0, 2)
