"""FER+'s own protocol, against the rule of its code written out face by face."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.metrics import accuracy_score
from statsmodels.stats.proportion import proportion_confint

from fer_core.datasets.ferplus import ANSWERS
from fer_core.evaluation import ferplus_agreement, ferplus_votes
from fer_core.evaluation.ferplus_protocol import (
    CLASSES,
    PUBLISHED,
    protocol_accuracy,
    protocol_classes,
    protocol_faces,
)


def ballot(**votes: int) -> list[int]:
    return [votes.get(name.replace(" ", "_"), 0) for name in ANSWERS]


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        (ballot(happy=10), "happy"),
        # Four of ten are more than half of the seven votes left without the outliers.
        (ballot(sad=4, angry=3, fear=1, disgust=1, unknown=1), "sad"),
        (ballot(sad=5, angry=5), None),
        (ballot(sad=5, angry=3, unknown=2), None),  # five of ten are not more than half
        (ballot(contempt=6, neutral=4), "contempt"),
        (ballot(unknown=6, fear=4), None),
        (ballot(no_face=10), None),
        (ballot(sad=1, angry=1), None),  # outliers only
        (ballot(), None),
    ],
)
def test_classes(votes: list[int], expected: str | None) -> None:
    found = protocol_classes(np.array([votes], np.uint8))[0]
    assert (None if found < 0 else CLASSES[found]) == expected


def by_hand(votes: list[int]) -> int | None:
    """The class of one face in plain Python; None if it is left out."""
    left = [count if count >= 2 else 0 for count in votes]
    most = max(left)
    if most <= sum(left) / 2 or left.index(most) >= 8:
        return None
    return left.index(most)


def made_up(n: int = 600) -> np.ndarray:
    random = np.random.default_rng(5)
    shares = random.dirichlet(np.full(10, 0.25), n)
    return np.array([random.multinomial(10, row) for row in shares], np.uint8)


def test_accuracy_and_counts() -> None:
    votes = made_up()
    truth = [by_hand(row.tolist()) for row in votes]
    kept = [i for i, value in enumerate(truth) if value is not None]
    classes = np.array([truth[i] for i in kept])
    predicted = np.random.default_rng(6).integers(0, 7, len(votes))
    predicted[::2] = votes[::2, :7].argmax(axis=1)
    found = protocol_accuracy(votes, predicted)
    assert found.n == len(kept) < len(votes)
    assert found.accuracy == pytest.approx(accuracy_score(classes, predicted[kept]))
    hits = int((classes == predicted[kept]).sum())
    assert found.interval == pytest.approx(proportion_confint(hits, len(kept), method="wilson"))

    faces = protocol_faces(votes)
    assert faces.n + faces.without_majority + faces.unknown_or_no_face == len(votes)
    assert faces.contempt == (classes == 7).sum() > 0
    dummy = DummyClassifier(strategy="most_frequent").fit(classes, classes)
    assert faces.baseline == pytest.approx(dummy.score(classes, classes))
    assert faces.most_frequent == CLASSES[dummy.predict([0])[0]]
    # The best that seven emotions allow: right on everything but contempt.
    best = np.where(protocol_classes(votes) == 7, 0, protocol_classes(votes))
    assert protocol_accuracy(votes, best).accuracy == pytest.approx(faces.max_accuracy)


def test_no_face_that_counts_is_an_error() -> None:
    votes = np.array([ballot(no_face=10), ballot()])
    with pytest.raises(ValueError, match="no face has a majority"):
        protocol_faces(votes)
    with pytest.raises(ValueError, match="0 of 0"):
        protocol_accuracy(votes, np.array([0, 1]))


def test_it_is_another_rule_than_the_clear_majority() -> None:
    votes = made_up()
    assert (ferplus_votes.majority(votes) != protocol_classes(votes)).any()


def test_recorded_faces() -> None:
    recorded = ferplus_agreement.load_agreement()
    for split, faces in recorded.protocol.items():
        assert faces.n + faces.without_majority + faces.unknown_or_no_face == 3589
        assert {row.protocol.n for row in recorded.models[split].values()} == {faces.n}
    assert recorded.protocol["PrivateTest"].n == 3153
    assert recorded.protocol["PrivateTest"].contempt == 16


def test_documentation_has_the_recorded_numbers() -> None:
    text = " ".join((Path(__file__).parents[3] / "docs/evaluation.md").read_text().split())
    recorded = ferplus_agreement.load_agreement()
    faces, rows = recorded.protocol["PrivateTest"], recorded.models["PrivateTest"].values()
    accuracies = sorted(100 * row.protocol.accuracy for row in rows)
    higher = sum(row.contrast.kappa_difference > 0 for row in rows)
    for claim in (
        f"{faces.n:,} of its 3,589 faces count, {faces.without_majority} have no such majority, "
        f"{faces.unknown_or_no_face} are",
        f"the {faces.contempt} faces of contempt",
        f"{100 * faces.max_accuracy:.1f} % is the most they could reach",
        f'always "{faces.most_frequent}" reaches {100 * faces.baseline:.1f} %',
        f"they reach {accuracies[0]:.1f} to {accuracies[-1]:.1f} %",
        f"higher with the crowd for {higher} of {len(rows)}",
        f"(p = {recorded.models['PrivateTest']['multiclass'].contrast.p_value:.3f})",
    ):
        assert claim in text, claim


def test_the_published_best_is_not_majority_voting() -> None:
    best = max(PUBLISHED, key=lambda result: result.accuracy)
    assert (best.training, round(100 * best.accuracy, 2)) == ("probabilistic label drawing", 84.99)
