"""The part of a report about one model: its mistakes, its emotions and its calibration."""

from fer_core.evaluation import baselines, calibration, classification, per_class
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.uncertainty import Interval
from fer_core.reports import calibration_text
from fer_core.reports.format import format_ends, percent
from fer_core.reports.set_report import charts
from fer_core.reports.set_report.elements import Element, Row, el, figure, table, value
from fer_core.reports.set_report.tables import NONE, baseline_text, where


def model_part(evaluation_set: EvaluationSet, name: str) -> Element:
    """A model's confusion matrix, reliability diagram and emotions; raises `ResultsError`."""
    title, faces = evaluation_set.title_of(name), where(evaluation_set)
    predictions = evaluation_set.predictions(name)
    measured = calibration.calibration_report(predictions).uncalibrated
    baseline = baselines.majority_accuracy_of(predictions.labels)
    matrix = charts.confusion(classification.matrix_of(predictions), title, faces)
    diagram = charts.reliability(measured.bins, baseline, title, faces)
    return el(
        "section",
        el("h3", title),
        el(
            "div",
            figure(
                matrix,
                f"Answers by label on {faces}: the share of the label's faces, and below it the "
                f"number of faces. {baseline_text(evaluation_set)}",
            ),
            figure(
                diagram,
                f"Accuracy by confidence on {faces}, with 95 % intervals; dotted: as confident as "
                "accurate. The area of a dot grows with its answers. Calibration error: "
                f"{calibration_text.with_chance(measured.error, measured.error_by_chance)}.",
            ),
            class_="pair",
        ),
        _emotions_table(evaluation_set, name),
        class_="model",
    )


def _emotions_table(evaluation_set: EvaluationSet, name: str) -> Element:
    rows: list[Row] = [
        [
            row.emotion,
            f"{row.faces:,}",
            f"{row.answers:,}",
            _share(row.recall, row.recall_interval),
            _share(row.precision, row.precision_interval) if row.answers else NONE,
            _share(row.f1, row.f1_interval),
            percent(row.baseline, 1),
        ]
        for row in per_class.rows(evaluation_set.predictions(name))
    ]
    return table(
        f"{evaluation_set.title_of(name)} by emotion on {where(evaluation_set)}, with 95 % "
        "intervals. No skill: what answers at random, each emotion as often as it occurs, score "
        "for recall, precision and F1.",
        ["Label", "Faces", "Answers", "Recall", "Precision", "F1", "No skill"],
        rows,
    )


def _share(share: float, interval: Interval | None) -> Element:
    return value(percent(share, 1), format_ends(interval) if interval else "")
