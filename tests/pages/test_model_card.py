"""Model cards and training curves."""

from pathlib import Path

import pytest
from apptest import open_page, text_of

from fer_core.artifacts import summaries, training_log
from fer_core.artifacts.store import record_checksums
from fer_core.evaluation import near_copies
from fer_core.registry import MODELS
from fer_core.reports import recipe_table, usage_text
from pages.charts import training_curves

PAGE = "pages/model_card.py"
NETWORKS = [name for name, model in MODELS.items() if not model.members]


@pytest.mark.parametrize("name", MODELS)
def test_a_card_tells_how_the_model_was_made(name: str) -> None:
    model = MODELS[name]
    summary = summaries.load_summary(model)
    assert summary is not None
    app = open_page(PAGE, model=model.title)
    assert not app.exception
    assert not app.warning
    text = text_of(app)
    private = summary["splits"]["PrivateTest"]
    for fact in (
        f"{private['accuracy'] * 100:.1f}\u00a0%",
        f"{private['macro_f1'] * 100:.1f}\u00a0%",
        f"{near_copies.accuracy(name, 'PrivateTest').other.value * 100:.1f}\u00a0%",
        f"{summary['no_skill']['PrivateTest'] * 100:.1f}\u00a0%",
        summary["sha256"],
        summary["git_commit"],
        summary["date"],
        summary["device"],
        f"torch {summary['versions']['torch']}",
        "checksum of the file on disk matches",
        "MIT",
        "Do not use it to judge people",
        model.summary,
    ):
        assert fact in text, fact
    if model.members:
        assert "has no epochs" in text
        for member in model.members:
            assert f"{MODELS[member].title}. **" in text
        assert len(app.get("plotly_chart")) == 3
        logs = [each for each in app.get("download_button") if "the log" in each.label]
        assert len(logs) == len(model.members)
    else:
        assert f"{summary['minutes']:.0f} minutes" in text
        assert f"| {recipe_table.OPTIMIZERS[summary['recipe']['optimizer']]} |" in text
        assert ("of its training target" in text) == bool(summaries.teacher_name(model))
        assert ("not the one shown here" in text) == summaries.has_retrained_teacher(model)


@pytest.mark.parametrize("name", NETWORKS)
def test_curves_are_described(name: str) -> None:
    log = training_log.read(training_log.path(MODELS[name]))
    app = open_page(PAGE, model=MODELS[name].title)
    text = text_of(app)
    assert ("still improving" in text) == log.is_still_improving
    assert "no-skill baseline" in text
    assert len(app.get("plotly_chart")) == 3


@pytest.mark.parametrize(
    ("epochs", "starts", "sentence"),
    [
        (24, ((0, 48, 1), (0.17, 64, 1), (0.7, 0, 1), (0.97, 0, 0)), "a jump in epoch 5 or 17 is"),
        (36, ((0, 48, 1), (0.25, 0, 2)), "a jump in epoch 10 is"),
    ],
)
def test_a_change_of_size_is_described(
    epochs: int,
    starts: tuple[tuple[float, int, int], ...],
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = training_log.read(training_log.path(MODELS["keras_cnn"]))
    phases = [{"start": s, "size": size, "blocks": blocks} for s, size, blocks in starts]
    made = summaries.load_summary(MODELS["keras_cnn"])
    assert made is not None
    assert "jump" not in training_curves.summary_text(MODELS["keras_cnn"], log)
    phased = made | {"recipe": {"epochs": epochs, "phases": phases}}
    monkeypatch.setattr(summaries, "load_summary", lambda model: phased)
    text = training_curves.summary_text(MODELS["keras_cnn"], log)
    assert sentence in text
    assert ("fewer blocks" in text) == (len(starts) == 2)


def test_a_new_cycle_is_described() -> None:
    text = text_of(open_page(PAGE, model="EfficientNet-B5"))
    assert "In epoch 26 the learning rate was restarted, with larger images and more blocks" in text
    assert "evaluated at 96 pixels instead of 64" in text
    assert "a jump in" not in text


def test_other_networks_are_laid_over() -> None:
    app = open_page(PAGE, model="EfficientNet-B5")
    app.multiselect(key="with").select("multiclass").select("individual").run()
    assert not app.exception
    assert len(app.get("plotly_chart")) == 3
    assert "not their height" in text_of(app)
    app.selectbox(key="model").select("individual").run()
    assert not app.exception
    assert app.multiselect(key="with").value == ["multiclass"]


def test_a_missing_log_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_log, "path", lambda model: tmp_path / f"{model.name}.log.csv")
    app = open_page(PAGE, model="ResNet-101")
    assert not app.exception
    assert "resnet101.log.csv is missing" in text_of(app)
    assert "Recipe" in text_of(app)


def test_one_epoch_is_numbers_instead_of_a_curve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = training_log.path(MODELS["resnet101"]).read_text().splitlines()
    log = tmp_path / "resnet101.log.csv"
    log.write_text("\n".join(whole[:2]) + "\n")
    record_checksums(log)
    monkeypatch.setattr(training_log, "path", lambda _variant: log)
    app = open_page(PAGE, model="ResNet-101")
    assert not app.exception
    assert not app.get("plotly_chart")
    assert "no curve to draw" in text_of(app)
    assert app.metric[0].label == "Training loss"


@pytest.mark.usefixtures("untrained")
def test_without_results_the_page_says_what_to_do() -> None:
    app = open_page(PAGE)
    assert not app.exception
    assert "training.evaluate all" in text_of(app)


def test_odd_addresses_change_nothing() -> None:
    app = open_page(PAGE, model="nobody", **{"with": "nothing"})
    assert not app.exception
    assert app.selectbox(key="model").value in MODELS


def test_networks_keep_their_own_colours() -> None:
    assert len({training_curves.colour(name) for name in NETWORKS}) == len(NETWORKS)


@pytest.mark.parametrize("language", usage_text.LANGUAGES)
def test_a_program_is_shown_in_the_chosen_language(language: str) -> None:
    app = open_page(PAGE, model="Stacking", language=language)
    shown = [code.value for code in app.code]
    assert usage_text.export_command(MODELS["stacking"]) in shown
    others = set(usage_text.LANGUAGES) - {language}
    assert usage_text.onnx_code(language).strip() in [each.strip() for each in shown]
    assert not any(usage_text.onnx_code(other) in shown for other in others)
