"""The maps of ensembles and stacking follow from their networks' maps by their formulas."""

import json
from typing import NamedTuple

import numpy as np
import pytest

from fer_core import EMOTIONS, get_model_spec
from fer_core.artifacts import weights_file
from fer_core.explain import METHODS, explain
from fer_core.explain.ensembles import member_weights
from fer_core.explain.networks import raw_maps
from fer_core.models import ensembles
from fer_core.models.predictors import load, load_yes_no
from fer_core.probability import log_odds, sigmoid, softmax

ENSEMBLES = ("ensemble_full", "ensemble_single", "stacking")
HAPPY, SAD, NONE = np.eye(7)[[3]], np.eye(7)[[5]], np.zeros((1, 7))
RANDOM = np.random.default_rng(1)
ODDS, LOGITS = RANDOM.normal(-1, 1.5, (1, 7)), RANDOM.normal(0, 1.5, (1, 7))
FITTED = {
    "slope": RANDOM.uniform(0.5, 1.5, 7).tolist(),
    "offset": RANDOM.normal(0, 0.3, 7).tolist(),
    "multiclass_share": 0.7,
    "coefficients": RANDOM.normal(0, 0.5, (7, 14)).tolist(),
    "intercept": RANDOM.normal(0, 0.3, 7).tolist(),
}


def quantity(name: str, odds: np.ndarray, logits: np.ndarray, contrast: np.ndarray) -> float:
    """log p_happy, or log p_happy - log p_sad."""
    p = ensembles.combine(
        get_model_spec(name),
        FITTED,
        [sigmoid(odds), softmax(logits)][: len(get_model_spec(name).members)],
    )[0].astype(np.float64)
    return float(np.log(p[3]) - (np.log(p[5]) if contrast.any() else 0))


def slopes(name: str, contrast: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Its derivatives to the yes/no log-odds and to the multi-class logits, by differences."""
    steps = 0.01 * np.eye(7)
    args = LOGITS, contrast
    odds = [quantity(name, ODDS + s, *args) - quantity(name, ODDS - s, *args) for s in steps]
    logits = [
        quantity(name, ODDS, LOGITS + s, contrast) - quantity(name, ODDS, LOGITS - s, contrast)
        for s in steps
    ]
    return np.array(odds) / 0.02, np.array(logits) / 0.02


class Shares(NamedTuple):
    """The result of `member_weights`, with shares (N, 7 or 8) side by side."""

    shares: np.ndarray
    signs: np.ndarray
    multiclass: np.ndarray


def shares_of(
    name: str,
    fitted: dict,
    scores: np.ndarray,
    q: np.ndarray,
    emotion: np.ndarray,
    other: np.ndarray,
) -> Shares:
    answers = [scores, q][: len(get_model_spec(name).members)]
    per_member = member_weights(get_model_spec(name), fitted, answers, emotion, other)
    weights = np.hstack([member.weights for member in per_member])
    shares = weights / weights.sum(axis=1, keepdims=True)
    return Shares(shares, per_member[0].coefficients, per_member[-1].coefficients)


@pytest.mark.parametrize("contrast", [NONE, SAD], ids=["happy", "happy rather than sad"])
class TestShares:
    def test_single_ensemble(self, contrast: np.ndarray) -> None:
        found = shares_of(
            "ensemble_single", FITTED, sigmoid(ODDS), softmax(LOGITS), HAPPY, contrast
        )
        yes_no, _ = slopes("ensemble_single", contrast)
        expected = np.abs(yes_no) / np.abs(yes_no).sum()
        np.testing.assert_allclose(found.shares[0], expected, atol=2e-3)
        sure = expected > 0.01
        np.testing.assert_array_equal(found.signs[0, sure], np.sign(yes_no[sure]))

    def test_stacking(self, contrast: np.ndarray) -> None:
        found = shares_of("stacking", FITTED, sigmoid(ODDS), softmax(LOGITS), HAPPY, contrast)
        yes_no, multiclass = slopes("stacking", contrast)
        weights = np.append(np.abs(yes_no), np.abs(multiclass).sum() / 2)
        np.testing.assert_allclose(found.shares[0], weights / weights.sum(), atol=2e-3)
        direction = multiclass / weights[-1]
        np.testing.assert_allclose(found.multiclass[0], direction, atol=1e-2)

    def test_full_ensemble(self, contrast: np.ndarray) -> None:
        q, asked = softmax(LOGITS)[0], (HAPPY + contrast)[0].astype(bool)
        s = ensembles.vector_scaling(FITTED, sigmoid(ODDS))[0]
        found = shares_of("ensemble_full", FITTED, sigmoid(ODDS), q[None], HAPPY, contrast)
        of_multiclass, of_single = 0.7 * q[asked].sum(), 0.3 * s[asked].sum()
        share = of_multiclass / (of_multiclass + of_single)
        assert found.shares[0, 7] == pytest.approx(share)
        single = shares_of("ensemble_single", FITTED, sigmoid(ODDS), q[None], HAPPY, contrast)
        np.testing.assert_allclose(found.shares[0, :7], (1 - share) * single.shares[0, :7])
        np.testing.assert_array_equal(found.multiclass, HAPPY - contrast)


def test_own_model_says_yes_and_rivals_no() -> None:
    """Of `ensemble_single`: happy's yes, the other models' no."""
    found = shares_of("ensemble_single", FITTED, sigmoid(ODDS), softmax(LOGITS), HAPPY, NONE)
    assert found.signs[0].tolist() == [1 if name == "happy" else -1 for name in EMOTIONS]


@pytest.mark.parametrize("odds", [-20.0, 20.0])
def test_shares_stay_shares_when_a_model_is_sure(odds: float) -> None:
    scores, q = sigmoid(np.where(HAPPY, odds, -odds)), softmax(HAPPY * 3 * odds)
    for name in ENSEMBLES:
        found = shares_of(name, FITTED, scores, q, HAPPY, NONE)
        assert np.isfinite(found.shares).all()
        assert found.shares.sum() == pytest.approx(1)


@pytest.mark.parametrize("contrast", [None, "sad"])
@pytest.mark.parametrize("name", ENSEMBLES)
def test_the_map_is_the_weighted_sum_of_its_networks(
    chips: np.ndarray, name: str, contrast: str | None
) -> None:
    """Recomputed from the networks' own raw maps."""
    [found] = explain(name, chips[:1], "happy", "layer_cam", contrast=contrast)
    assert not found.flat
    fitted = json.loads(weights_file.path(get_model_spec(name)).read_text())["fitted"]
    scores = load_yes_no("individual").scores(chips[:1])
    q = load("multiclass").predict_proba(chips[:1])
    d = shares_of(name, fitted, scores, q, HAPPY, SAD if contrast else NONE)
    raw, expected = np.zeros((48, 48)), {}
    for k, emotion in enumerate(EMOTIONS):
        asked = chips[:1], d.signs[:, k, None], METHODS["layer_cam"], found.depth
        part = d.shares[0, k] * raw_maps("individual", *asked, emotion=emotion)[0]
        expected["individual", emotion, "yes" if d.signs[0, k] > 0 else "no"] = part
        raw += part
    if name != "ensemble_single":
        asked = chips[:1], d.multiclass, METHODS["layer_cam"], found.depth
        expected["multiclass", None, None] = d.shares[0, 7] * raw_maps("multiclass", *asked)[0]
        raw += expected["multiclass", None, None]
    assert found.peak == pytest.approx(raw.max(), rel=1e-3)
    np.testing.assert_allclose(found.map, raw / raw.max(), atol=1e-3)
    for part in found.contributions:
        assert part.share > 0
        heat = expected[part.member, part.emotion, part.answer]
        np.testing.assert_allclose(part.map, heat / raw.max(), atol=1e-3)
    np.testing.assert_allclose(sum(part.map for part in found.contributions), found.map, atol=1e-3)
    assert sum(part.share for part in found.contributions) == pytest.approx(1)
    shares = [part.share for part in found.contributions]
    assert shares == sorted(shares, reverse=True)


def test_individual_asks_the_emotions_own_model(chips: np.ndarray) -> None:
    yes = np.ones((1, 1))
    happy, sad = (
        raw_maps("individual", chips[:1], yes, METHODS["grad_cam"], 3, emotion=name)[0]
        for name in ("happy", "sad")
    )
    [alone] = explain("individual", chips[:1], "happy", depth=3)
    assert alone.peak == pytest.approx(happy.max(), rel=1e-4)
    np.testing.assert_allclose(alone.map, happy / happy.max(), atol=1e-4)
    [rather] = explain("individual", chips[:1], "happy", depth=3, contrast="sad")
    gap = np.maximum(happy - sad, 0)
    np.testing.assert_allclose(rather.map * rather.peak, gap, atol=1e-4)
    assert alone.contributions == ()


def test_contributions_to_a_flat_map_are_flat(
    chips: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fer_core.explain.ensembles.raw_maps", lambda *a, **k: 0 * chips[:1])
    [found] = explain("stacking", chips[:1], "happy")
    assert found.flat
    assert not any(part.map.any() for part in found.contributions)


def test_log_odds_are_the_yes_no_logits() -> None:
    """So a yes/no model's map of its logit is the map of its log-odds."""
    np.testing.assert_allclose(log_odds(sigmoid(ODDS)), ODDS, rtol=1e-6)
