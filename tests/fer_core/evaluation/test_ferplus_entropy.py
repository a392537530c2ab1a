"""The entropy of FER+'s votes, against SciPy."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from fer_core.errors import ResultsError
from fer_core.evaluation import ferplus_entropy
from fer_core.evaluation.evaluation_set import committed_set


def test_entropy_is_scipys() -> None:
    votes = np.array([[10, *[0] * 9], [5, 5, *[0] * 8], [1] * 10, [0, 3, 0, 2, 0, 0, 4, 0, 1, 0]])
    expected = stats.entropy(votes, base=2, axis=1)
    np.testing.assert_allclose(ferplus_entropy.entropy(votes), expected)
    assert np.isnan(ferplus_entropy.entropy(np.zeros((1, 10), int))).all()


def test_committed_entropies() -> None:
    entropies = ferplus_entropy.load_entropies()
    ids = committed_set("PrivateTest").any_predictions.ids.tolist()
    known = [entropies[face] for face in ids if face in entropies]
    assert len(known) in range(len(ids) - 5, len(ids) + 1)  # one or two faces have no vote
    assert min(known) == 0
    # Ten votes of which five or more agree cannot be as even as ten different answers.
    majority = committed_set("PrivateTest", by_crowd=True).any_predictions.ids.tolist()
    assert max(entropies[face] for face in majority) < max(known) < np.log2(10)


def test_damaged_entropies_are_named(copied_results: Path) -> None:
    (copied_results / "ferplus_entropy.npy").write_bytes(b"x")
    with pytest.raises(ResultsError, match=r"ferplus_entropy\.npy"):
        ferplus_entropy.load_entropies()
