"""Slices: a planted one is found, noise is not reported, and the numbers are right."""

import numpy as np
import pytest
from committed_file import committed
from scipy import stats
from statsmodels.stats.multitest import multipletests

from fer_core.datasets.near_copies import has_training_copy
from fer_core.evaluation import slice_features, slices
from fer_core.evaluation.evaluation_set import committed_set, user_set
from fer_core.evaluation.slice_features import YARDSTICKS
from fer_core.evaluation.slices import MIN_FACES, Slice, find_slices
from fer_core.evaluation.uncertainty import LEVEL
from fer_core.registry import MODELS

N = 400
RUNS = 200


def random_slices(random: np.random.Generator) -> list[Slice]:
    """Four features at random, of which each divides the faces into quarters."""
    return [
        each
        for feature in "abcd"
        for each in slices.parts(feature, random.random(N), slice_features.QUARTERS)
    ]


def test_noise_is_not_reported() -> None:
    """In at most one of twenty sets without a worse slice is one reported."""
    random = np.random.default_rng(5)
    reported = 0
    for _ in range(RUNS):
        rows = find_slices(random.random(N) < 0.7, random_slices(random))
        reported += any(row.p_value < 1 - LEVEL for row in rows)
    assert reported / RUNS <= 1 - LEVEL


def test_a_planted_slice_is_found() -> None:
    random = np.random.default_rng(6)
    for _ in range(20):
        found = random_slices(random)
        right = np.where(found[6].mask, 0.4, 0.8)  # the second feature's third quarter
        first, *others = find_slices(random.random(N) < right, found)
        assert (first.feature, first.name) == ("b", "third quarter")
        assert first.is_worse
        assert first.interval.high < 0
        assert not any(row.is_worse and row.feature == "b" for row in others)


def test_a_slice_of_two_features_is_found() -> None:
    random = np.random.default_rng(7)
    found = random_slices(random)
    both = found[0].mask & found[5].mask
    rows = find_slices(np.where(both, random.random(N) < 0.1, True), slices.crossed(found))
    assert (rows[0].feature, rows[0].name) == ("a and b", "lowest quarter, second quarter")


def test_no_kind_of_faces_is_looked_at_twice() -> None:
    """Without copies, 'near copy: none' is every face and repeats what it is crossed with."""
    without = committed_set("PrivateTest", "no_copy")
    rows = slice_features.slice_rows(without, "multiclass", crossed=True)
    assert not any("near copy" in row.feature for row in rows)
    half = np.arange(N) < N // 2
    same = [Slice("a", "half", half), Slice("b", "most", np.arange(N) < N - MIN_FACES)]
    assert slices.crossed(same) == []


def test_numbers_are_those_of_scipy_and_statsmodels() -> None:
    random = np.random.default_rng(8)
    found, correct = random_slices(random), random.random(N) < 0.6
    rows = find_slices(correct, found)
    raw = []
    for row in rows:
        [mask] = [s.mask for s in found if (s.feature, s.name) == (row.feature, row.name)]
        table = [[(mask & correct).sum(), (mask & ~correct).sum()]]
        table += [[(~mask & correct).sum(), (~mask & ~correct).sum()]]
        raw.append(stats.fisher_exact(table).pvalue)
        assert row.accuracy == pytest.approx(correct[mask].mean())
        assert row.difference == pytest.approx(correct[mask].mean() - correct[~mask].mean())
    corrected = multipletests(raw, method="holm")[1]
    assert [row.p_value for row in rows] == pytest.approx(corrected.tolist())
    worse = [row for row in rows if row.difference < 0]
    assert rows[: len(worse)] == worse
    assert [row.p_value for row in worse] == sorted(row.p_value for row in worse)


def test_small_slices_are_not_looked_at() -> None:
    places = np.arange(N)
    found = [
        Slice("few", "too few", places < MIN_FACES - 1),
        Slice("few", "enough", places < MIN_FACES),
        Slice("most", "too few others", places >= MIN_FACES - 1),
        Slice("none", "no face", places < 0),
    ]
    assert [row.name for row in find_slices(places % 2 == 0, found)] == ["enough"]


def test_unknown_numbers_are_in_no_part() -> None:
    values = np.array([np.nan, 1.0, 2.0, 3.0, 4.0])
    low, high = slices.parts("x", values, ("low", "high"))
    assert low.mask.tolist() == [False, True, True, False, False]
    assert high.mask.tolist() == [False, False, False, True, True]
    assert slices.parts("x", values[:1], ("low", "high")) == []


def test_the_brightness_gap_is_none_by_the_crowd() -> None:
    """The gap by label, which copies and labels make; its parts are counted from the files."""
    gaps = {
        yardstick: slice_features.gap(yardstick.of("PrivateTest"), "multiclass", "brightness")
        for yardstick in YARDSTICKS
    }
    by_label, _, by_crowd, _ = gaps.values()
    assert by_label.interval.low > 0
    assert by_crowd.holds_zero
    file = committed(MODELS["multiclass"], "PrivateTest")
    correct = file["probabilities"].astype(float).argmax(axis=1) == file["labels"]
    looks = slice_features.load_appearance()
    bright = np.array([looks[face][0] for face in file["ids"].tolist()])
    low, high = np.quantile(bright, [0.25, 0.75])
    assert by_label.low == pytest.approx(correct[bright <= low].mean())
    assert by_label.high == pytest.approx(correct[bright > high].mean())


def test_features_of_a_committed_set() -> None:
    everything = committed_set("PrivateTest")
    rows = slice_features.slice_rows(everything, "multiclass")
    features = {row.feature for row in rows}
    assert features == {
        *("label", "near copy", "brightness", "contrast", "sharpness", "disagreement")
    }
    [copied] = [row for row in rows if (row.feature, row.name) == ("near copy", "in Training")]
    predictions = everything.predictions("multiclass")
    mask = has_training_copy(predictions.ids.tolist())
    assert (copied.correct, copied.n) == (int(predictions.correct[mask].sum()), int(mask.sum()))
    without = slice_features.slice_rows(committed_set("PrivateTest", "no_copy"), "multiclass")
    assert "near copy" not in {row.feature for row in without}


def test_no_test_where_faces_chose_models() -> None:
    rows = slice_features.slice_rows(committed_set("PublicTest"), "multiclass")
    assert rows
    assert all(row.p_value is None and not row.is_worse for row in rows)


def test_features_of_a_users_own_set() -> None:
    given = committed_set("PrivateTest").predictions("multiclass").select(np.arange(N))
    groups = {"room": np.where(np.arange(N) % 2 == 0, "a", "b")}
    own = user_set("mine", {"multiclass": given}, MODELS, groups=groups)
    rows = slice_features.slice_rows(own, "multiclass", {"face size": np.arange(N, dtype=float)})
    assert {row.feature for row in rows} == {"label", "face size", "room"}
    [smallest] = [row for row in rows if (row.feature, row.name) == ("face size", "lowest quarter")]
    assert smallest.correct == int(given.correct[: N // 4].sum())
