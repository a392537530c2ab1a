"""Leaderboard."""

import json
import re
from pathlib import Path

import pytest
from apptest import open_page, text_of
from blind_model import forget_disgust
from planted_seeds import committed_run, plant_runs

from fer_core.artifacts import predictions, summaries, weights_file
from fer_core.artifacts.predictions import split_predictions
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import (
    calibration,
    ferplus_agreement,
    hidden_failures,
    leaderboard,
    near_copies,
    per_class,
    rankings,
)
from fer_core.evaluation.evaluation_set import committed_set
from fer_core.evaluation.scores import METRICS, Metric, compute_intervals
from fer_core.registry import MODELS
from fer_core.reports.format import percent
from pages.components import downloads
from pages.sections.leaderboard import charts, emotions

PAGE = "pages/leaderboard.py"


def test_the_verdict_starts_with_the_tie() -> None:
    app = open_page(PAGE)
    assert not app.exception
    answer = app.markdown[0].value
    tied, leader = answer.split("**ResNet-101** leads")
    assert tied.startswith("**Seven of nine models cannot be told apart** on PrivateTest")
    for name, model in MODELS.items():
        assert (model.title in tied) == (name not in ("keras_cnn", "ferplus"))
    assert leader.startswith(" with 72.6\u00a0% (71.1–74.0), ")
    worse = f"{MODELS['keras_cnn'].title} and {MODELS['ferplus'].title}"
    assert leader.endswith(f"Significantly worse: {worse}.")
    text = text_of(app)
    assert "PrivateTest is higher (+0.4 to +1.9 points)" in text
    assert "measured on another folder" in text
    assert "do not compare" in text
    assert "PublicTest, on which models may be selected" in text


@pytest.mark.parametrize("split", predictions.SPLITS)
def test_the_table_holds_every_model_and_the_baseline(split: str) -> None:
    app = open_page(PAGE, split=split)
    [table] = app.dataframe
    frame = table.value.set_index("Model")
    assert len(frame) == len(MODELS) + 1
    for model in MODELS.values():
        summary = summaries.load_summary(model)
        assert summary is not None
        row, scores = frame.loc[model.title], summary["splits"]
        expected = {
            "PrivateTest accuracy, %": scores["PrivateTest"]["accuracy"],
            "PublicTest accuracy, %": scores["PublicTest"]["accuracy"],
            f"{split} macro-F1, %": scores[split]["macro_f1"],
            f"{split} balanced accuracy, %": scores[split]["balanced_accuracy"],
        }
        if split == "PrivateTest":
            crowd = ferplus_agreement.load_agreement().models[split][model.name]
            expected |= {
                "No copy in Training, %": near_copies.accuracy(model.name, split).other.value,
                "FER+ agreement, %": crowd.majority_accuracy,
            }
        for column, share in expected.items():
            assert row[column] == pytest.approx(100 * share), column
        assert re.fullmatch(r"\d\d\.\d to \d\d\.\d", row["PrivateTest interval, %"])
        low, high = compute_intervals(split_predictions(model.name, split))["macro_f1"]
        assert row[f"{split} macro-F1 interval, %"] == f"{100 * low:.1f} to {100 * high:.1f}"
        assert row["Labels"] == "; ".join(summaries.label_sources(model))
        assert row["Parameters, million"] == pytest.approx(
            weights_file.parameter_count(model) / 1e6
        )
    redrawn = "First when redrawn, %"
    assert (redrawn in frame) == (split == "PrivateTest")  # no claim where models were chosen
    if redrawn in frame:
        assert frame[redrawn].sum() == pytest.approx(100)
    skill = frame.loc["Baseline: always “happy”"]
    assert skill[f"{split} balanced accuracy, %"] == pytest.approx(100 / 7)
    if split == "PrivateTest":
        people = ferplus_agreement.load_agreement().labels[split]
        assert skill["FER+ agreement, %"] == pytest.approx(100 * people.majority_baseline)
    assert f"**{split}**" in text_of(app)


def test_it_names_the_models_with_a_teacher() -> None:
    text = text_of(open_page(PAGE))
    students = [model for model in MODELS.values() if summaries.teacher_name(model)]
    for model in students:
        teacher = MODELS[summaries.teacher_name(model)].title
        [note] = [line for line in text.splitlines() if f"Taught by {teacher}**" in line]
        assert model.title in note.partition("distillation): ")[2]
    teachers = {summaries.teacher_name(model) for model in students}
    assert text.count("knowledge distillation") == len(teachers)


def test_two_models_are_compared_in_words() -> None:
    first, second = MODELS["keras_cnn"], MODELS["multiclass"]
    app = open_page(PAGE, a=first.title, b=second.title)
    assert app.selectbox(key="a").value == "keras_cnn"
    a, b = (split_predictions(v.name, "PrivateTest").correct for v in (first, second))
    text = text_of(app)
    assert f"**{first.title}** is correct on {(a & ~b).sum():,}" in text
    assert f"**{second.title}** on {(~a & b).sum():,}" in text
    assert f"<td>{(a & b).sum():,}</td>" in text
    assert f"<td>{(~a & ~b).sum():,}</td>" in text
    better = first if a.sum() > b.sum() else second
    assert f"{better.title} is better" in text
    assert "Bonferroni" in text


def test_on_public_test_two_models_are_not_tested() -> None:
    first, second = MODELS["resnet101"], MODELS["multiclass"]
    app = open_page(PAGE, a=first.title, b=second.title, split="PublicTest")
    assert not app.exception
    section = text_of(app).partition("Pairwise comparison")[2] or text_of(app)
    a, b = (split_predictions(v.name, "PublicTest").correct for v in (first, second))
    assert f"{100 * (a.mean() - b.mean()):+.1f} points" in section
    assert "No test on PublicTest: it chose the epochs" in section
    for claim in (
        "p = ",
        "p < ",
        "is better:",
        "could be chance.",
        "Bonferroni",
        "exact McNemar",
    ):
        assert claim not in [m.value for m in app.markdown][-1], claim
    assert not [h for h in app.subheader if "better" in h.value or "chance" in h.value]
    assert not [c for c in app.caption if "Bonferroni" in c.value or "p = " in c.value]


def test_a_model_is_not_compared_with_itself() -> None:
    app = open_page(PAGE, a="ResNet-101", b="ResNet-101")
    assert not app.exception
    assert "two different models" in text_of(app)


def test_odd_addresses_change_nothing() -> None:
    app = open_page(PAGE, a="<b>", b="", split="Training")
    assert not app.exception
    assert app.selectbox(key="a").value != app.selectbox(key="b").value


def test_a_lowest_rate_that_several_models_share_is_no_single_models() -> None:
    test_set = committed_set("PrivateTest")
    rows = {"multiclass": per_class.rows(test_set.predictions("multiclass"))}
    assert "The lowest of all: Multi-class CNN for **" in emotions.summary_text(
        rows, "recall", test_set
    )
    text = emotions.summary_text(rows | {"stacking": rows["multiclass"]}, "recall", test_set)
    lowest = min(row.recall for row in rows["multiclass"])
    assert f"**{percent(lowest)}**, is shared by two cells of the table." in text


@pytest.mark.parametrize("rate", ["recall", "precision", "f1"])
def test_each_models_lowest_rate_is_framed(rate: str) -> None:
    app = open_page(PAGE, rate=rate)
    [html] = [e.proto.body for e in app.get("html") if 'class="emotions"' in e.proto.body]
    rows = re.findall(r"<tr>(.*?)</tr>", html)[1 : 1 + len(MODELS)]
    for line in rows:
        cells = re.findall(r'<td style="--tint:([\d.]+)"( class="lowest")?><b>(\d+)</b>', line)
        values = [float(value) for value, *_ in cells]
        assert len(values) == len(EMOTIONS)
        assert [bool(frame) for _, frame, _ in cells] == [v == min(values) for v in values]
    test_set = committed_set("PrivateTest")
    rows_by_rank = (leaderboard.model_row(test_set, model) for model in MODELS.values())
    name = leaderboard.rank_rows(rows_by_rank)[0].name
    per_emotion = per_class.rows(split_predictions(name, "PrivateTest"))
    expected = [f"{100 * getattr(row, rate):.0f}" for row in per_emotion]
    assert re.findall(r"<b>(\d+)</b>", rows[0]) == expected
    assert set(re.findall(r'href="per_class\?model=(\w+)"', html)) == set(MODELS)


@pytest.mark.usefixtures("untrained")
def test_without_results_the_page_says_what_to_do() -> None:
    app = open_page(PAGE)
    assert not app.exception
    assert "training.evaluate all" in text_of(app)
    assert not app.dataframe


def test_one_damaged_file_costs_one_row(copied_results: Path) -> None:
    (copied_results / "stacking.npz").write_bytes(b"no archive")
    app = open_page(PAGE)
    assert not app.exception
    assert "stacking.npz is damaged" in text_of(app)
    assert len(app.dataframe[0].value) == len(MODELS)
    assert "Not in the table: Stacking (not evaluated yet)" in text_of(app)


def test_one_more_metric_is_one_more_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is computed for every model and the baseline, and is in the table and in the CSV."""
    surest = Metric(
        "Mean confidence", "How sure it is.", lambda given: float(given.probabilities.max(1).mean())
    )
    monkeypatch.setitem(METRICS, "confidence", surest)
    files = {}
    monkeypatch.setattr(
        downloads, "csv_button", lambda label, rows, name, key=None: files.update({name: rows})
    )
    app = open_page(PAGE)
    assert not app.exception
    shown = app.dataframe[0].value.set_index("Model")["PrivateTest mean confidence, %"]
    assert len(shown) == len(MODELS) + 1
    for model in MODELS.values():
        expected = split_predictions(model.name, "PrivateTest").probabilities.max(axis=1)
        assert shown[model.title] == pytest.approx(100 * expected.mean())
    for row in files["leaderboard-PrivateTest"]():
        assert 100 * row["confidence"] == pytest.approx(shown[row["title"]])


@pytest.mark.parametrize("split", predictions.SPLITS)
def test_the_calibration_error_is_a_verdict_that_cannot_rank(split: str) -> None:
    app = open_page(PAGE, split=split)
    frame = app.dataframe[0].value.set_index("Model")
    config = json.loads(app.dataframe[0].proto.columns)
    assert config[f"{split} calibration error, %"]["hidden"]
    for model in MODELS.values():
        given = split_predictions(model.name, split)
        error = calibration.expected_calibration_error(given.labels, given.probabilities)
        limit = calibration.error_by_chance(given.probabilities).high
        side = "within" if error <= limit else "above"
        assert (
            frame.loc[model.title, f"{split} calibration error, %, by chance"]
            == f"{side} chance ({100 * error:.1f}, limit {100 * limit:.1f})"
        )
    text = text_of(app)
    assert "so it does not rank models" in text
    folded = text.partition("The weights already contain a calibration: ")[2].partition("\n")[0]
    for model in MODELS.values():
        has = "temperature" in (summaries.load_summary(model) or {}) or model.yes_no
        assert (model.title in folded) == has


def test_the_verdict_names_what_accuracy_hides(copied_results: Path) -> None:
    forget_disgust(copied_results, "efficientnet_b5")
    [failure, *_] = hidden_failures.hidden_failures(committed_set("PrivateTest"), tuple(MODELS))
    title = MODELS[failure.name].title
    text = text_of(open_page(PAGE))
    assert f"**{title} matches in accuracy, but finds only" in text
    assert f"labelled {failure.emotion}" in text
    copied = near_copies.total_share("PrivateTest")
    assert f"{copied.hits} of these {copied.n:,} faces" in text


def test_the_models_can_be_ranked_by_another_metric() -> None:
    app = open_page(PAGE, metric="worst_recall")
    assert not app.exception
    first = rankings.ranking(committed_set("PrivateTest"), "worst_recall", tuple(MODELS))[0]
    assert f"**{MODELS[first.name].title}** leads with" in app.markdown[0].value
    figure = json.loads(app.get("plotly_chart")[0].proto.spec)
    assert figure["layout"]["yaxis"]["ticktext"][0].startswith(MODELS[first.name].short_title)


@pytest.mark.parametrize("metric", rankings.RANKINGS)
def test_the_chart_is_enlarged_only_where_the_models_are_close(metric: str) -> None:
    places = rankings.ranking(committed_set("PrivateTest"), metric, tuple(MODELS))
    figure = charts.chart(charts.Ranking(metric, places, 0.1, {}, MODELS))
    spread = max(p.interval.high for p in places) - min(p.interval.low for p in places)
    assert ("xaxis2" in figure.layout) == (spread <= charts.MAX_ZOOMED)
    whiskers = [trace for trace in figure.data if trace.error_x.array is not None]
    drawn = {trace.xaxis for trace in whiskers}
    assert drawn == {"x2" if spread <= charts.MAX_ZOOMED else "x"}
    assert sum(len(trace.x) for trace in whiskers) == len(places)


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [("macro_f1", "macro_f1"), ("Macro-F1", "macro_f1"), ("<b>", "accuracy"), ("", "accuracy")],
)
def test_the_address_holds_the_metrics_id(asked: str, chosen: str) -> None:
    app = open_page(PAGE, metric=asked)
    assert not app.exception
    assert app.session_state["metric"] == chosen
    assert app.query_params.get("metric", "accuracy") == chosen


def test_the_spread_of_training_runs_stands_beside_the_intervals(copied_results: Path) -> None:
    plant_runs("multiclass", -0.05)
    app = open_page(PAGE, a=MODELS["keras_cnn"].title, b=MODELS["multiclass"].title)
    score = 100 * committed_run("multiclass").public_score
    runs = f"Multi-class CNN had an accuracy of {score - 5:.1f} to {score:.1f}\u00a0% on PublicTest"
    [notes] = [m.value for m in app.markdown if "**Training runs**" in m.value]
    assert runs in notes
    assert "Of the other models, only one training run is known" in notes
    [pair] = [caption.value for caption in app.caption if "not their recipes" in caption.value]
    assert runs in pair
    assert f"Of {MODELS['keras_cnn'].title}, only one training run is known" in pair
