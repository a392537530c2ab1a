"""Reading training logs and their properties."""

from pathlib import Path

import pytest

from fer_core.artifacts import summaries, training_log
from fer_core.artifacts.store import record_checksums
from fer_core.errors import ResultsError
from fer_core.registry import MODELS

HEAD = "epoch,learning_rate,training_loss,public_loss,public_score,seconds\n"
NETWORKS = [name for name, model in MODELS.items() if not model.members]


def write(folder: Path, *lines: str, head: str = HEAD) -> Path:
    file = folder / "x.log.csv"
    file.write_text(head + "".join(f"{line}\n" for line in lines))
    record_checksums(file)
    return file


@pytest.mark.parametrize("name", NETWORKS)
def test_committed_logs_fit_the_results(name: str) -> None:
    model = MODELS[name]
    log = training_log.read(training_log.path(model))
    summary = summaries.load_summary(model)
    assert summary is not None
    assert log.epoch[-1] == summary["epochs"]
    assert log.epoch[log.best_index] == summary["best_epoch"]
    assert log.public_score[log.best_index] == pytest.approx(summary["best_public_score"], abs=1e-5)
    assert log.seconds[-1] / 60 == pytest.approx(summary["minutes"], abs=0.5)


def test_columns_go_where_they_belong(tmp_path: Path) -> None:
    log = training_log.read(write(tmp_path, "1,0.1,2.0,1.5,0.3,10", "2,0.05,1.8,1.4,0.35,20.5"))
    assert len(log) == 2
    assert list(log.epoch) == [1, 2]
    assert list(log.learning_rate) == [0.1, 0.05]
    assert list(log.training_loss) == [2.0, 1.8]
    assert list(log.public_loss) == [1.5, 1.4]
    assert list(log.public_score) == [0.3, 0.35]
    assert list(log.seconds) == [10, 20.5]


@pytest.mark.parametrize(
    ("scores", "losses", "best", "improving"),
    [
        ((0.3, 0.4, 0.5), (2.0, 1.9, 1.8), 2, True),
        ((0.3, 0.4, 0.5), (2.0, 1.7, 1.8), 2, False),  # the loss rose again
        ((0.3, 0.5, 0.5), (2.0, 1.9, 1.8), 1, False),  # the first of equals is selected
        ((0.3, 0.5, 0.4), (2.0, 1.9, 1.8), 1, False),
        ((0.3,), (2.0,), 0, False),  # one epoch shows no direction
    ],
)
def test_still_improving(
    tmp_path: Path, scores: tuple[float], losses: tuple[float], best: int, improving: bool
) -> None:
    lines = [
        f"{i},0.1,2,{loss},{score},{i}"
        for i, (score, loss) in enumerate(zip(scores, losses, strict=True), 1)
    ]
    log = training_log.read(write(tmp_path, *lines))
    assert (log.best_index, log.is_still_improving) == (best, improving)
    assert not log.has_decayed_learning_rate


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("1,0.1,2,2,0.3",),
        ("1,0.1,2,two,0.3,5",),
        ("1,0.1,nan,2,0.3,5",),
        ("2,0.1,2,2,0.3,5", "1,0.1,2,2,0.3,9"),
        ("1,0.1,2,2,0.3,5", "1,0.1,2,2,0.3,9"),
    ],
)
def test_damage_raises(tmp_path: Path, lines: tuple[str, ...]) -> None:
    with pytest.raises(ResultsError, match="damaged"):
        training_log.read(write(tmp_path, *lines))


def test_other_columns_and_bytes_are_damage(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="damaged"):
        training_log.read(write(tmp_path, "1,2", head="epoch,loss\n"))
    file = tmp_path / "y.log.csv"
    file.write_bytes(b"\xff\xfe\x00")
    record_checksums(file)
    with pytest.raises(ResultsError, match="damaged"):
        training_log.read(file)


def test_a_changed_log_raises(tmp_path: Path) -> None:
    file = write(tmp_path, "1,0.1,2.0,1.5,0.3,10")
    training_log.read(file)
    file.write_text(file.read_text().replace("0.3", "0.7"))
    with pytest.raises(ResultsError, match="checksum"):
        training_log.read(file)


def test_a_missing_log_raises(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="missing"):
        training_log.read(tmp_path / "z.log.csv")
