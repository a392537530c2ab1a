"""The label audit against independent NumPy code on the committed files."""

import numpy as np
import pytest
from committed_file import committed

from fer_core.artifacts import summaries
from fer_core.artifacts.predictions import Predictions
from fer_core.artifacts.store import artifacts
from fer_core.evaluation import label_audit
from fer_core.evaluation.evaluation_set import committed_set
from fer_core.evaluation.label_audit import LabelAudit, rank
from fer_core.registry import MODELS

K = 100


def recount(names: tuple[str, ...]) -> tuple[int, float, int, float]:
    """Hits among the first hundred and their base rate, on all and on clear PrivateTest faces."""
    files = [committed(MODELS[name], "PrivateTest") for name in names]
    ids, labels = files[0]["ids"], files[0]["labels"].astype(int)
    mean = sum(file["probabilities"].astype(float) for file in files) / len(files)
    with np.load(artifacts().results / "ferplus_majorities.npz") as saved:
        crowd = dict(zip(saved["ids"], saved["majorities"], strict=True))
    majority = np.array([crowd.get(face, -1) for face in ids])
    wrong = (majority != -1) & (majority != labels)
    most_suspicious = np.argsort(mean[np.arange(len(ids)), labels])
    clear = most_suspicious[majority[most_suspicious] != -1]
    return (
        int(wrong[most_suspicious[:K]].sum()),
        float(wrong.mean()),
        int(wrong[clear[:K]].sum()),
        float(wrong[clear].mean()),
    )


def audited(*names: str) -> tuple[int, float, int, float]:
    ranking = label_audit.audit(committed_set("PrivateTest"), names)
    everything = label_audit.hit_rate(ranking, K)
    clear = label_audit.hit_rate(ranking.clear(), K)
    return everything.hits, everything.chance, clear.hits, clear.chance


def test_hit_rate_of_one_model() -> None:
    found = audited("multiclass")
    assert found == pytest.approx(recount(("multiclass",)))
    # Independently measured, too, before this library had an audit.
    hits, chance, clear_hits, clear_chance = found
    assert (hits, round(100 * chance)) == (67, 28)
    assert (clear_hits, round(100 * clear_chance)) == (85, 32)


def test_hit_rate_of_the_mean_of_the_networks() -> None:
    models = label_audit.averaged_models(committed_set("PrivateTest"))
    names = tuple(model.name for model in models)
    assert names == tuple(
        name
        for name, model in MODELS.items()
        if not model.members and not summaries.trained_by_votes(model)
    )
    assert len(names) == 5
    found = audited(*names)
    assert found == pytest.approx(recount(names))
    alone = audited("multiclass")
    assert found[0] > alone[0]  # several know better than one
    assert found[2] > alone[2]


def test_a_planted_wrong_label_comes_first() -> None:
    ranking = _planted()
    assert ranking.ids[0] == "1"
    assert ranking.suspicion[0] == pytest.approx(0.98)
    assert ranking.rows.tolist()[0] == 1
    assert (np.diff(ranking.suspicion) <= 0).all()


def test_pairs_count_what_models_and_crowd_say() -> None:
    [first, *others] = label_audit.pairs(_planted(), 3)
    assert first == (0, 3, 2, 2, 1)  # angry, which the models call happy, twice; once so the crowd
    assert others == []  # the third face is called what it is labelled


def test_the_curve_ends_with_the_base_rate() -> None:
    ranking = label_audit.audit(committed_set("PrivateTest"), ("keras_cnn",))
    curve = label_audit.hit_curve(ranking, len(ranking))
    assert [rate.n for rate in curve[:2]] == [label_audit.MIN_FACES, label_audit.MIN_FACES + 1]
    assert curve[K - label_audit.MIN_FACES] == label_audit.hit_rate(ranking, K)
    assert curve[-1].n == len(ranking)
    assert curve[-1].value == pytest.approx(curve[-1].chance)
    assert curve[0].hits + curve[0].confirmed + curve[0].unclear == curve[0].n


def test_the_crowd_does_not_judge_its_own_labels() -> None:
    ranking = label_audit.audit(committed_set("PrivateTest", by_crowd=True), ("multiclass",))
    assert ranking.majorities is None
    with pytest.raises(ValueError, match="no crowd"):
        label_audit.hit_rate(ranking, K)


def test_models_of_different_faces_are_refused() -> None:
    answers = np.full((2, 7), 1 / 7)
    first, second = (
        Predictions(np.array(i), np.zeros(2, int), answers) for i in (["a", "b"], ["b", "a"])
    )
    with pytest.raises(ValueError, match="same images"):
        rank([first, second])


def _planted() -> LabelAudit:
    """Five angry faces; the models call the second and the fourth happy."""
    probabilities = np.full((5, 7), 0.02)
    probabilities[:, 0] = [0.88, 0.02, 0.8, 0.1, 0.7]
    probabilities[:, 3] += 0.88 - probabilities[:, 0]
    answers = Predictions(np.array(list("01234")), np.zeros(5, int), probabilities)
    return rank([answers], np.array([0, 3, -1, 5, 0]))
