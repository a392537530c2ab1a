"""`training.robustness`: the sample, and that what is stored is not computed again."""

from pathlib import Path

import numpy as np
import pytest

from fer_core import pipeline
from fer_core.artifacts import private_test_ledger, summaries
from fer_core.corruptions.records import CORRUPTIONS
from fer_core.evaluation import robustness_results
from training import robustness
from training.engine.data import FerData
from training.robustness import CLEAN, Task

MODEL = "multiclass"


def faces(chips: np.ndarray) -> FerData:
    ids = np.array([f"PrivateTest_{i}" for i in range(len(chips))])
    return FerData(ids, np.arange(len(chips), dtype=np.uint8), chips)


@pytest.fixture
def task(chips: np.ndarray, tmp_path: Path, copied_results: Path) -> Task:
    checksum = summaries.weights_checksum(MODEL)
    assert checksum is not None
    return Task(faces(chips), {MODEL: checksum}, tmp_path)


def measure_all(task: Task, name: str) -> None:
    robustness.measure(task, CLEAN, 0)
    for severity in range(1, 6):
        robustness.measure(task, name, severity)


def test_the_sample_has_each_emotions_share_and_is_always_the_same() -> None:
    labels = np.repeat(np.arange(7), (140, 10, 150, 250, 170, 160, 120)).astype(np.uint8)
    ids = np.array([f"PrivateTest_{i}" for i in range(1000)])
    data = FerData(ids, labels, np.zeros((1000, 48, 48), np.uint8))
    drawn = robustness.sample(data, 100)
    assert np.bincount(drawn.labels).tolist() == [14, 1, 15, 25, 17, 16, 12]
    assert np.array_equal(drawn.ids, robustness.sample(data, 100).ids)
    assert len(robustness.sample(data, 333)) == 333


def test_the_results_are_the_answers_to_the_corrupted_chips(task: Task) -> None:
    before = len(private_test_ledger.read())
    measure_all(task, "noise")
    robustness_results.save(robustness.collect(task))
    results = robustness_results.load()
    assert list(results.corruptions) == ["noise"]
    noise = CORRUPTIONS["noise"]
    for severity, amount in enumerate((noise.none, *noise.severities)):
        corrupted = [noise.apply(c, amount, seed=i) for i, c in enumerate(task.faces.chips)]
        answers = [
            row[MODEL].probabilities
            for row in pipeline.classify_chips(np.stack(corrupted), [MODEL])
        ]
        table = np.array([list(row.values()) for row in answers]).astype(np.float16)
        right = table.argmax(axis=1) == task.faces.labels
        assert np.array_equal(results.correct_of(MODEL, "noise")[severity], right)
        confidence = results.confidence_of(MODEL, "noise")[severity]
        assert confidence == pytest.approx(table.max(axis=1).astype(float).mean(), abs=1e-6)
    [row] = private_test_ledger.read()[before:]
    assert (row.model, row.n) == (MODEL, len(task.faces))
    assert row.note.startswith("training.robustness")


def test_only_what_is_missing_or_changed_is_measured(
    task: Task, capsys: pytest.CaptureFixture[str]
) -> None:
    measure_all(task, "blur")
    capsys.readouterr()
    measure_all(task, "blur")
    assert capsys.readouterr().out == ""
    (task.folder / "blur-3.npz").unlink()
    measure_all(task, "blur")
    assert capsys.readouterr().out.split()[:2] == ["blur", "3"]
    other = Task(task.faces, {MODEL: "of other weights"}, task.folder)
    assert robustness.read(other, "blur", 1) is None
