"""How the crowd's eye is drawn: models against labels and crowd, and ten people's votes."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from markupsafe import Markup

from fer_core.datasets.ferplus import ANSWERS
from fer_core.emotions import COLOURS
from fer_core.evaluation.ferplus_agreement import LabelAgreement, ModelAgreement
from fer_core.registry import MODELS
from fer_core.reports.format import percent, format_points_interval, format_interval
from fer_core.reports.palette import ACCENT
from pages.charts import theme
from pages.text.markup import tag

ROW_HEIGHT = 58  # pixels a model
#: How `table` is printed.
COLUMN_CONFIG = {
    name: st.column_config.NumberColumn(format=form)
    for form, names in {
        "%.1f": ("Own label", "Crowd", "Difference", "Votes for its answer"),
        "%.2f": ("κ own label", "κ crowd"),
    }.items()
    for name in names
}


def accuracy_chart(rows: Mapping[str, ModelAgreement], labels: LabelAgreement) -> go.Figure:
    """For each variant its accuracy against FER2013's labels and against the crowd, joined by a
    line, with 95 % intervals, and what no skill gets."""
    ink, figure = theme.ink(), go.Figure()
    seen, places = list(rows.values()), list(range(len(rows)))
    figure.add_scatter(
        x=[x for row in seen for x in (row.label_accuracy, row.majority_accuracy, None)],
        y=[y for i in places for y in (i, i, None)],
        mode="lines",
        line={"color": ACCENT, "width": 2},
        showlegend=False,
    )
    for what, skill, colour in (
        ("label", labels.label_baseline, ink),
        ("crowd", labels.majority_baseline, ACCENT),
    ):
        figure.add_scatter(
            name=f"no skill, {what}: {percent(skill, 1)}",
            x=[skill] * len(seen),
            y=places,
            mode="markers",
            marker={
                "symbol": "line-ns",
                "size": 14,
                "opacity": 0.75,
                "line": {"width": 2, "color": colour},
            },
            legendrank=1100,
        )
    for name, key, colour, symbol in (
        ("FER2013's own label", "own", ink, "circle-open"),
        ("the crowd's majority", "crowd", ACCENT, "circle"),
    ):
        values = np.array([getattr(row, key) for row in seen])
        ends = np.array([getattr(row, f"{key}_interval") for row in seen])
        figure.add_scatter(
            name=name,
            x=values,
            y=places,
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
        both = f"{100 * row.label_accuracy:.1f} → <b>{percent(row.majority_accuracy, 1)}</b>"
        _note(figure, both, 1, i - 0.42, "right")
    furthest = max(row.majority_accuracy_interval.high for row in seen)
    figure.update_xaxes(
        range=[0, min(1.0, furthest + 0.03)],
        tickformat=".0%",
        tickvals=[0.2, 0.4, 0.6, 0.8],
        showgrid=True,
        fixedrange=True,
        tickfont={"size": 13, "color": ink},
        gridcolor=theme.GRID,
        zeroline=False,
    )
    figure.update_yaxes(range=[len(seen) - 0.5, -1.1], visible=False, fixedrange=True)
    legend = {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"}
    figure.update_layout(
        height=ROW_HEIGHT * len(seen) + 100,
        margin={"l": 0, "r": 4, "t": 30, "b": 24},
        legend=legend | {"font": {"size": 14, "color": ink}},
    )
    return figure


def accuracy_table(rows: Mapping[str, ModelAgreement]) -> pd.DataFrame:
    """The chart's numbers and more, in percent but for kappa."""
    return pd.DataFrame(
        {
            "Model": MODELS[name].title,
            "Own label": 100 * row.label_accuracy,
            "own, 95 %": format_interval(row.label_accuracy_interval, unit=False),
            "Crowd": 100 * row.majority_accuracy,
            "crowd, 95 %": format_interval(row.majority_accuracy_interval, unit=False),
            "Difference": 100 * row.difference,
            "difference, 95 %": format_points_interval(row.difference_interval),
            "κ own label": row.label_kappa,
            "κ crowd": row.majority_kappa,
            "Votes for its answer": 100 * row.vote_share,
            "votes, 95 %": format_interval(row.vote_share_interval, unit=False),
        }
        for name, row in rows.items()
    )


def vote_bars(cast: np.ndarray, said: int, label: int, sure: float) -> Markup:
    """HTML: ten people's votes (10,) as bars, with the answer that the model gave, `said`, with the
    probability `sure`, and the one that FER2013 gives, `label`; both indices into EMOTIONS."""
    model = f"the model ({percent(sure)})"
    cells = []
    for i in sorted(range(len(ANSWERS)), key=lambda i: (-int(cast[i]), i)):
        who = [name for name, at in ((model, said), ("FER2013", label)) if at == i]
        if not cast[i] and not who:
            continue
        colour = COLOURS.get(ANSWERS[i])
        style = f"--n:{int(cast[i])}" + (f";--colour:{colour}" if colour else "")
        cells += [
            tag("span", tag("b", ANSWERS[i]) if who else ANSWERS[i]),
            tag("span", class_="bar" if colour else "bar other", style=style),
            tag("span", int(cast[i])),
        ]
        if who:
            cells.append(tag("span", f"said by {' and '.join(who)}", class_="tag"))
    return tag("div", *cells, class_="votes")


def _note(figure: go.Figure, text: str, x: float, y: float, side: str) -> None:
    """Text beside the plot's left (x 0) or right (x 1) edge, in row y."""
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
