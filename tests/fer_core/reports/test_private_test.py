"""What is said about PrivateTest follows from the ledger."""

from pathlib import Path

import pytest

from fer_core.artifacts import private_test_ledger, summaries
from fer_core.registry import MODELS
from fer_core.reports import model_card, private_test

FILE = "private_test_ledger.csv"


def test_the_counts_are_those_of_the_ledger() -> None:
    scorings = private_test_ledger.read()
    files = {row.sha256 for row in scorings}
    assert f" {len(files)} sets of weights and ensemble fits" in private_test.usage()
    assert f" in {len(scorings)} scorings" in private_test.usage()
    assert f"| all | {len(files)} |" in private_test.counts_table()


@pytest.mark.parametrize("name", MODELS)
def test_the_card_counts_the_scorings_of_these_and_of_earlier_weights(name: str) -> None:
    model = MODELS[name]
    sha256 = (summaries.load_summary(model) or {})["sha256"]
    earlier = {
        row.sha256
        for row in private_test_ledger.read()
        if row.model == name and row.sha256 != sha256
    }
    sentence = private_test.model_usage(model)
    assert (f"; {len(earlier)} earlier " in sentence) == bool(earlier)
    assert ("targets on it decided when to stop improving" in sentence) == bool(earlier)
    assert sentence in model_card.data_and_splits(model)


def test_one_more_scoring_changes_the_sentence(copied_results: Path) -> None:
    model = MODELS["multiclass"]
    assert "scored on it twice, and once with ten crops;" in private_test.model_usage(model)
    private_test_ledger.record(model, 3589, 0.7, "again")
    private_test_ledger.record(model, 3589, 0.7, "again", views=10)
    assert "scored on it 3 times, and twice with ten crops;" in private_test.model_usage(model)
    private_test_ledger.record(model, 3589, 0.7, "again")
    assert "scored on it 4 times, and" in private_test.model_usage(model)


def test_without_a_ledger_the_reason_is_given(copied_results: Path) -> None:
    (copied_results / FILE).write_text("")
    assert f"unknown: {FILE} is damaged" in private_test.usage()
    assert f"{FILE} is damaged" in model_card.data_and_splits(MODELS["multiclass"])
