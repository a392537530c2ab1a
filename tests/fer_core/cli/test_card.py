"""python -m fer_core card."""

from pathlib import Path

import pytest
from outdated import retrain

from fer_core.cli.app import main
from fer_core.registry import MODELS
from fer_core.reports import model_card

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize("name", MODELS)
def test_the_card_of_every_model_is_the_one_the_page_offers(name: str, capsys: Capture) -> None:
    assert main(["card", name]) == 0
    output = capsys.readouterr()
    assert output == (model_card.to_markdown(MODELS[name]), "")
    assert output.out.startswith(f"# {MODELS[name].title}\n")


def test_a_file_is_written_and_nothing_printed(tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "card.md"
    assert main(["card", "multiclass", "--out", str(out)]) == 0
    assert capsys.readouterr() == ("", "")
    assert out.read_text(encoding="utf-8") == model_card.to_markdown(MODELS["multiclass"])


def test_a_file_that_exists_is_kept_unless_forced(tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "card.md"
    out.write_text("mine")
    words = ["card", "multiclass", "--out", str(out)]
    assert main(words) == 2
    assert out.read_text() == "mine"
    assert f"{out} exists and would be overwritten" in capsys.readouterr().err
    assert main([*words, "--force"]) == 0
    assert out.read_text(encoding="utf-8") == model_card.to_markdown(MODELS["multiclass"])


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "nowhere/card.md"
    assert main(["card", "multiclass", "--out", str(out)]) == 1
    assert capsys.readouterr().err.startswith(f"error: {out} cannot be written: ")


def test_an_unknown_model_is_wrong_usage(capsys: Capture) -> None:
    with pytest.raises(SystemExit) as left:
        main(["card", "vgg"])
    assert left.value.code == 2
    assert "invalid choice: 'vgg'" in capsys.readouterr().err


@pytest.mark.usefixtures("no_artifacts")
def test_a_model_without_results_still_has_a_card(capsys: Capture) -> None:
    assert main(["card", "multiclass"]) == 0
    output = capsys.readouterr().out
    assert "has not been evaluated yet" in output
    assert MODELS["multiclass"].architecture in output


@pytest.mark.usefixtures("copied_weights")
def test_the_card_of_a_model_trained_anew_has_no_old_accuracy(capsys: Capture) -> None:
    retrain("multiclass")
    assert main(["card", "multiclass"]) == 0
    text = capsys.readouterr().out
    assert "multiclass was trained anew since it was evaluated" in text
    assert "PrivateTest it reaches" not in text
