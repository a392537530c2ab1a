"""Agreement on hand-made answers, against scikit-learn and statsmodels."""

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, fleiss_kappa

from fer_core.artifacts.predictions import split_predictions
from fer_core.artifacts.summaries import evaluated_models
from fer_core.emotions import EMOTIONS
from fer_core.evaluation.agreement import (
    Kappa,
    agreement_rate,
    consensus,
    count_votes,
    dissenters,
    extremes,
    group_by_answer,
    kappa,
    kappa_difference,
    pairwise_agreement,
    rank_by_disagreement,
    to_indices,
)
from fer_core.evaluation.classification import confusion_matrix


def alike(seed: int, share: float, n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Two models' answers; about `share` of the second's are copied from the first."""
    random = np.random.default_rng(seed)
    first, own = random.integers(0, 7, (2, n))
    return first, np.where(random.random(n) < share, first, own)


def test_a_clear_lead() -> None:
    result = consensus(["happy", "sad", "happy", "angry", "happy"])
    assert result.counts == {"happy": 3, "angry": 1, "sad": 1}
    assert list(result.counts) == ["happy", "angry", "sad"]
    assert (result.top_count, result.total, result.leaders) == (3, 5, ("happy",))
    assert not result.is_split
    assert not result.is_unanimous
    assert result.pair_agreement == pytest.approx(3 / 10)


def test_a_split_names_all_leaders() -> None:
    result = consensus(["sad", "happy", "sad", "happy", "fear"])
    assert result.is_split
    assert result.leaders == ("happy", "sad")


def test_a_single_model_is_unanimous() -> None:
    result = consensus(["fear"])
    assert result.is_unanimous
    assert result.pair_agreement == 1


def test_no_answers_have_no_consensus() -> None:
    with pytest.raises(ValueError, match="at least one"):
        consensus([])


def test_pairs_that_agree_average_to_what_fleiss_kappa_starts_from() -> None:
    """Fleiss' kappa is (P - P_e) / (1 - P_e), P the mean of `same_pairs`."""
    votes = np.random.default_rng(3).integers(0, 4, (60, 8))
    observed = np.mean([consensus([EMOTIONS[i] for i in row]).pair_agreement for row in votes])
    counts, _ = aggregate_raters(votes, n_cat=7)
    chance = ((counts.sum(axis=0) / counts.sum()) ** 2).sum()
    assert (observed - chance) / (1 - chance) == pytest.approx(fleiss_kappa(counts))


def test_same_answer() -> None:
    assert agreement_rate(np.array([0, 1, 2, 3]), np.array([0, 1, 3, 3])) == 0.75


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("seed", [0, 1])
def test_kappa_and_its_interval(seed: int, share: float) -> None:
    first, second = alike(seed, share)
    found = kappa(first, second)
    assert found.value == pytest.approx(cohen_kappa_score(first, second))
    known = cohens_kappa(confusion_matrix(first, second))
    assert found.value == pytest.approx(known.kappa)
    assert found.value - found.half_width == pytest.approx(known.kappa_low)
    assert found.value + found.half_width == pytest.approx(known.kappa_upp)
    assert kappa(second, first) == pytest.approx(found)


def test_a_model_that_always_says_the_same_agrees_only_by_chance() -> None:
    first, _ = alike(0, 0.5)
    always = np.full_like(first, 3)
    assert agreement_rate(first, always) > 0
    assert kappa(first, always).value == pytest.approx(0)


def test_kappa_of_two_that_never_change_their_answer_is_undefined() -> None:
    always = np.full(9, 3)
    assert np.isnan(kappa(always, always)).all()
    assert kappa(always, np.full(9, 4)).value == 0


def test_the_same_answers_have_kappa_one() -> None:
    first, _ = alike(0, 0.5)
    assert kappa(first, first) == pytest.approx((1, 0))


@pytest.mark.parametrize("function", [agreement_rate, kappa])
def test_answers_must_pair_up(function: object) -> None:
    for first, second in ((np.zeros(3, int), np.zeros(4, int)), (np.zeros(0, int),) * 2):
        with pytest.raises(ValueError, match="do not pair up"):
            function(first, second)  # type: ignore[operator]


def test_every_pair_comes_once() -> None:
    first, second = alike(0, 0.5)
    found = pairwise_agreement({"a": first, "b": second, "c": first})
    assert [(pair.first, pair.second) for pair in found] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert found[1].agreement == 1
    assert found[0].n == len(first)
    assert found[0].kappa == kappa(first, second)


def test_committed_predictions_are_of_the_same_images_in_the_same_order() -> None:
    found = [split_predictions(model.name, "PrivateTest").ids for model in evaluated_models()]
    assert all(np.array_equal(found[0], ids) for ids in found[1:])


def test_faces_with_most_disagreement_come_first() -> None:
    faces = [consensus(row.split()) for row in ("sad sad", "sad fear", "fear fear", "angry sad")]
    assert rank_by_disagreement(faces) == [1, 3, 0, 2]


def test_who_dissents() -> None:
    answers = {"a": "sad", "b": "fear", "c": "sad"}
    assert dissenters(answers, consensus(list(answers.values()))) == ["b"]
    halves = {"a": "sad", "b": "fear"}
    assert dissenters(halves, consensus(list(halves.values()))) == []  # no answer leads


def test_votes_and_groups() -> None:
    counted = count_votes(["sad", "fear", "sad"])
    assert list(counted) == list(EMOTIONS)
    assert (counted["sad"], counted["fear"], counted["happy"]) == (2, 1, 0)
    found = group_by_answer({"a": "fear", "b": "sad", "c": "happy", "d": "sad"})
    assert list(found.items()) == [("sad", ["b", "d"]), ("fear", ["a"]), ("happy", ["c"])]
    assert to_indices(["happy", "angry"]).tolist() == [3, 0]
    assert len(to_indices([])) == 0


def test_the_most_and_the_least_alike_pair() -> None:
    first, second = alike(0, 0.5)
    always = np.full_like(first, 3)
    found = extremes(
        pairwise_agreement({"a": first, "b": second, "c": first, "d": always, "e": always})
    )
    assert found is not None
    assert (found[0].first, found[0].second) == ("a", "c")
    assert found[1].kappa.value == min(
        kappa(x, y).value for x in (first, second) for y in (first, second, always)
    )
    assert extremes(pairwise_agreement({"a": first, "b": second})) is None


def test_kappa_difference_and_its_paired_interval() -> None:
    """Against scikit-learn, images drawn again one by one."""
    answers, first = alike(1, 0.5)
    second = np.where(np.arange(400) < 320, first, answers)  # 80 % the same references
    value, interval = kappa_difference(first, second, answers)
    expected = cohen_kappa_score(first, answers) - cohen_kappa_score(second, answers)
    assert value == pytest.approx(expected)
    random = np.random.default_rng(7)
    draws = [random.integers(0, 400, 400) for _ in range(300)]
    drawn = [
        cohen_kappa_score(first[i], answers[i]) - cohen_kappa_score(second[i], answers[i])
        for i in draws
    ]
    assert interval == pytest.approx(np.percentile(drawn, (2.5, 97.5)), abs=0.015)
    apart = kappa(first, answers).half_width + kappa(second, answers).half_width
    assert interval.high - interval.low < 0.75 * 2 * apart  # pairing makes it tighter


def test_kappa_difference_has_no_sign_where_both_references_are_equal() -> None:
    answers, first = alike(2, 0.5)
    assert kappa_difference(first, first, answers) == (0, (0, 0))
    with pytest.raises(ValueError, match="pair up"):
        kappa_difference(first, first[1:], answers)


def test_a_kappa_interval_ends_at_one() -> None:
    known = Kappa(0.9, 0.2).interval
    assert known == pytest.approx((0.7, 1.0))
