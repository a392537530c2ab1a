"""Charts of Label agreement: models against labels and crowd, and one face's ten votes."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from markupsafe import Markup

from fer_core.datasets.ferplus import ANSWERS
from fer_core.emotions import COLOURS
from fer_core.evaluation.ferplus_agreement import LabelAgreement, ModelAgreement
from fer_core.registry import MODELS
from fer_core.reports.format import percent
from fer_core.reports.palette import ACCENT
from pages.charts import theme
from pages.text.markup import tag

ROW_HEIGHT = 58  # pixels per model


def accuracy_chart(rows: Mapping[str, ModelAgreement], labels: LabelAgreement) -> go.Figure:
    """Each model's accuracy against FER2013's labels and against the crowd, joined by a line.

    With 95 % intervals and both no-skill baselines.
    """
    ink, figure = theme.ink(), go.Figure()
    models, positions = list(rows.values()), list(range(len(rows)))
    figure.add_scatter(
        x=[x for row in models for x in (row.label_accuracy, row.majority_accuracy, None)],
        y=[y for i in positions for y in (i, i, None)],
        mode="lines",
        line={"color": ACCENT, "width": 2},
        showlegend=False,
    )
    for reference, baseline, colour in (
        ("label", labels.label_baseline, ink),
        ("crowd", labels.majority_baseline, ACCENT),
    ):
        figure.add_scatter(
            name=f"baseline, {reference}: {percent(baseline, 1)}",
            x=[baseline] * len(models),
            y=positions,
            mode="markers",
            marker={
                "symbol": "line-ns",
                "size": 14,
                "opacity": 0.75,
                "line": {"width": 2, "color": colour},
            },
            legendrank=1100,
        )
    for name, accuracies, intervals, colour, symbol in (
        (
            "FER2013's label",
            [row.label_accuracy for row in models],
            [row.label_accuracy_interval for row in models],
            ink,
            "circle-open",
        ),
        (
            "the crowd's majority",
            [row.majority_accuracy for row in models],
            [row.majority_accuracy_interval for row in models],
            ACCENT,
            "circle",
        ),
    ):
        values, ends = np.array(accuracies), np.array(intervals)
        figure.add_scatter(
            name=name,
            x=values,
            y=positions,
            mode="markers",
            marker={"color": colour, "symbol": symbol, "size": 12, "line": {"width": 2.5}},
            error_x={
                "array": ends[:, 1] - values,
                "arrayminus": values - ends[:, 0],
                "symmetric": False,
                "color": colour,
                "thickness": 1.5,
                "width": 4,
            },
        )
    _note(figure, "label → <b>crowd</b>", 1, -0.85, "right")
    for i, (name, row) in enumerate(rows.items()):
        _note(figure, MODELS[name].title, 0, i - 0.42, "left")
        accuracies_text = (
            f"{100 * row.label_accuracy:.1f} → <b>{percent(row.majority_accuracy, 1)}</b>"
        )
        _note(figure, accuracies_text, 1, i - 0.42, "right")
    highest = max(row.majority_accuracy_interval.high for row in models)
    figure.update_xaxes(
        range=[0, min(1.0, highest + 0.03)],
        tickformat=".0%",
        tickvals=[0.2, 0.4, 0.6, 0.8],
        showgrid=True,
        fixedrange=True,
        tickfont={"size": 13, "color": ink},
        gridcolor=theme.GRID,
        zeroline=False,
    )
    figure.update_yaxes(range=[len(models) - 0.5, -1.1], visible=False, fixedrange=True)
    legend = {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"}
    figure.update_layout(
        height=ROW_HEIGHT * len(models) + 100,
        margin={"l": 0, "r": 4, "t": 30, "b": 24},
        legend=legend | {"font": {"size": 14, "color": ink}},
    )
    return figure


def vote_bars(votes: np.ndarray, predicted: int, label: int, probability: float) -> Markup:
    """HTML bars of the annotators' votes, with the model's answer and FER2013's label marked.

    Args:
        votes: (10,) votes for ANSWERS.
        predicted: Index into EMOTIONS of the model's answer.
        label: Index into EMOTIONS of FER2013's label.
        probability: Of the model's answer.
    """
    model = f"the model's answer ({percent(probability)})"
    cells = []
    for i in sorted(range(len(ANSWERS)), key=lambda i: (-int(votes[i]), i)):
        marks = [text for text, at in ((model, predicted), ("FER2013's label", label)) if at == i]
        if not votes[i] and not marks:
            continue
        colour = COLOURS.get(ANSWERS[i])
        style = f"--n:{int(votes[i])}" + (f";--colour:{colour}" if colour else "")
        cells += [
            tag("span", tag("b", ANSWERS[i]) if marks else ANSWERS[i]),
            tag("span", class_="bar" if colour else "bar other", style=style),
            tag("span", int(votes[i])),
        ]
        if marks:
            cells.append(tag("span", " and ".join(marks), class_="tag"))
    return tag("div", *cells, class_="votes")


def _note(figure: go.Figure, text: str, x: float, y: float, side: str) -> None:
    """Add text at the plot's left (x 0) or right (x 1) edge, in row y."""
    figure.add_annotation(
        text=text,
        x=x,
        xref="paper",
        y=y,
        xanchor=side,
        yanchor="middle",
        showarrow=False,
        font={"size": 14, "color": theme.ink()},
    )
