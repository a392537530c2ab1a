"""The table of training runs with several seeds."""

from pathlib import Path

import pytest

from fer_core.artifacts import seed_runs, store
from fer_core.artifacts.seed_runs import SeedRun
from fer_core.errors import ResultsError
from fer_core.registry import MODELS

RUN = SeedRun("keras_cnn", 3, 22, 0.64321, 92.1, "one, with a comma", "2026-12-01", "")


def test_the_committed_runs_are_all_different_and_of_models() -> None:
    runs = seed_runs.read()
    assert runs
    assert len({run.key for run in runs}) == len(runs)
    assert {run.model for run in runs} <= set(MODELS)


def test_what_is_written_is_read_again_and_verified(copied_results: Path) -> None:
    seed_runs.write([RUN])
    assert seed_runs.read() == (RUN,)
    file = copied_results / "seeds.csv"
    assert store.read_checksums(copied_results)[file.name] == store.sha256(file)


@pytest.mark.parametrize("value", ["", "64.3", "nan", "much"])
def test_a_score_that_is_no_share_is_damage(value: str, copied_results: Path) -> None:
    seed_runs.write([RUN])
    file = copied_results / "seeds.csv"
    content = file.read_text().replace(str(RUN.public_score), value)
    store.write_files({file: content.encode()})
    with pytest.raises(ResultsError, match=r"seeds\.csv is damaged"):
        seed_runs.read()
